// How large the page is on its way to a television: as built, and compressed with brotli 11.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { DIST } from './tools.mjs'

// What one television loads, by the way it goes.
export const LOADS = {
  'with WebAssembly': ['app.wasm', 'app.js'],
  translated: ['app.translated.js', 'app.js'],
  'first paint': ['index.html', 'style.css', 'loader.js'],
  // Of all languages the one with the most.
  'words': ['texts.ar.js'],
}

// As a web server sends it that has compressed it once and for all.
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

// The sizes of files together.
export function sizesOf(names) {
  const files = names.map((name) => readFileSync(join(DIST, name)))
  return files.map((bytes) => [bytes.length, brotli(bytes)]).reduce(([a, b], [c, d]) => [a + c, b + d])
}

export function printSizes() {
  const row = (name, raw, small) => `${name.padEnd(20)}${String(raw).padStart(10)}${String(small).padStart(10)}`
  const files = [...new Set(Object.values(LOADS).flat())].map((name) => row(name, ...sizesOf([name])))
  const loads = Object.entries(LOADS).map(([name, names]) => row(name, ...sizesOf(names)))
  console.log([row('www/dist', 'raw', 'brotli'), ...files, '', ...loads].join('\n'))
}
