// The program for terminals beside scripts that do the same; `terminal.rs` reads what this prints.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { startMock } from '../package/mock.mjs'
import { collect, memoryOf, say } from './samples.mjs'

const ROOT = join(import.meta.dirname, '../..')
const NATIVE = process.env.DEVICE_LOGIN
const PACKAGE = join(ROOT, 'target/package')
const PEERS = join(ROOT, 'tests/peers')
const PYTHON = join(ROOT, 'target/peers/bin/python')

const ROUNDS = process.argv.includes('--quick') ? 3 : 21
// After the code, what was only needed to get there may be tidied up.
const SETTLE = 500
// As the mock's plain issuer gives them (RFC 8628 section 6.1).
const CODE = /\b[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}\b/

const mock = await startMock('--rate-limits', 'off')
const issuer = mock.issuers.rfc
const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()
const out = collect()

const ours = ['--issuer', issuer, '--client-id', 'tv']
const PROGRAMS = {
  'device-login': [NATIVE, ...ours],
  'npx device-login': [process.execPath, join(PACKAGE, 'terminal.js'), ...ours],
  'openid-client': [process.execPath, join(PEERS, 'conformance-openid-client.mjs'), issuer, 'tv'],
  requests_oauth2client: [PYTHON, join(PEERS, 'python/requests_oauth2client_peer.py'), issuer, 'tv', metadata.device_authorization_endpoint, metadata.token_endpoint],
}
const VERSIONS = {
  'device-login': [NATIVE, '--version'],
  'npx device-login': [process.execPath, join(PACKAGE, 'terminal.js'), '--version'],
  'openid-client': [process.execPath, '--eval', ''],
  requests_oauth2client: [PYTHON, '-c', ''],
}

// From the start of the process to the code on the screen, and the memory while a person would look for their phone.
async function toCode([program, ...args]) {
  const start = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const time = await new Promise((found, fail) => {
    const hear = (piece) => {
      said += piece
      if (CODE.test(said)) found(performance.now() - start)
    }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', hear)
    child.once('exit', () => fail(Error(`${program} shows no code: ${said}`)))
  })
  await new Promise((over) => setTimeout(over, SETTLE))
  const memory = memoryOf(child.pid)
  child.removeAllListeners('exit')
  child.kill('SIGKILL')
  await once(child, 'exit')
  return { time, memory }
}

async function toEnd([program, ...args]) {
  const start = performance.now()
  const [code] = await once(spawn(program, args, { stdio: 'ignore' }), 'exit')
  if (code !== 0) throw Error(`${program} ${args.join(' ')} ended with ${code}`)
  return performance.now() - start
}

const sizeOf = (path) => (statSync(path).isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : statSync(path).size)

try {
  for (let round = 0; round <= ROUNDS; round++) {
    say(`terminal: round ${round} of ${ROUNDS}`)
    for (const [of, command] of Object.entries(PROGRAMS)) {
      const { time, memory } = await toCode(command)
      const start = await toEnd(VERSIONS[of])
      if (round === 0) continue
      out.add('code', of, time)
      out.add('memory', of, memory)
      out.add('start', of, start)
    }
  }
  out.add('size', 'device-login', sizeOf(NATIVE) / 1e6)
  out.add('size', 'npx device-login', sizeOf(PACKAGE) / 1e6)
  out.add('size', 'openid-client', ['jose', 'oauth4webapi', 'openid-client'].reduce((sum, name) => sum + sizeOf(join(ROOT, 'tests/node_modules', name)), 0) / 1e6)
  out.print()
} finally {
  mock.stop()
}
