// From Rust to a WebAssembly binary without any feature newer than the MVP.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ROOT, TARGET, binaryen, run } from './tools.mjs'

// wasm-bindgen looks at the features of its own compilation, so the whole graph gets these flags.
// The stack pointer is an exported mutable global until wasm-bindgen has run.
const MVP = ['-Ctarget-cpu=mvp', '-Ctarget-feature=+mutable-globals']
// Code that is copied to where it is wanted, so that fewer jumps are made, is quicker and longer.
const FEW_COPIES = ['jump-threading-threshold=1', 'enable-load-pre=false', 'tail-dup-size=0', 'disable-early-taildup']
// Addresses below 1 MiB take a byte less each, and the stack stands before them: half of that is plenty.
const SHORT = [...FEW_COPIES.map((option) => `-Cllvm-args=-${option}`), '-Clink-arg=-zstack-size=524288']
// Panic messages name source files: whose machine this is does not belong into the page.
const CARGO_HOME = process.env.CARGO_HOME ?? join(homedir(), '.cargo')
const RUSTFLAGS = [...MVP, ...SHORT, `--remap-path-prefix=${join(CARGO_HOME, 'registry', 'src')}=`, `--remap-path-prefix=${ROOT}=`].join('\x1f')
// What the prebuilt standard library carries all the same; `-all` would take memory64 for given and refuse to lower.
const STD_FEATURES = ['sign-ext', 'nontrapping-float-to-int', 'bulk-memory', 'mutable-globals', 'reference-types', 'multivalue']
const LOWERINGS = ['--signext-lowering', '--llvm-nontrapping-fptoint-lowering', '--llvm-memory-copy-fill-lowering']

// Cargo knows by itself what has changed. Returns the binary, with the names of its functions.
//
// Each choice of features has a target folder of its own: the two would otherwise compile each other away.
export function compile(features = [], target = TARGET, crate = 'client-wasm') {
  const triple = 'wasm32-unknown-unknown'
  const what = ['--package', crate, '--lib', '--profile', 'tv', ...features]
  run('cargo', ['build', ...what, '--target', triple, '--target-dir', target], { env: { CARGO_ENCODED_RUSTFLAGS: RUSTFLAGS } })
  return join(target, triple, 'tv', `${crate.replaceAll('-', '_')}.wasm`)
}

// Takes a compiled binary down to the MVP. Returns the path of what wasm-bindgen can bind.
export function lower(compiled, between) {
  const lowered = join(between, 'lowered.wasm')
  const mvp = join(between, 'mvp.wasm')
  const enabled = STD_FEATURES.map((feature) => `--enable-${feature}`)
  binaryen('wasm-opt', [compiled, '-g', '-mvp', ...enabled, ...LOWERINGS, '--strip-target-features', '-o', lowered])
  // Without a section that says otherwise, wasm-bindgen takes reference types for given.
  binaryen('wasm-opt', [lowered, '-g', '-mvp', '--enable-mutable-globals', '--emit-target-features', '-o', mvp])
  return mvp
}
