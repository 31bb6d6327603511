// From the finished binary to JavaScript, for televisions that have no WebAssembly: webOS 4 and Tizen 4.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DIST, OLDEST_ENGINE, binaryen, fail } from './tools.mjs'

// Writes `app.translated.js`: one function, from the imports to the exports, as `WebAssembly.instantiate` would have it.
export async function translate(binary, { transform }) {
  const module = binaryen('wasm2js', [binary, '-mvp', '-Oz'], { reads: true })
  const { code } = await transform(asFunction(module), { minify: true, target: OLDEST_ENGINE })
  writeFileSync(join(DIST, 'app.translated.js'), code)
}

// wasm2js writes a module that imports, runs at once and exports; a classic script can do none of that.
function asFunction(module) {
  const start = module.search(/^var retasmFunc = /m)
  const imports = /^import \* as \w+ from '\w+';\n/gm
  if (start < 0 || !imports.test(module)) fail('www/translation.mjs: wasm2js writes its module in a way that is not known here')
  const functions = module.slice(0, start).replace(imports, '')
  // A trap looks like one of WebAssembly, so that the loader sees it for what it is.
  const trap = "function wasm2js_trap() { var error = new Error('unreachable'); error.name = 'RuntimeError'; throw error; }"
  const trapping = functions.replace(/^function wasm2js_trap\(\).*$/m, trap)
  return `window.deviceLoginTranslation = (function () { ${trapping}\nreturn asmFunc; })()`
}
