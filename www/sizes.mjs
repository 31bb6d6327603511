// How large the page is on its way to a television.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DIST, brotli } from './tools.mjs'

// What one television loads, by the way it goes.
const LOADS = {
  'with WebAssembly': ['app.wasm', 'app.js'],
  translated: ['app.translated.js', 'app.js'],
  'first paint': ['index.html', 'style.css', 'loader.js'],
}

export function printSizes() {
  const sizes = new Map()
  for (const name of Object.values(LOADS).flat()) {
    const bytes = readFileSync(join(DIST, name))
    sizes.set(name, [bytes.length, brotli(bytes)])
  }
  const row = (name, raw, small) => `${name.padEnd(20)}${String(raw).padStart(10)}${String(small).padStart(10)}`
  const sum = (names) => names.map((name) => sizes.get(name)).reduce(([a, b], [c, d]) => [a + c, b + d])
  const files = [...sizes].map(([name, size]) => row(name, ...size))
  const loads = Object.entries(LOADS).map(([name, names]) => row(name, ...sum(names)))
  console.log([row('www/dist', 'raw', 'brotli'), ...files, '', ...loads].join('\n'))
}
