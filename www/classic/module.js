// As `headless/module.js`, for classic scripts: where WebAssembly is not to be had, its translation to JavaScript is, which
// takes the same imports and has the same exports.
import { imports } from 'imports'
import { loadBytes, loadScript } from 'script'
import { instantiate } from '../headless/module.js'

// The magic number and the version, and nothing else.
const knowsWebAssembly = () => typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))

const translated = (name) => loadScript(`${name}.translated.js`).then(() => window.deviceLoginTranslation(imports))

const compiled = (source, name) => (source === undefined ? loadBytes(`${name}.wasm`) : Promise.resolve(source)).then(instantiate)

let loading

// `usual` yields the name of the binary and of its translation. The latter is also for pages whose policy lets no
// WebAssembly through, and for `file:`, where many engines read no bytes.
export const load = (source, usual, bind) => {
  const name = usual()
  loading = loading || (knowsWebAssembly() ? compiled(source, name).catch(() => translated(name)) : translated(name)).then(bind)
  loading.catch(() => (loading = undefined))
  return loading
}
