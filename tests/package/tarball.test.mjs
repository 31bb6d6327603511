// What is in the tarball, and what its types say.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { pack, project } from './project.mjs'

const MODULES = join(import.meta.dirname, '../node_modules')

let packed
before(() => (packed = pack()))

test('the tarball holds these files and no others', () => {
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), [
    'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'classic.d.ts', 'element.classic.js', 'element.d.ts', 'element.js', 'headless.cjs',
    'headless.classic.js', 'headless.d.cts', 'headless.d.ts', 'headless.js', 'headless.node.js', 'headless.translated.js',
    'headless.wasm', 'package.json', 'screen.classic.js', 'screen.d.ts', 'screen.js', 'screen.translated.js', 'screen.wasm',
    'session.cjs', 'session.classic.js', 'session.d.cts', 'session.d.ts', 'session.js', 'session.node.js',
    'session.translated.js', 'session.wasm', 'terminal.js', 'texts/ar.classic.js', 'texts/ar.js', 'texts/de.classic.js',
    'texts/de.js', 'texts/es.classic.js', 'texts/es.js', 'texts/fr.classic.js', 'texts/fr.js', 'texts/he.classic.js',
    'texts/he.js', 'texts/ja.classic.js', 'texts/ja.js', 'texts/ko.classic.js', 'texts/ko.js', 'texts/pt.classic.js',
    'texts/pt.js', 'texts/zh-Hans.classic.js', 'texts/zh-Hans.js',
  ])
})

test('it depends on nothing and runs nothing at installation', () => {
  const manifest = JSON.parse(readFileSync(join(project('manifest', packed), 'node_modules/device-login/package.json')))
  for (const member of ['dependencies', 'peerDependencies', 'optionalDependencies', 'scripts']) assert.equal(manifest[member], undefined)
})

test('no file of it names a folder of the machine that built it', () => {
  const folder = join(project('paths', packed), 'node_modules/device-login')
  for (const { path: file } of packed.files) {
    assert.doesNotMatch(readFileSync(join(folder, file), 'latin1'), /\/(home|root|work|Users)\/|\.cargo/, file)
  }
})

// The compiler's complaints about a project with these files, by file.
function complaints(name, files, options) {
  const folder = project(name, packed)
  for (const file of files) cpSync(join(import.meta.dirname, file), join(folder, file))
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', lib: ['es2022', 'dom'], types: [], ...options }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const { stdout } = spawnSync(process.execPath, [join(MODULES, 'typescript/bin/tsc'), '--project', folder], { encoding: 'utf8' })
  return stdout
}

test('types say what an app can do and refuse what it cannot, for bundlers', () => {
  assert.equal(complaints('types-bundler', ['types.ts', 'screen-types.ts', 'session-types.ts', 'classic-types.ts'], { module: 'esnext', moduleResolution: 'bundler' }), '')
})

test('types are found by import and by require in Node', () => {
  assert.equal(complaints('types-node', ['types.mts', 'types.cts'], { module: 'node16', moduleResolution: 'node16' }), '')
})
