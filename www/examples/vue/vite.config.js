import vue from '@vitejs/plugin-vue'

export default {
  // Relative, for apps on `file:`.
  base: './',
  plugins: [vue()],
  // While you develop, the package is left as it is: it finds its WebAssembly beside itself.
  optimizeDeps: { exclude: ['device-login'] },
}
