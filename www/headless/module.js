// The WebAssembly: where it is, and once for all.
import { imports } from 'imports'

// The module is compiled once, whoever comes first; a failure is forgotten, so that the next start tries again.
let loading

// `usual` yields what is at the module's usual place, as `WebAssembly.instantiate` takes it, and `bind` takes its exports.
export const load = (source, usual, bind) => {
  loading = loading || Promise.resolve(source === undefined ? usual() : source).then(instantiate).then(bind)
  loading.catch(() => (loading = undefined))
  return loading
}

export function instantiate(source) {
  if (typeof source === 'string' || source instanceof URL) return fetch(source).then(instantiate)
  if (source.arrayBuffer) {
    if (source.ok === false) throw Error(`${source.url} answers with status ${source.status}`)
    // Not `instantiateStreaming`: not every server knows the media type of WebAssembly.
    return source.arrayBuffer().then(instantiate)
  }
  return WebAssembly.instantiate(source, imports).then((made) => (made.instance || made).exports)
}
