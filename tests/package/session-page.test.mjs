// What comes after a sign-in, in pages of the browser of today, at the mock.
import assert from 'node:assert/strict'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import * as esbuild from 'esbuild'
import * as vite from 'vite'
import webpack from 'webpack'
import { startMock } from './mock.mjs'
import { pack, project } from './project.mjs'
import { openSite } from './site.mjs'

// The strictest policy under which WebAssembly runs: what is inline is an example's own style, and its import map.
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'; style-src 'unsafe-inline'; connect-src *; require-trusted-types-for 'script'; trusted-types 'none'"

let site, mock, packed
before(async () => {
  packed = pack()
  site = await openSite()
  mock = await startMock('--page-origin', site.origin)
})
after(async () => {
  await site?.close()
  mock?.stop()
})

const complaints = []
async function open(folder, policy = POLICY) {
  Object.assign(site, { folder, policy })
  const page = await (await site.newContext()).newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(site.origin)
  return page
}

const heading = (page, text) => page.locator('h1', { hasText: text }).waitFor()

async function staysSignedIn(folder) {
  const page = await open(folder)
  await heading(page, 'Welcome')
  await page.keyboard.press('Enter')
  const code = page.locator('#code', { hasText: /\w{4}/ })
  await code.waitFor()
  await mock.approve(await code.textContent())
  await heading(page, 'Hello, Jane Doe')
  await page.reload()
  await heading(page, 'Hello, Jane Doe')
  // Every page of the origin shares the session, and its end.
  const other = await page.context().newPage()
  await other.goto(site.origin)
  await heading(other, 'Hello, Jane Doe')
  await page.keyboard.press('Enter')
  await heading(page, 'You are signed out')
  await heading(other, 'You are signed out')
  assert.deepEqual([await page.textContent('#text'), await other.textContent('#text')], ['signed_out', 'signed_out_elsewhere'])
  assert.equal(await page.evaluate(() => localStorage.length), 0)
  await page.context().close()
  assert.deepEqual(complaints, [])
}

const example = (name) => project(name, packed, 'session', mock.issuers.rfc)

test('the example of a session stays signed in without a bundler', () => staysSignedIn(example('session-page')))

test('what Vite builds of it does', async () => {
  const root = example('session-vite')
  await vite.build({ root, logLevel: 'error', configFile: false })
  await staysSignedIn(join(root, 'dist'))
})

test('what webpack builds of it does', async () => {
  const root = example('session-webpack')
  const config = { mode: 'production', context: root, entry: './main.js', output: { path: join(root, 'dist'), filename: 'main.js' }, performance: false }
  const stats = await new Promise((resolve, reject) => webpack(config, (error, stats) => (error ? reject(error) : resolve(stats))))
  assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString())
  copyFileSync(join(root, 'index.html'), join(root, 'dist/index.html'))
  await staysSignedIn(join(root, 'dist'))
})

test('what esbuild builds of it does, with the WebAssembly copied beside it', async () => {
  const root = example('session-esbuild')
  const dist = join(root, 'dist')
  await esbuild.build({ entryPoints: [join(root, 'main.js')], bundle: true, format: 'esm', minify: true, outdir: dist })
  for (const name of ['headless', 'session']) copyFileSync(join(root, `node_modules/device-login/${name}.wasm`), join(dist, `${name}.wasm`))
  copyFileSync(join(root, 'index.html'), join(dist, 'index.html'))
  await staysSignedIn(dist)
})

// Tokens of a sign-in in that page.
async function signIn(page) {
  const signedIn = page.evaluate(async (issuer) => {
    const { DeviceLogin } = await import('device-login/headless')
    const login = new DeviceLogin({ issuer, clientId: 'tv', scope: 'openid profile offline_access' })
    login.onView((view) => (document.title = view.userCode || ''))
    login.start()
    return login.tokens
  }, mock.issuers.rfc)
  await page.waitForFunction(() => /^[A-Z]+-[A-Z]+$/.test(document.title))
  await mock.approve(await page.title())
  return signedIn
}

// To make a worker from an address is what trusted types are to watch over.
test('a module worker has a session of its own', async () => {
  const folder = example('session-worker')
  writeFileSync(join(folder, 'worker.js'), `import { Session } from './node_modules/device-login/session.js'
    onmessage = ({ data: { tokens, issuer } }) => {
      const session = new Session(tokens, { issuer, clientId: 'tv', origins: [issuer] })
      session.fetch(issuer + '/userinfo').then((answer) => answer.json()).then(({ sub }) => {
        session.signOut().then(({ reason }) => postMessage([sub, reason]))
      }).catch((error) => postMessage([String(error)]))
    }`)
  const page = await open(folder, `${POLICY.replace(/require-trusted.*/, '')} worker-src 'self'`)
  const tokens = await signIn(page)
  const said = await page.evaluate(([tokens, issuer]) => new Promise((resolve) => {
    const worker = new Worker('worker.js', { type: 'module' })
    worker.onmessage = ({ data }) => resolve(data)
    worker.postMessage({ tokens, issuer })
  }), [tokens, mock.issuers.rfc])
  assert.deepEqual(said, [tokens.subject, 'signed_out'])
  await page.context().close()
})

// Two pages whose tokens are due at the same time, in the same storage: the lock of the one lets the other find its tokens.
test('two pages refresh once', async () => {
  const page = await open(example('session-tabs'))
  const tokens = await signIn(page)
  const begin = async (page, tokens) =>
    page.evaluate(async ([issuer, tokens]) => {
      const { Session } = await import('device-login/session')
      window.refreshes = 0
      const storage = { load: () => localStorage.getItem('kept'), save: (record) => localStorage.setItem('kept', record), clear: () => localStorage.removeItem('kept') }
      const options = { issuer, clientId: 'tv', storage, fetch: (...request) => {
        window.refreshes += String(request[0]).endsWith('/token')
        return fetch(...request)
      } }
      window.session = tokens ? new Session(tokens, options) : await Session.restore(options)
      await new Promise((resolve) => window.session.onState(({ isKept }) => isKept && resolve()))
    }, [mock.issuers.rfc, tokens])
  await begin(page, tokens)
  const other = await page.context().newPage()
  await other.goto(site.origin)
  await begin(other)
  // Both clocks are two hours on before either page looks at its own.
  for (const each of [page, other]) {
    await each.evaluate(() => {
      const { now } = Date
      Date.now = () => now() + 7200000
    })
  }
  const [one, two] = await Promise.all([page, other].map((each) => each.evaluate(() => window.session.accessToken())))
  assert.equal(one, two)
  assert.notEqual(one, tokens.accessToken)
  const counts = await Promise.all([page, other].map((page) => page.evaluate(() => window.refreshes)))
  assert.equal(counts[0] + counts[1], 1)
  await page.context().close()
})
