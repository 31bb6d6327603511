// How large the page is on its way to a television: as built, and compressed with brotli 11.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { DIST, ROOT } from './tools.mjs'

// What one television loads, by the way it goes.
export const LOADS = {
  'with WebAssembly': ['app.wasm', 'app.js'],
  translated: ['app.translated.js', 'app.js'],
  'first paint': ['index.html', 'style.css', 'loader.js'],
  // Of all languages the one with the most.
  'words': ['texts.ar.js'],
}

// What an app loads of the npm package.
export const PACKAGE_LOADS = {
  headless: ['headless.wasm', 'headless.js'],
  session: ['session.wasm', 'session.js'],
  screen: ['screen.wasm', 'screen.js', 'element.js'],
  // As classic scripts, in engines without WebAssembly.
  'headless, translated': ['headless.translated.js', 'headless.classic.js'],
  'session, translated': ['session.translated.js', 'session.classic.js'],
  'screen, translated': ['screen.translated.js', 'screen.classic.js'],
  'element, classic': ['element.classic.js'],
}

// As a web server sends it that has compressed it once and for all.
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

// The sizes of files together.
export function sizesOf(names, folder = DIST) {
  const files = names.map((name) => readFileSync(join(folder, name)))
  return files.map((bytes) => [bytes.length, brotli(bytes)]).reduce(([a, b], [c, d]) => [a + c, b + d])
}

export function printSizes(folder, loads) {
  const row = (name, raw, small) => `${name.padEnd(20)}${String(raw).padStart(10)}${String(small).padStart(10)}`
  const files = [...new Set(Object.values(loads).flat())].map((name) => row(name, ...sizesOf([name], folder)))
  const together = Object.entries(loads).map(([name, names]) => row(name, ...sizesOf(names, folder)))
  console.log([row(relative(ROOT, folder), 'raw', 'brotli'), ...files, '', ...together].join('\n'))
}
