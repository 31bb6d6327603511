// The classic scripts in the browser of today: with WebAssembly, where none is let through, and from a file.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { startMock } from './mock.mjs'
import { pack, project } from './project.mjs'
import { openSite } from './site.mjs'

const COMMON = "default-src 'none'; style-src 'self' 'unsafe-inline'; connect-src *; require-trusted-types-for 'script'; trusted-types device-login-headless device-login-session"

let site, mock, folder
before(async () => {
  folder = project('classic', pack())
  site = await openSite()
  // The origin of what comes from a file.
  mock = await startMock('--page-origin', site.origin, '--page-origin', 'null')
  const scripts = ['headless', 'session', 'screen', 'element'].map((name) => `<script src="node_modules/device-login/${name}.classic.js"></script>`)
  writeFileSync(join(folder, 'index.html'), `<!doctype html><div id="place"></div>${scripts.join('')}`)
})
after(async () => {
  await site?.close()
  mock?.stop()
})

// Opens the page and yields what it loads beside the scripts in it, by name.
async function open(address, policy) {
  Object.assign(site, { folder, policy })
  const page = await site.newPage()
  page.loaded = []
  page.on('requestfinished', (request) => page.loaded.push(request.url().replace(/.*\//, '')))
  await page.goto(address)
  return page
}

// Signs in headless, begins a session, and calls the server by it.
async function signsIn(page) {
  await page.evaluate((issuer) => {
    const login = new deviceLogin.DeviceLogin({ issuer, clientId: 'tv' })
    login.onView((view) => (document.title = view.userCode || view.kind))
    login.start()
    window.answer = login.tokens.then((tokens) => {
      window.session = new deviceLogin.Session(tokens, { issuer, clientId: 'tv', origins: [issuer] })
      return window.session.fetch(`${issuer}/userinfo`).then((answer) => answer.json())
    })
  }, mock.issuers.rfc)
  await page.waitForFunction(() => /-/.test(document.title))
  await mock.approve(await page.title())
  const [subject, me] = await page.evaluate(() => window.answer.then(({ sub }) => [window.session.state.subject, sub]))
  assert.equal(me, subject)
}

test('where WebAssembly is let through it is taken', async () => {
  const page = await open(site.origin, `${COMMON}; script-src 'self' 'wasm-unsafe-eval'`)
  await signsIn(page)
  assert.deepEqual(page.loaded.filter((name) => /wasm|translated/.test(name)), ['headless.wasm', 'session.wasm'])
  await page.close()
})

test('where it is not, its translation signs in, without any eval', async () => {
  const page = await open(site.origin, `${COMMON}; script-src 'self'`)
  await signsIn(page)
  assert.deepEqual(page.loaded.filter((name) => /translated/.test(name)), ['headless.translated.js', 'session.translated.js'])
  await page.close()
})

test('from a file the translation signs in', async () => {
  const page = await open(pathToFileURL(join(folder, 'index.html')).href)
  await signsIn(page)
  await page.close()
})

test('from a file the element signs in', async () => {
  const page = await open(pathToFileURL(join(folder, 'index.html')).href)
  await page.evaluate((issuer) => {
    document.querySelector('#place').innerHTML = `<device-login issuer="${issuer}" client-id="tv" lang="en"></device-login>`
  }, mock.issuers.rfc)
  await page.locator('[data-screen=idle]').waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[data-screen=code]').waitFor()
  await mock.approve(await page.locator('[data-user-code]').textContent())
  assert.equal(await page.evaluate(() => document.querySelector('device-login').tokens.then(({ name }) => name)), 'Jane Doe')
  await page.close()
})

test('the screen speaks other languages from a file too', async () => {
  const page = await open(pathToFileURL(join(folder, 'index.html')).href)
  await page.evaluate((issuer) => {
    window.screen_ = deviceLogin.mount(document.querySelector('#place'), { issuer, clientId: 'tv', lang: 'de' })
  }, mock.issuers.rfc)
  await page.locator('[data-screen=idle]').waitFor()
  assert.equal(await page.locator('.control').textContent(), 'Anmelden')
  await page.keyboard.press('Enter')
  await page.locator('[data-screen=code]').waitFor()
  await mock.approve(await page.locator('[data-user-code]').textContent())
  await page.locator('[data-screen=signed-in]').waitFor()
  assert.equal(await page.evaluate(() => window.screen_.tokens.then(({ name }) => name)), 'Jane Doe')
  await page.close()
})
