export default {
  // Relative, for apps on `file:`.
  base: './',
  // While you develop, the package is left as it is: it finds its WebAssembly beside itself.
  optimizeDeps: { exclude: ['device-login'] },
}
