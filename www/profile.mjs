// Writes `SIZE.md`: what the built page and the npm package weigh, and which crate each byte of their binaries comes from.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DIST, PACKAGE, PAGE, TARGET, WWW, fail } from './tools.mjs'
import { LOADS, PACKAGE_LOADS, sizesOf } from './sizes.mjs'

// What a crate needs to have, in bytes, for a row of its own.
const LEAST = 1000

// The sections of WebAssembly's binary format (section 5.5 of its specification) that matter here.
const [CUSTOM, IMPORTS, CODE, DATA] = [0, 2, 10, 11]

// Reads a module front to back.
class Reader {
  constructor(bytes) {
    this.bytes = bytes
    this.at = 0
  }
  byte() {
    return this.bytes[this.at++]
  }
  // LEB128, section 5.2.2.
  number() {
    let [value, weight, byte] = [0, 1, 0]
    do {
      byte = this.byte()
      value += (byte & 0x7f) * weight
      weight *= 128
    } while (byte & 0x80)
    return value
  }
  text() {
    const length = this.number()
    this.at += length
    return this.bytes.toString('utf8', this.at - length, this.at)
  }
  // Calls `read` as often as the number that comes next says.
  each(read) {
    for (let count = this.number(); count > 0; count--) read()
  }
}

// The sizes of a module's functions by their names, and of its data and the rest.
function measure(bytes) {
  const reader = new Reader(bytes)
  const [sizes, names] = [[], new Map()]
  let [imported, data] = [0, 0]
  const sections = {
    [IMPORTS]: () => reader.each(() => {
      reader.text()
      reader.text()
      if (reader.byte() !== 0) fail('www/profile.mjs: something else than a function is imported')
      reader.number()
      imported++
    }),
    [CODE]: () => reader.each(() => {
      const size = reader.number()
      sizes.push(size)
      reader.at += size
    }),
    [DATA]: (end) => (data = end - reader.at),
    [CUSTOM]: (end) => {
      if (reader.text() !== 'name') return
      while (reader.at < end) {
        const [kind, length] = [reader.byte(), reader.number()]
        const next = reader.at + length
        // Of modules, functions and locals, the functions.
        if (kind === 1) reader.each(() => names.set(reader.number(), reader.text()))
        reader.at = next
      }
    },
  }
  reader.at = 8
  while (reader.at < bytes.length) {
    const [section, length] = [reader.byte(), reader.number()]
    const end = reader.at + length
    sections[section]?.(end)
    reader.at = end
  }
  const functions = sizes.map((size, index) => ({ size, name: names.get(imported + index) ?? '' }))
  return { functions, data }
}

// The crate of a function: the first one in its name. Generic code counts for the crate that defines it.
function crateOf(name) {
  const plain = name.replaceAll(/\\([0-9a-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)))
  return plain.match(/\b[a-z_][a-z0-9_]*(?=::|\[[0-9a-f]{16}\])/)?.[0] ?? 'start, memory and what has no name'
}

// The table of a binary by crate.
function crates(path) {
  const { functions, data } = measure(readFileSync(path))
  const crates = new Map([['data: texts, tables', data]])
  for (const { name, size } of functions) crates.set(crateOf(name), (crates.get(crateOf(name)) ?? 0) + size)
  const total = [...crates.values()].reduce((sum, size) => sum + size)
  const small = [...crates].filter(([, size]) => size < LEAST)
  const rows = [...crates].filter(([, size]) => size >= LEAST).sort(([, one], [, other]) => other - one)
  rows.push([`${small.length} others`, small.reduce((sum, [, size]) => sum + size, 0)])
  return table(['crate', 'bytes', 'share'], rows.map(([name, size]) => [name, number(size), `${((size * 100) / total).toFixed(1)} %`]))
}

const number = (value) => value.toLocaleString('en')
const table = (head, rows) => [`| ${head.join(' | ')} |`, `| --- |${' ---: |'.repeat(head.length - 1)}`, ...rows.map((row) => `| ${row.join(' | ')} |`)]
const weights = (loads, folder) =>
  table(['', 'files', 'as built', 'brotli'], Object.entries(loads).map(([name, files]) => [name, files.map((file) => `\`${file}\``).join(', '), ...sizesOf(files, folder).map(number)]))
const text = [
  '# What the page and the package weigh',
  '',
  '<!-- Written by `just size-profile`; `budget.json` holds what they may weigh. -->',
  '',
  'In bytes, as built and compressed with brotli 11, for what one television loads:',
  '',
  ...weights(LOADS, DIST),
  '',
  'The binary by the crate that the code comes from; generic code counts for the crate that defines it:',
  '',
  ...crates(join(PAGE, 'named.wasm')),
  '',
  '## The npm package',
  '',
  'For what an app loads that draws its own screen, and for what one loads that takes the whole screen (with English; a language more is a file of two kilobytes):',
  '',
  ...weights(PACKAGE_LOADS, PACKAGE),
  '',
  'The headless binary by crate:',
  '',
  ...crates(join(TARGET, 'headless', 'page', 'named.wasm')),
]
writeFileSync(join(WWW, 'SIZE.md'), `${text.join('\n')}\n`)
console.log('www/SIZE.md is written')
