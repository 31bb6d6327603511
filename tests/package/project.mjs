// Empty projects with the packed tarball installed, as strangers would have them.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const PACKAGE = join(ROOT, 'target/package')
const PROJECTS = join(ROOT, 'target/package-tests')
const EXAMPLES = join(ROOT, 'www/examples')
const MODULES = join(import.meta.dirname, '../node_modules')

const npm = (folder, ...args) => execFileSync('npm', args, { cwd: folder, encoding: 'utf8' })

// Packs the package once, and says what npm says of it.
export function pack() {
  mkdirSync(PROJECTS, { recursive: true })
  const [packed] = JSON.parse(npm(PACKAGE, 'pack', '--json', '--pack-destination', PROJECTS))
  return { ...packed, path: join(PROJECTS, packed.filename) }
}

// A project of that name, with the files of an example that signs in at `issuer`.
export function project(name, packed, example, issuer) {
  const folder = join(PROJECTS, name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  npm(folder, 'install', '--offline', '--no-audit', '--no-fund', packed.path)
  if (!example) return folder
  cpSync(join(EXAMPLES, example), folder, { recursive: true })
  for (const name of readdirSync(join(EXAMPLES, example), { recursive: true })) {
    const file = join(folder, name)
    if (statSync(file).isFile()) writeFileSync(file, readFileSync(file, 'utf8').replaceAll('https://id.example', issuer))
  }
  linkWanted(folder)
  return folder
}

// What an example wants beside the package, from those that the tests have: its very versions.
function linkWanted(folder) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    const there = join(MODULES, name)
    const has = JSON.parse(readFileSync(join(there, 'package.json'), 'utf8')).version
    if (has !== version) throw Error(`${folder} wants ${name} ${version}; the tests have ${has}`)
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true })
    symlinkSync(there, join(folder, 'node_modules', name))
  }
}
