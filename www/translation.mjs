// From the finished binary to JavaScript, for televisions that have no WebAssembly: webOS 4 and Tizen 4.
import { writeFileSync } from 'node:fs'
import { OLDEST_ENGINE, binaryen, fail } from './tools.mjs'

// Writes a script: one function, from the imports to the exports, as `WebAssembly.instantiate` would have it.
export async function translate(binary, out, { transform }) {
  const module = binaryen('wasm2js', [binary, '-mvp', '-Oz'], { reads: true })
  const { code } = await transform(asFunction(withPlainData(module)), { minify: true, charset: 'utf8', target: OLDEST_ENGINE })
  writeFileSync(out, code)
}

// wasm2js writes data in base64, which compresses badly; here each character of a text is a byte.
function withPlainData(module) {
  const decoder = /^ *var base64ReverseLookup[^]*?^ *function (base64Decode\w+)[^]*?(?=^function )/m
  const [, name] = module.match(decoder) ?? fail('www/translation.mjs: wasm2js writes its data in a way that is not known here')
  const plain = `function ${name}(bytes, offset, text) { for (var i = 0; i < text.length; i++) bytes[offset + i] = text.charCodeAt(i); }\n`
  const literal = new RegExp(`(${name}\\(\\w+, \\d+, )"([^"]*)"`, 'g')
  const text = (base64) => JSON.stringify(Buffer.from(base64, 'base64').toString('latin1'))
  return module.replace(decoder, () => plain).replace(literal, (_, call, base64) => call + text(base64))
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
