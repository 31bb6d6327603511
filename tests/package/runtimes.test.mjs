// The package in programs without a page: each example run from an installed tarball to a finished sign-in.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { startMock } from './mock.mjs'
import { pack, project } from './project.mjs'

const MODULES = join(import.meta.dirname, '../node_modules')
// Both come as programs in packages for each kind of machine, next to a package that only starts them.
const program = (...paths) => paths.map((path) => join(MODULES, path)).find(existsSync)
const DENO = program('@deno/linux-x64-glibc/deno', '@deno/linux-arm64-glibc/deno', '@deno/darwin-arm64/deno', '@deno/darwin-x64/deno')
const BUN = program('@oven/bun-linux-x64/bin/bun', '@oven/bun-linux-aarch64/bin/bun', '@oven/bun-darwin-aarch64/bin/bun', '@oven/bun-darwin-x64/bin/bun')

let mock, packed
before(async () => {
  packed = pack()
  mock = await startMock()
})
after(() => mock.stop())

// Runs a command until it has signed in, and returns what it said.
async function signsIn(name, issuer, command, ...args) {
  const folder = project(name, packed, 'node', mock.issuers[issuer])
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const lines = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    const [, code] = line.match(/ and enter (\S+)$/) ?? []
    if (code) await mock.approve(code)
  }
  const [status] = await ended
  assert.equal(status, 0)
  assert.match(lines.at(-1), /^Hello, Jane Doe\./)
  return { folder }
}

// Signs in, is still signed in at the next start, and signs out.
async function staysSignedIn(name, command, ...args) {
  const { folder } = await signsIn(name, 'rfc', command, ...args)
  const again = (...more) => execFileSync(command, [...args, ...more], { cwd: folder, encoding: 'utf8' })
  assert.match(again(), /^Hello, Jane Doe\. The API knows you as .+\.$/m)
  assert.match(again('sign-out'), /^signed_out$/m)
  assert.equal(existsSync(join(folder, 'session.json')), false)
}

test('Node imports it', () => signsIn('node-import', 'okta-custom-as', process.execPath, 'sign-in.mjs'))
test('Node requires it', () => signsIn('node-require', 'authentik', process.execPath, 'sign-in.cjs'))
test('Deno imports it', () => signsIn('deno', 'rfc', DENO, 'run', '--allow-all', '--no-lock', '--cached-only', '--node-modules-dir=manual', 'sign-in.mjs'))
test('Bun imports it', () => signsIn('bun', 'google', BUN, 'sign-in.mjs'))

test('Node stays signed in', () => staysSignedIn('node-session', process.execPath, 'session.mjs'))
test('Deno stays signed in', () => staysSignedIn('deno-session', DENO, 'run', '--allow-all', '--no-lock', '--cached-only', '--node-modules-dir=manual', 'session.mjs'))
test('Bun stays signed in', () => staysSignedIn('bun-session', BUN, 'session.mjs'))

test('an issuer that is misspelt is told beside what the server calls itself', async () => {
  const { DeviceLogin } = await import(join(project('node-misspelt', packed), 'node_modules/device-login/headless.node.js'))
  const { rfc } = mock.issuers
  const login = new DeviceLogin({ issuer: `${rfc}/`, clientId: 'tv' })
  login.start()
  await assert.rejects(login.tokens, { code: 'issuer_mismatch', message: `issuer_mismatch: issuer is configured as ${rfc}/, but the server calls itself ${rfc}` })
})
