// A panic is a trap, whose words nobody hears: a page has nothing behind Rust's standard error. So what says them, what only
// words them, and where it happened can go. Nothing else changes: these functions have never returned.
import library from 'binaryen'
import { readFileSync, writeFileSync } from 'node:fs'
import { fail } from './tools.mjs'

// Functions of the standard library that end in a panic, by their names as the compiler leaves them: `core[hash]::panicking::…`.
const PANICS =
  /^(core|alloc|std)\W[^<]*::(panicking::|begin_panic|rust_panic|unwrap_failed|expect_failed|panic_already_(mutably_)?borrowed|handle_error|handle_alloc_error|capacity_overflow|slice_error_fail|slice_index_fail|len_mismatch_fail)/

// What words values for debugging is the same: only panics do that here. `silent` names further functions.
export function silencePanics(path, silent) {
  const module = library.readBinary(readFileSync(path))
  module.setFeatures(library.Features.MVP)
  const functions = Array.from({ length: module.getNumFunctions() }, (_, index) => module.getFunctionByIndex(index))
  const panics = functions.filter((each) => {
    const { name, module: imported, results } = library.getFunctionInfo(each)
    return !imported && ((results === library.none && PANICS.test(name)) || silent?.test(name))
  })
  if (panics.length < 10) fail('www/panics.mjs: panics go by names that are not known here')
  for (const panic of panics) library.Function.setBody(panic, module.unreachable())
  library.setDebugInfo(true)
  const binary = Buffer.from(module.emitBinary())
  const segments = Array.from({ length: module.getNumDataSegments() }, (_, index) => module.getDataSegmentByIndex(index))
  const places = segments.map((each) => forgetPlaces(binary, module.getDataSegmentInfo(each)))
  if (Math.max(...places) < 10) fail('www/panics.mjs: the places of panics have a form that is not known here')
  writeFileSync(path, binary)
  module.dispose()
}

// Places in the source are `core::panic::Location`: where the file's name begins, its length, the line, the column. Panics
// alone read them. They become zeros, which weigh nothing; returned is how many there were.
function forgetPlaces(binary, { offset, data }) {
  const bytes = Buffer.from(data)
  const start = binary.indexOf(bytes)
  let count = 0
  for (let at = 0; at + 16 <= bytes.length; at += 4) {
    const name = bytes.readUInt32LE(at) - offset
    const end = name + bytes.readUInt32LE(at + 4)
    if (name < 0 || end > bytes.length || !/^[\w./@-]+\.rs$/.test(bytes.toString('latin1', name, end))) continue
    binary.fill(0, start + at, start + at + 16)
    binary.fill(0, start + name, start + end)
    count += 1
  }
  return count
}
