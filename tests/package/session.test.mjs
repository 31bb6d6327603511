// What comes after a sign-in: the life of a `Session`, in Node, at the mock.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { startMock } from './mock.mjs'
import { pack, project } from './project.mjs'

const HOUR = 3600

let mock, DeviceLogin, Session, server, userinfo, metadata
before(async () => {
  const folder = project('session', pack())
  ;({ DeviceLogin } = await import(join(folder, 'node_modules/device-login/headless.node.js')))
  ;({ Session } = await import(join(folder, 'node_modules/device-login/session.node.js')))
  mock = await startMock()
  server = { issuer: mock.issuers.rfc, clientId: 'tv', scope: 'openid profile offline_access' }
  metadata = await (await fetch(`${server.issuer}/.well-known/openid-configuration`)).json()
  userinfo = metadata.userinfo_endpoint
})
after(() => mock.stop())

// Time that passed in standby: the wall clock went on (`device-flow/src/clock.rs`).
const { now } = Date
let slept = 0
Date.now = () => now() + slept * 1000
beforeEach(() => (slept = 0))

// Tokens of a new sign-in.
async function signIn(options) {
  const login = new DeviceLogin({ ...server, ...options })
  login.start()
  login.onView((view) => view.kind === 'code' && mock.approve(view.userCode).catch(() => {}))
  const tokens = await login.tokens
  login.dispose()
  return tokens
}

const origins = () => [new URL(userinfo).origin]
const begin = async (options) => new Session(await signIn(options?.issuer && { issuer: options.issuer }), { ...server, origins: origins(), ...options })

// A storage in memory, which notes what was done with it.
const memory = () => {
  const storage = { record: null, done: [], load: () => storage.record }
  storage.save = async (record) => storage.done.push('save') && void (storage.record = record)
  storage.clear = () => storage.done.push('clear') && void (storage.record = null)
  return storage
}

// The next state that fits; the present one counts.
const state = (session, fits) => new Promise((resolve) => session.onState((state) => fits(state) && resolve(state)))

// Counts the requests to each endpoint, by its name in the metadata.
const counting = () => {
  const counted = (url, init) => {
    const path = String(url.url ?? url)
    const [name] = Object.entries(metadata).find(([, value]) => value === path) ?? [path.includes('.well-known') ? 'metadata' : path]
    counted.names.push(name)
    return fetch(url, init)
  }
  counted.names = []
  return counted
}

test('fetch sends the token, and who it is is known', async () => {
  const session = await begin()
  assert.deepEqual(session.state, { kind: 'active', name: 'Jane Doe', subject: session.state.subject, scope: session.state.scope, isKept: false, trouble: null })
  const answer = await session.fetch(userinfo)
  assert.deepEqual([answer.status, (await answer.json()).sub], [200, session.state.subject])
  // As a `Request` too, with headers of its own.
  const sent = []
  session.dispose()
  const other = await begin({ fetch: (input, init) => String(input.url ?? input).includes('userinfo') ? (sent.push(new Headers(init.headers)), fetch(input, init)) : fetch(input, init) })
  assert.equal((await other.fetch(new Request(userinfo, { headers: { 'x-app': 'tv' } }))).status, 200)
  assert.deepEqual([sent[0].get('x-app'), sent[0].get('authorization')], ['tv', `Bearer ${await other.accessToken()}`])
  other.dispose()
})

test('a token that has run out while the set slept is replaced before it is used, once for all who wait', async () => {
  const counted = counting()
  const session = await begin({ fetch: counted })
  const first = await session.accessToken()
  slept = 2 * HOUR
  const tokens = await Promise.all([session.accessToken(), session.accessToken()])
  assert.notEqual(tokens[0], first)
  assert.equal(tokens[0], tokens[1])
  assert.deepEqual(counted.names, ['metadata', 'token_endpoint'])
  session.dispose()
})

test('an answer 401 is asked for once more with another token, with its body', async () => {
  const heard = []
  // RFC 6750 section 3.1.
  const api = createServer(async (request, response) => {
    const body = []
    for await (const part of request) body.push(part)
    heard.push([request.headers.authorization, Buffer.concat(body).toString()])
    response.writeHead(heard.length === 1 ? 401 : 200, { 'www-authenticate': 'Bearer error="invalid_token"' }).end()
  })
  await new Promise((resolve) => api.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${api.address().port}`
  const session = await begin({ origins: [origin] })
  const first = await session.accessToken()
  assert.equal((await session.fetch(`${origin}/save`, { method: 'POST', body: 'hello' })).status, 200)
  const second = await session.accessToken()
  assert.notEqual(first, second)
  assert.deepEqual(heard, [[`Bearer ${first}`, 'hello'], [`Bearer ${second}`, 'hello']])
  // A server that refuses every token is not asked with new ones again and again.
  heard.length = 0
  assert.equal((await session.fetch(new Request(`${origin}/save`, { method: 'POST', body: 'hello' }))).status, 401)
  assert.deepEqual(heard, [[`Bearer ${second}`, 'hello']])
  session.dispose()
  api.close()
})

test('no token goes where the app has not said, nor along with a redirect', async () => {
  const heard = []
  const foreign = createServer((request, response) => heard.push(request.headers) && response.end())
  await new Promise((resolve) => foreign.listen(0, '127.0.0.1', resolve))
  const elsewhere = `http://127.0.0.1:${foreign.address().port}`
  const own = createServer((request, response) => response.writeHead(307, { location: elsewhere }).end())
  await new Promise((resolve) => own.listen(0, '127.0.0.1', resolve))
  const home = `http://127.0.0.1:${own.address().port}`
  const session = await begin({ origins: [home] })
  for (const address of [elsewhere, `http://127.0.0.1:${own.address().port + 1}`, 'https://127.0.0.1', userinfo]) {
    await assert.rejects(session.fetch(address), { name: 'DeviceLoginError', code: 'origin_refused' })
  }
  await assert.rejects(session.fetch(home), TypeError)
  await assert.rejects(session.fetch(home, { redirect: 'follow' }), TypeError)
  assert.equal((await session.fetch(home, { redirect: 'manual' })).status, 307)
  assert.deepEqual(heard, [])
  session.dispose()
  own.close()
  foreign.close()
})

test('a token of another kind than Bearer is not sent', async () => {
  const session = new Session({ ...(await signIn()), tokenType: 'DPoP' }, { ...server, origins: origins() })
  await assert.rejects(session.fetch(userinfo), { code: 'token_type_unknown' })
  session.dispose()
})

test('a signal ends the wait for a token', async () => {
  const session = await begin({ fetch: () => new Promise(() => {}) })
  slept = 2 * HOUR
  await assert.rejects(session.fetch(userinfo, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  const controller = new AbortController()
  const answer = session.fetch(userinfo, { signal: controller.signal })
  controller.abort()
  await assert.rejects(answer, { name: 'AbortError' })
  session.dispose()
})

test('a sign-out takes the tokens back, and says where the session at the server ends', async () => {
  const issuer = mock.issuers['okta-org']
  const { userinfo_endpoint: me, end_session_endpoint: endpoint } = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
  const session = await begin({ issuer })
  const token = await session.accessToken()
  const end = await session.signOut()
  assert.equal(end, await session.ended)
  assert.deepEqual([end.reason, end.isLeftBehind, session.state], ['signed_out', false, { kind: 'ended', reason: 'signed_out', details: [] }])
  const url = new URL(end.endSessionUrl)
  assert.equal(url.origin + url.pathname, endpoint)
  assert.ok(url.searchParams.get('id_token_hint'))
  assert.equal((await fetch(me, { headers: { authorization: `Bearer ${token}` } })).status, 401)
  await assert.rejects(session.accessToken(), { code: 'signed_out', userMessage: 'You can sign in again at any time.' })
  await assert.rejects(session.fetch(userinfo), { code: 'signed_out' })
})

test('a sign-out that the server does not hear ends here all the same', async () => {
  let isLost = false
  const session = await begin({ fetch: (...both) => (isLost ? Promise.reject(TypeError()) : fetch(...both)) })
  await session.accessToken()
  isLost = true
  // As fast as the shortest waits of the core go.
  const timers = globalThis.setTimeout
  globalThis.setTimeout = (act, after, ...rest) => timers((...both) => void (slept += after / 1000) || act(...both), 0, ...rest)
  const end = await session.signOut()
  globalThis.setTimeout = timers
  assert.deepEqual([end.reason, end.details], ['signed_out_not_revoked', ['unreachable']])
})

test('access that the server has taken back ends the session once, with its word', async () => {
  const tokens = await signIn()
  const session = new Session(tokens, { ...server, origins: origins() })
  await session.accessToken()
  await fetch(metadata.revocation_endpoint, { method: 'POST', body: new URLSearchParams({ token: tokens.refreshToken, client_id: 'tv' }) })
  // The answer of the resource server stays the app's.
  assert.equal((await session.fetch(userinfo)).status, 401)
  const { reason, endSessionUrl } = await session.ended
  assert.deepEqual([reason, endSessionUrl], ['invalid_grant', null])
  await assert.rejects(session.accessToken(), { code: 'invalid_grant', userMessage: 'Please sign in again.' })
})

test('without a refresh token the session ends with its access token', async () => {
  const session = new Session(await signIn({ scope: 'openid profile' }), server)
  await session.accessToken()
  slept = 2 * HOUR
  await assert.rejects(session.accessToken(), { code: 'session_expired' })
  assert.equal((await session.ended).reason, 'session_expired')
})

test('whoever asks for a token without a network hears of it, and the session lives', async () => {
  let isLost = false
  const session = await begin({ fetch: (...both) => (isLost ? Promise.reject(Object.assign(TypeError(), { cause: { code: 'ENOTFOUND' } })) : fetch(...both)) })
  await session.accessToken()
  isLost = true
  slept = 2 * HOUR
  await assert.rejects(session.accessToken(), { code: 'name_not_found' })
  assert.deepEqual([session.state.kind, session.state.trouble.code], ['active', 'name_not_found'])
  isLost = false
  assert.equal(typeof (await session.accessToken()), 'string')
  assert.equal(session.state.trouble, null)
  session.dispose()
})

test('the access token serves while the server’s metadata cannot be had', async () => {
  const tokens = await signIn()
  const session = new Session(tokens, { ...server, fetch: () => Promise.reject(TypeError()) })
  assert.equal(await session.accessToken(), tokens.accessToken)
  session.dispose()
})

test('explicit endpoints are used as they are', async () => {
  const counted = counting()
  const session = new Session(await signIn(), { clientId: 'tv', tokenEndpoint: metadata.token_endpoint, revocationEndpoint: metadata.revocation_endpoint, fetch: counted })
  await session.accessToken()
  slept = 2 * HOUR
  await session.accessToken()
  await session.signOut()
  assert.deepEqual(counted.names, ['token_endpoint', 'revocation_endpoint', 'revocation_endpoint'])
})

test('a session that is kept goes on after a restart, with tokens that are at rest before they are used', async () => {
  const storage = memory()
  const options = { ...server, storage, origins: origins() }
  const session = new Session(await signIn(), options)
  await state(session, ({ isKept }) => isKept)
  const { subject } = session.state
  session.dispose()
  slept = 2 * HOUR
  const restored = await Session.restore(options)
  assert.deepEqual([restored.state.kind, restored.state.name, restored.state.subject, restored.state.isKept], ['active', 'Jane Doe', subject, true])
  const token = await restored.accessToken()
  assert.ok(storage.record.includes(token))
  const { reason } = await restored.signOut()
  assert.deepEqual([reason, storage.record, storage.done], ['signed_out', null, ['save', 'save', 'clear']])
  assert.equal(await Session.restore(options), null)
})

test('a record of another client is of no use, and does not stay', async () => {
  const storage = memory()
  const session = new Session(await signIn(), { ...server, storage })
  await state(session, ({ isKept }) => isKept)
  session.dispose()
  assert.equal(await Session.restore({ ...server, clientId: 'other', storage }), null)
  assert.equal(storage.record, null)
})

test('a sign-out in one place ends the session in the other', async () => {
  const storage = memory()
  const options = { ...server, storage }
  const session = new Session(await signIn(), options)
  await state(session, ({ isKept }) => isKept)
  const other = await Session.restore(options)
  await session.signOut()
  assert.equal((await other.ended).reason, 'signed_out_elsewhere')
})

test('a storage that fails is no end, and one that cannot be read is no answer', async () => {
  const storage = { load: () => null, save: () => Promise.reject(Error('full')), clear() {} }
  const session = await begin({ storage })
  assert.equal((await session.fetch(userinfo)).status, 200)
  assert.equal(session.state.isKept, false)
  session.dispose()
  const broken = { ...storage, load: () => Promise.reject(Error('locked')) }
  await assert.rejects(Session.restore({ ...server, storage: broken }), { code: 'storage_failed' })
})

test('what names and types can tell is thrown at once, and what the core knows ends the session', async () => {
  const tokens = { accessToken: 'a', tokenType: 'Bearer' }
  const thrown = (tokens, options, code, message) => assert.throws(() => new Session(tokens, options), { name: 'DeviceLoginError', code, message })
  thrown(undefined, server, 'config_invalid', /tokens/)
  thrown(tokens, { issuer: server.issuer }, 'config_missing', /clientId/)
  thrown(tokens, { ...server, origin: 'https://api.example' }, 'config_invalid', /origin/)
  thrown(tokens, { ...server, origins: ['https://api.example/v1'] }, 'config_invalid', /origins/)
  thrown(tokens, { ...server, origins: ['http://api.example'] }, 'config_insecure', /allowInsecureHttp/)
  thrown(tokens, { ...server, storage: {} }, 'config_invalid', /load, save, clear/)
  assert.throws(() => Session.restore(server), { code: 'config_missing' })
  const session = new Session(tokens, { ...server, issuer: 'http://id.example' })
  assert.equal((await session.ended).reason, 'config_insecure')
  const wrong = new Session(tokens, { ...server, issuer: `${server.issuer}/nowhere` })
  assert.equal((await wrong.ended).reason, 'answer_unreadable')
})

test('a disposed session tells whoever waits, and leaves everything as it is', async () => {
  const storage = memory()
  const tokens = await signIn()
  const session = new Session(tokens, { ...server, storage, fetch: () => new Promise(() => {}) })
  slept = 2 * HOUR
  const waiting = session.accessToken()
  session.dispose()
  await assert.rejects(waiting, { code: 'disposed' })
  assert.equal((await session.ended).reason, 'disposed')
  assert.equal((await fetch(userinfo, { headers: { authorization: `Bearer ${tokens.accessToken}` } })).status, 200)
})
