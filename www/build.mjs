// Builds the page into `www/dist`: one WebAssembly binary of the first edition ("MVP"), which every television that
// knows WebAssembly understands, and its JavaScript lowered to the syntax of Chromium 53.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

const ROOT = join(import.meta.dirname, '..')
const WWW = join(ROOT, 'www')
const DIST = join(WWW, 'dist')
// Its own target folder: the flags below would otherwise throw away what tests and `wasm-pack` have compiled.
const TARGET = join(ROOT, 'target', 'tv')
const OLDEST_ENGINE = 'chrome53'

// The page's own files. The loader decides what can run at all, so it must parse everywhere.
const STATIC = ['index.html', 'style.css', 'loader.js', 'config.json']
const LOWERED = { 'style.css': { loader: 'css', target: OLDEST_ENGINE }, 'loader.js': { loader: 'js', target: 'es5' } }

// wasm-bindgen looks at the features of its own compilation, so the whole graph gets these flags.
// The stack pointer is an exported mutable global until wasm-bindgen has run.
const MVP = ['-Ctarget-cpu=mvp', '-Ctarget-feature=+mutable-globals']
// Panic messages name source files: whose machine this is does not belong into the page.
const CARGO_HOME = process.env.CARGO_HOME ?? join(homedir(), '.cargo')
const RUSTFLAGS = [...MVP, `--remap-path-prefix=${join(CARGO_HOME, 'registry', 'src')}=`, `--remap-path-prefix=${ROOT}=`].join('\x1f')
// What the prebuilt standard library carries all the same; `-all` would take memory64 for given and refuse to lower.
const STD_FEATURES = ['sign-ext', 'nontrapping-float-to-int', 'bulk-memory', 'mutable-globals', 'reference-types', 'multivalue']
const LOWERINGS = ['--signext-lowering', '--llvm-nontrapping-fptoint-lowering', '--llvm-memory-copy-fill-lowering']

const fail = (message) => {
  console.error(`\nwww/build.mjs: ${message}`)
  process.exit(1)
}

function run(command, args, env = {}) {
  const path = [join(ROOT, 'target', 'tools', 'bin'), process.env.PATH].join(delimiter)
  const options = { cwd: ROOT, stdio: 'inherit', env: { ...process.env, PATH: path, ...env } }
  const { error, status } = spawnSync(command, args, options)
  if (error) fail(`cannot start ${command} (${error.code}); run: npx --yes rust-just setup`)
  if (status !== 0) fail(`${command} ${args[0]} failed`)
}

const wasmOpt = (...args) => run(process.execPath, [join(WWW, 'node_modules', 'binaryen', 'bin', 'wasm-opt'), ...args])

// Cargo knows by itself what has changed. Returns the binary.
function compile() {
  const triple = 'wasm32-unknown-unknown'
  const what = ['--package', 'client-wasm', '--lib', '--profile', 'tv']
  run('cargo', ['build', ...what, '--target', triple, '--target-dir', TARGET], { CARGO_ENCODED_RUSTFLAGS: RUSTFLAGS })
  return join(TARGET, triple, 'tv', 'client_wasm.wasm')
}

// Takes a compiled binary down to MVP, binds it to JavaScript and shrinks both. Returns nothing; fills `dist`.
async function bind(compiled, { transform }) {
  const lowered = join(TARGET, 'page', 'lowered.wasm')
  const mvp = join(TARGET, 'page', 'mvp.wasm')
  mkdirSync(join(TARGET, 'page'), { recursive: true })
  const enabled = STD_FEATURES.map((feature) => `--enable-${feature}`)
  wasmOpt(compiled, '-mvp', ...enabled, ...LOWERINGS, '--strip-target-features', '-o', lowered)
  // Without a section that says otherwise, wasm-bindgen takes reference types for given.
  wasmOpt(lowered, '-mvp', '--enable-mutable-globals', '--emit-target-features', '-o', mvp)
  const bound = ['--target', 'no-modules', '--no-typescript', '--out-name', 'app', '--out-dir', join(TARGET, 'page')]
  run('wasm-bindgen', [mvp, ...bound])
  // `-mvp` is also the check: it refuses anything newer.
  wasmOpt(join(TARGET, 'page', 'app_bg.wasm'), '-mvp', '-Oz', '-o', join(DIST, 'app.wasm'))
  const glue = readFileSync(join(TARGET, 'page', 'app.js'), 'utf8')
  const { code } = await transform(glue, { minify: true, target: OLDEST_ENGINE })
  writeFileSync(join(DIST, 'app.js'), code)
}

const changedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)
const isOlder = (outputs, inputs) => Math.min(...outputs.map(changedAt)) < Math.max(...inputs.map(changedAt))

async function lay(name, { transform }) {
  if (!(name in LOWERED)) return copyFileSync(join(WWW, name), join(DIST, name))
  const source = readFileSync(join(WWW, name), 'utf8')
  const { code } = await transform(source, { minify: true, sourcefile: `www/${name}`, ...LOWERED[name] })
  writeFileSync(join(DIST, name), code)
}

function printSizes(names) {
  const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
  const size = (name, bytes) => [name, bytes.length, brotli(bytes)]
  const sizes = names.map((name) => size(name, readFileSync(join(DIST, name))))
  const total = sizes.reduce((sum, [, raw, small]) => ['', sum[1] + raw, sum[2] + small])
  const row = ([name, raw, small]) => `${name.padEnd(12)}${String(raw).padStart(10)}${String(small).padStart(10)}`
  console.log([row(['www/dist', 'raw', 'brotli']), ...[...sizes, total].map(row)].join('\n'))
}

const esbuild = await import('esbuild').catch(() => fail('esbuild is not installed; run: npx --yes rust-just setup'))
mkdirSync(DIST, { recursive: true })
const compiled = compile()
const tools = [import.meta.filename, join(WWW, 'package-lock.json')]
if (isOlder([join(DIST, 'app.wasm'), join(DIST, 'app.js')], [compiled, ...tools])) await bind(compiled, esbuild)
for (const name of STATIC) await lay(name, esbuild)
printSizes(['app.wasm', 'app.js', ...STATIC])
