// Empty projects with the packed tarball installed, as strangers would have them.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const PACKAGE = join(ROOT, 'target/package')
const PROJECTS = join(ROOT, 'target/package-tests')
const EXAMPLES = join(ROOT, 'www/examples')

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
  if (example) cpSync(join(EXAMPLES, example), folder, { recursive: true })
  for (const file of example ? readdirSync(join(EXAMPLES, example)) : []) {
    const source = readFileSync(join(folder, file), 'utf8')
    writeFileSync(join(folder, file), source.replaceAll('https://id.example', issuer))
  }
  return folder
}
