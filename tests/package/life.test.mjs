// The life of a `DeviceLogin`: what its promise does, what its views say, what is left of it. In Node, at the mock.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startMock } from './mock.mjs'
import { pack, project } from './project.mjs'

const require = createRequire(import.meta.url)

let mock, DeviceLogin, DeviceLoginError
before(async () => {
  const folder = project('life', pack())
  ;({ DeviceLogin, DeviceLoginError } = await import(join(folder, 'node_modules/device-login/headless.node.js')))
  mock = await startMock()
})
after(() => mock.stop())

const make = (options) => new DeviceLogin({ issuer: mock.issuers.rfc, clientId: 'tv', ...options })

// The next view of that kind; the present one counts.
const view = (login, kind) =>
  new Promise((resolve) => {
    const stop = login.onView((view) => view.kind === kind && resolve(view))
    login.tokens.finally(() => stop()).catch(() => {})
  })

const isSettled = (promise) => {
  const yes = () => true
  return Promise.race([promise.then(yes, yes), new Promise((resolve) => setImmediate(resolve, false))])
}

test('a promise of tokens survives a denial', async () => {
  const login = make()
  const { tokens } = login
  login.start()
  await mock.deny((await view(login, 'code')).userCode)
  assert.equal((await view(login, 'ended')).reason, 'denied')
  assert.equal(await isSettled(tokens), false)
  login.start()
  await mock.approve((await view(login, 'code')).userCode)
  const { accessToken, tokenType, name, vouchedBy } = await tokens
  assert.deepEqual([typeof accessToken, tokenType, name, vouchedBy], ['string', 'Bearer', 'Jane Doe', 'signature'])
  assert.deepEqual(login.view, { kind: 'signedIn', name: 'Jane Doe', vouchedBy: 'signature' })
  login.dispose()
})

test('whoever cancels can start again', async () => {
  const login = make()
  login.start()
  login.cancel()
  assert.deepEqual(login.view, { kind: 'ended', reason: 'cancelled', description: null })
  login.start()
  await view(login, 'code')
  login.cancel()
  assert.equal(login.view.reason, 'cancelled')
  login.dispose()
})

test('a disposed sign-in rejects its promise, and a start does nothing', async () => {
  const login = make()
  login.start()
  await view(login, 'code')
  login.dispose()
  await assert.rejects(login.tokens, (error) => error instanceof DeviceLoginError && error.code === 'disposed')
  login.start()
  await assert.rejects(login.tokens, { code: 'disposed' })
})

test('a promise that nobody looks at is no unhandled rejection', async () => {
  const unhandled = []
  process.on('unhandledRejection', (error) => unhandled.push(error))
  make().dispose()
  const login = make({ issuer: `${mock.issuers.rfc}/nowhere` })
  login.start()
  await view(login, 'failed')
  await new Promise(setImmediate)
  assert.deepEqual(unhandled, [])
  login.dispose()
})

test('a failure rejects, and a start after it makes a new promise', async () => {
  const login = make({ clientId: 'unknown' })
  const { tokens } = login
  login.start()
  // RFC 6749 section 5.2.
  await assert.rejects(tokens, (error) => error.code === 'invalid_client' && error.host === new URL(mock.issuers.rfc).host)
  assert.equal(login.view.error.code, 'invalid_client')
  login.start()
  assert.notEqual(login.tokens, tokens)
  await assert.rejects(login.tokens, { code: 'invalid_client' })
  login.dispose()
})

test('what names and types can tell is thrown at once, by the name of the option', () => {
  const thrown = (options, code, message) => assert.throws(() => new DeviceLogin(options), { name: 'DeviceLoginError', code, message })
  thrown({ issuer: 'https://id.example' }, 'config_missing', /^clientId is missing/)
  thrown(undefined, 'config_missing', /^clientId is missing/)
  thrown({ isuer: 'https://id.example', clientId: 'tv' }, 'config_invalid', /isuer/)
  thrown({ issuer: new URL('https://id.example'), clientId: 'tv' }, 'config_invalid', /^issuer must be a string/)
})

test('what the core knows to be wrong is the first view', async () => {
  const rejected = async (options, code, message) => {
    const login = new DeviceLogin({ clientId: 'tv', ...options })
    login.start()
    await assert.rejects(login.tokens, { code, message })
    login.dispose()
  }
  await rejected({}, 'config_missing', /^issuer is missing/)
  await rejected({ issuer: 'http://id.example' }, 'config_insecure', /allowInsecureHttp/)
  await rejected({ issuer: 'https://id.example', renewals: 20 }, 'config_invalid', /^renewals must be from 0 to 19/)
  await rejected({ deviceAuthorizationEndpoint: 'https://id.example/d', scope: 'tv' }, 'config_missing', /^tokenEndpoint is missing/)
})

test('a WebAssembly that cannot be had is asked for again', async () => {
  // A copy of the module of its own: what is loaded is shared by all that one makes.
  const { DeviceLogin } = await import(`${require.resolve(join(import.meta.dirname, '../../target/package-tests/life/node_modules/device-login/headless.node.js'))}?again`)
  const nowhere = new DeviceLogin({ issuer: mock.issuers.rfc, clientId: 'tv', wasm: new Uint8Array(8) })
  nowhere.start()
  await assert.rejects(nowhere.tokens, { code: 'load_failed' })
  const login = new DeviceLogin({ issuer: mock.issuers.rfc, clientId: 'tv' })
  login.start()
  await view(login, 'code')
  login.dispose()
  nowhere.dispose()
})

test('a lost answer is told beside the code, with the time of the next try', async () => {
  let isLost = false
  const login = make({ fetch: (...request) => (isLost ? Promise.reject(Object.assign(TypeError(), { cause: { code: 'ENOTFOUND' } })) : fetch(...request)) })
  login.start()
  const { userCode } = await view(login, 'code')
  isLost = true
  const { trouble } = await new Promise((resolve) => login.onView((view) => view.trouble && resolve(view)))
  assert.equal(trouble.code, 'name_not_found')
  assert.ok(trouble.secondsUntilRetry > 0)
  isLost = false
  await mock.approve(userCode)
  await login.tokens
  login.dispose()
})

test('the QR code is read by a decoder that the project did not write, as rows and as a path', async () => {
  const jsQR = require('jsqr')
  const login = make()
  login.start()
  const { qr, verificationUriComplete } = await view(login, 'code')
  login.dispose()
  const read = (rows) => {
    const scale = 4
    const side = rows.length * scale
    const pixels = Uint8ClampedArray.from({ length: side * side * 4 }, (_, at) => {
      const [x, y] = [Math.floor(((at / 4) % side) / scale), Math.floor(at / 4 / side / scale)].map(Math.floor)
      return at % 4 === 3 || !rows[y][x] ? 255 : 0
    })
    return jsQR(pixels, side, side).data.toLowerCase()
  }
  const painted = qr.rows.map((row) => row.map(() => 0))
  for (const [, x, y, length] of qr.path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) painted[y].fill(1, +x, +x + +length)
  assert.equal(qr.address, verificationUriComplete)
  assert.equal(qr.size, qr.rows.length)
  assert.equal(read(qr.rows), qr.address.toLowerCase())
  assert.deepEqual(painted, qr.rows)
})

test('pkce finds its randomness and its digests itself', async () => {
  const login = make({ pkce: true })
  login.start()
  await mock.approve((await view(login, 'code')).userCode)
  await login.tokens
  login.dispose()
})
