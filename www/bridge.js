// What the loader calls, and wasm-bindgen's glue behind it. `binding.mjs` says what `glue` and `imports` are.
import { bind, start } from 'glue'
import { imports } from 'imports'

// Gives the compiled page what it calls in the browser, and yields the function that draws the page.
// `instantiate` is WebAssembly's, or that of the translation: the glue does not know which.
window.deviceLoginPage = (instantiate) => instantiate(imports).then((exports) => {
  bind(exports)
  return start
})
