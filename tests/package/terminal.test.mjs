// `npx device-login`: the program of an installed tarball at the mock, and what it shows, by the same file as the native
// program's renderer (`tests/golden/terminal.rs`).
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeScreen } from '../../www/bin/screen.mjs'
import { symbolOf } from '../../www/bin/symbol.mjs'
import { abilitiesOf, isUtf8 } from '../../www/bin/terminal.mjs'
import { startMock } from './mock.mjs'
import { pack, project } from './project.mjs'

let mock, folder
before(async () => {
  folder = project('terminal', pack())
  mock = await startMock()
})
after(() => mock.stop())

// One run: what it says to people so far and in the end, and how it ended. `onCode` is called with the code that it shows.
async function run(words, onCode = () => {}) {
  const child = spawn(join(folder, 'node_modules/.bin/device-login'), words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let [output, forPeople, code] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text) => {
    forPeople += text
    const [, found] = forPeople.match(/enter this code:\n\n {4}(\S+)\n/) ?? []
    if (found && !code) onCode((code = found), child)
  })
  const [exit] = await ended
  return { exit, output, forPeople }
}

const at = (issuer, ...words) => ['--issuer', mock.issuers[issuer], '--client-id', 'tv', ...words]

test('it signs in, and without --json no token is written', async () => {
  const { exit, output, forPeople } = await run(at('okta-org'), (code) => mock.approve(code))
  assert.deepEqual([exit, output], [0, ''])
  assert.match(forPeople, /\nHello, Jane Doe\. You are signed in\.\n$/)
  assert.doesNotMatch(forPeople, /eyJ/)
})

test('with --json the tokens are one line of RFC 6749 section 5.1', async () => {
  const { exit, output } = await run(at('rfc', '--json', '--scope', 'openid offline_access', '--pkce'), (code) => mock.approve(code))
  assert.equal(exit, 0)
  assert.match(output, /^.+\n$/)
  const tokens = JSON.parse(output)
  assert.deepEqual(Object.keys(tokens), ['access_token', 'expires_in', 'id_token', 'refresh_token', 'scope', 'token_type'])
  assert.equal(tokens.token_type, 'Bearer')
})

test('a denial exits with 1', async () => {
  const { exit, forPeople } = await run(at('okta-org'), (code) => mock.deny(code))
  assert.equal(exit, 1)
  assert.match(forPeople, /The sign-in was declined\. The server says: /)
})

test('a code that runs out exits with 2', async () => {
  const { exit, forPeople } = await run(at('rfc'), () => mock.advance(1900))
  assert.equal(exit, 2, forPeople)
  assert.match(forPeople, /\nThe code has run out before anybody approved it\./)
})

test('a client that is not known exits with 3 and says what to do', async () => {
  const { exit, forPeople } = await run(['--issuer', mock.issuers['okta-org'], '--client-id', 'nobody'])
  assert.equal(exit, 3)
  // O-54
  assert.match(forPeople, /Invalid value for 'client_id' parameter\.\nThe client id must be registered/)
})

test('an answer that nobody can use is told with its status', async () => {
  const { exit, forPeople } = await run(['--issuer', `${mock.issuers.rfc}/nowhere`, '--client-id', 'tv'])
  assert.equal(exit, 3)
  assert.match(forPeople, /status 404/)
})

test('wrong usage exits with 64, names what is wrong, and asks nobody', async () => {
  const wrong = {
    '--client-id is missing': ['--issuer', 'https://id.example'],
    '--issuer is missing': ['--client-id', 'tv'],
    '--issuer must be': ['--issuer', 'id.example', '--client-id', 'tv'],
    'use https, or --allow-insecure-http': ['--issuer', 'http://id.example', '--client-id', 'tv'],
    "Unknown option '--nonsense'": ['--nonsense'],
    'there is no command "login" here': ['login'],
    '--check is an option of the native program alone': at('rfc', '--check'),
    '--renewals must be a number; it is "x"': at('rfc', '--renewals', 'x'),
    '--renewals must be from 0 to 19': at('rfc', '--renewals', '20'),
    '--ca-file': at('rfc', '--ca-file', 'nowhere.pem'),
  }
  for (const [words, given] of Object.entries(wrong)) {
    const { exit, output, forPeople } = await run(given)
    assert.deepEqual([exit, output], [64, ''], forPeople)
    assert.ok(forPeople.startsWith('device-login: ') && forPeople.includes(words), forPeople)
  }
})

test('help and version go to standard output', async () => {
  const help = await run(['--help'])
  assert.deepEqual([help.exit, help.forPeople], [0, ''])
  assert.match(help.output, /--client-id <ID>/)
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/device-login/package.json')))
  assert.deepEqual(await run(['-V']), { exit: 0, output: `device-login ${version}\n`, forPeople: '' })
})

test('an interrupt exits with 130', async () => {
  const { exit, forPeople } = await run(at('rfc'), (_, child) => child.kill('SIGINT'))
  assert.equal(exit, 130)
  assert.match(forPeople, /\nCancelled\.\n$/)
})

// The file's `<CR>`, `<EL>` and `<30;107m>`.
const legible = (text) => text.replaceAll('\r', '<CR>').replaceAll('\x1b[K', '<EL>').replace(/\x1b\[([\d;]*m)/g, '<$1>')

test('every screen is as the file has it that holds the native program too', async () => {
  const { DeviceLogin } = await import(join(folder, 'node_modules/device-login/headless.node.js'))
  const [, ...cases] = readFileSync(join(import.meta.dirname, '../data/terminal/screens.txt'), 'utf8').split('\n== ')
  const symbols = new Map()
  for (const each of cases) {
    const [given, expected] = each.split('\n---\n')
    const [name, abilities, ...views] = given.split('\n')
    let text = ''
    const screen = makeScreen((more) => (text += more), JSON.parse(abilities))
    for (const view of views.map((line) => JSON.parse(line))) {
      for (const address of [view.verificationUriComplete, view.verificationUri].filter(Boolean)) {
        if (!symbols.has(address)) symbols.set(address, await symbolOf(DeviceLogin, address))
      }
      screen.show(view, symbols)
    }
    assert.equal(`${legible(text)}\n`, expected, name)
  }
})

test('what a terminal can show is read from it and its environment', () => {
  const terminal = { isTTY: true, columns: 80, rows: 24 }
  const qr = (environment, options = {}, stream = terminal) => abilitiesOf(stream, environment, options).qr
  assert.deepEqual(abilitiesOf(terminal, {}, {}), { qr: { cells: 'coloured', invert: false }, rewrite: true, size: [80, 24] })
  assert.deepEqual(qr({ NO_COLOR: '1' }, { invert: true }), { cells: 'plain', invert: true })
  assert.deepEqual(qr({ NO_COLOR: '' }), { cells: 'coloured', invert: false })
  assert.deepEqual(qr({ LANG: 'C' }), { cells: 'blanks', invert: false })
  assert.equal(qr({ LANG: 'C', NO_COLOR: '1' }), null)
  assert.equal(qr({}, { 'no-qr': true }), null)
  assert.deepEqual(abilitiesOf(terminal, { TERM: 'dumb' }, {}), { qr: null, rewrite: false, size: [80, 24] })
  assert.deepEqual(abilitiesOf({}, {}, {}), { qr: null, rewrite: false, size: null })
})

test('the strongest locale variable that is set decides whether text is UTF-8', () => {
  assert.ok(isUtf8({ LANG: 'de_DE.UTF-8' }) && isUtf8({ LANG: 'C.utf8', LC_ALL: '' }) && isUtf8({}))
  assert.ok(!isUtf8({ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }) && !isUtf8({ LANG: 'en_US.ISO-8859-1' }))
})
