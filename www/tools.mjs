// The folders of the build, and how it runs its tools.
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')
export const WWW = join(ROOT, 'www')
export const DIST = join(WWW, 'dist')
export const PACKAGE = join(ROOT, 'target', 'package')
// Its own target folder: the build's flags would otherwise throw away what tests and `wasm-pack` have compiled.
export const TARGET = join(ROOT, 'target', 'tv')
// What lies between the compiler and `dist`.
export const PAGE = join(TARGET, 'page')
// webOS 4, of 2018.
export const OLDEST_ENGINE = 'chrome53'

export function fail(message) {
  console.error(`\n${message}`)
  process.exit(1)
}

function spawn(command, args, options) {
  const path = [join(ROOT, 'target', 'tools', 'bin'), process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH: path, ...options.env }
  const { error, status, stdout } = spawnSync(command, args, { cwd: ROOT, maxBuffer: 1 << 28, ...options, env })
  if (error) fail(`cannot start ${command} (${error.code}); run: npx --yes rust-just setup`)
  return { status, stdout }
}

// Runs a command and returns what it wrote to its standard output, if that was asked for.
export function run(command, args, { env = {}, reads = false } = {}) {
  const stdio = ['inherit', reads ? 'pipe' : 'inherit', 'inherit']
  const { status, stdout } = spawn(command, args, { env, stdio, encoding: 'utf8' })
  if (status !== 0) fail(`${command} ${args[0]} failed`)
  return stdout
}

// Where one of binaryen's programs is, which come as JavaScript.
export const pathOf = (name) => join(WWW, 'node_modules', 'binaryen', 'bin', name)

export const binaryen = (name, args, options) => run(process.execPath, [pathOf(name), ...args], options)
