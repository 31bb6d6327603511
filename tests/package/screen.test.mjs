// The whole screen in somebody's page: `mount`, and the element over it; in the browser of today, at the mock.
import assert from 'node:assert/strict'
import { copyFileSync, cpSync, writeFileSync } from 'node:fs'
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
// The same for a page that has neither.
const STRICTEST = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src *; require-trusted-types-for 'script'; trusted-types 'none'"

let site, mock, packed, plain
before(async () => {
  packed = pack()
  site = await openSite()
  mock = await startMock('--page-origin', site.origin)
  plain = project('screen', packed)
  writeFileSync(join(plain, 'index.html'), '<!doctype html><link rel="stylesheet" href="page.css"><div id="menu"><button>Home</button></div><div id="place"></div>\n')
  // What a page has that thinks of itself alone.
  writeFileSync(join(plain, 'page.css'), '* { margin: 0; letter-spacing: 5px; line-height: 3; text-transform: uppercase } html, body { height: 100% } div, h1 { color: red; font-size: 99px !important } #place { width: 960px; height: 540px }\n')
})
after(async () => {
  await site?.close()
  mock?.stop()
})

// A page that shows what stands in a folder; nothing may be complained about in it but a pending poll's status 400
// (RFC 8628 section 3.5) and the icon that nobody has.
async function open(served, { policy = POLICY, prepare, ...options } = {}) {
  Object.assign(site, { folder: served, policy })
  const page = await site.newPage(options)
  const complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`))
  if (prepare) await page.addInitScript(prepare)
  await page.goto(site.origin)
  page.ends = async () => {
    await page.close()
    assert.deepEqual(complaints.filter((text) => !/status of 400|favicon/.test(text)), [])
  }
  return page
}

// A page with a screen mounted by these options, as `window.screen_`; what it tells is noted.
async function mounted(options = {}, opening) {
  const page = await open(plain, { policy: STRICTEST, ...opening })
  await page.evaluate(async (options) => {
    const { mount } = await import('/node_modules/device-login/screen.js')
    window.mount_ = (more) => {
      const screen = mount(document.querySelector('#place'), { ...options, ...more })
      Object.assign(window, { screen_: screen, views: [], leaves: [], keys: [] })
      screen.onView((view) => window.views.push(view.kind))
      screen.onLeave((by) => window.leaves.push(by))
    }
    document.addEventListener('keydown', (event) => window.keys.push(event.key))
    window.mount_()
  }, { issuer: mock.issuers.rfc, clientId: 'tv', lang: 'en', ...options })
  return page
}

const shows = (page, screen) => page.locator(`[data-screen=${screen}]`).waitFor()
const code = async (page) => {
  await shows(page, 'code')
  return page.locator('[data-user-code]').textContent()
}

async function signsIn(page) {
  await page.keyboard.press('Enter')
  await mock.approve(await code(page))
}

async function exampleSignsIn(folder) {
  const page = await open(folder)
  await shows(page, 'idle')
  await signsIn(page)
  await page.locator('body > h1, #place > h1', { hasText: 'Hello, Jane Doe' }).waitFor()
  await page.ends()
}

const example = (name, folder) => project(folder, packed, name, mock.issuers['okta-org'])

test('the example of mount signs in without a bundler', () => exampleSignsIn(example('mount', 'screen-mount')))
test('the example of the element signs in without a bundler', () => exampleSignsIn(example('element', 'screen-element')))

test('what Vite builds of the element signs in', async () => {
  const root = example('element', 'screen-vite')
  await vite.build({ root, logLevel: 'error', configFile: false })
  await exampleSignsIn(join(root, 'dist'))
})

test('what webpack builds of the element signs in', async () => {
  const root = example('element', 'screen-webpack')
  const config = { mode: 'production', context: root, entry: './main.js', output: { path: join(root, 'dist'), filename: 'main.js' }, performance: false }
  const stats = await new Promise((resolve, reject) => webpack(config, (error, stats) => (error ? reject(error) : resolve(stats))))
  assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString())
  copyFileSync(join(root, 'index.html'), join(root, 'dist/index.html'))
  await exampleSignsIn(join(root, 'dist'))
})

test('what esbuild builds of mount signs in, with the WebAssembly copied beside it', async () => {
  const root = example('mount', 'screen-esbuild')
  const dist = join(root, 'dist')
  await esbuild.build({ entryPoints: [join(root, 'main.js')], bundle: true, format: 'esm', minify: true, outdir: dist })
  cpSync(join(root, 'node_modules/device-login/screen.wasm'), join(dist, 'screen.wasm'))
  copyFileSync(join(root, 'index.html'), join(dist, 'index.html'))
  await exampleSignsIn(dist)
})

test('tokens come by the promise alone, and the greeting has a way out', async () => {
  const page = await mounted()
  await shows(page, 'idle')
  await signsIn(page)
  await shows(page, 'signed-in')
  const { accessToken, name, refreshToken } = await page.evaluate(() => window.screen_.tokens)
  assert.deepEqual([typeof accessToken, name], ['string', 'Jane Doe'])
  const known = await page.evaluate(() => JSON.stringify([window.screen_.view, document.body.outerHTML, window.screen_]))
  for (const secret of [accessToken, refreshToken ?? accessToken]) assert.equal(known.includes(secret), false)
  await page.keyboard.press('Enter')
  assert.deepEqual(await page.evaluate(() => window.leaves), ['done'])
  assert.deepEqual(await page.evaluate(() => Array.from(new Set(window.views))), ['idle', 'connecting', 'code', 'checking', 'signedIn'])
  await page.ends()
})

test('keys that mean something to the screen stay in it, and all others reach the page', async () => {
  const page = await mounted()
  await shows(page, 'idle')
  const pressed = async (...keys) => {
    await page.evaluate(() => (window.keys = []) && (window.leaves = []))
    for (const key of keys) await page.keyboard.press(key)
    return page.evaluate(() => [window.keys, window.leaves])
  }
  // Back at the first screen is the page's.
  assert.deepEqual(await pressed('ArrowLeft', 'Escape', 'a'), [['ArrowLeft', 'Escape', 'a'], ['left', 'back']])
  assert.deepEqual(await pressed('Enter'), [[], []])
  await shows(page, 'code')
  assert.deepEqual(await pressed('Escape'), [[], []])
  await shows(page, 'idle')
  // A Back that is no key.
  assert.equal(await page.evaluate(() => window.screen_.back()), false)
  await page.evaluate(() => window.screen_.start())
  await shows(page, 'code')
  assert.equal(await page.evaluate(() => window.screen_.back()), true)
  await shows(page, 'idle')
  await page.ends()
})

test('the focus goes where it is wanted, and nowhere else', async () => {
  const page = await mounted()
  const hasFocus = () => page.evaluate(() => document.activeElement.parentElement.id)
  await shows(page, 'idle')
  // Nobody had it.
  assert.equal(await hasFocus(), 'place')
  await page.focus('#menu button')
  await page.evaluate(() => window.screen_.start())
  await mock.deny(await code(page))
  await shows(page, 'denied')
  assert.equal(await hasFocus(), 'menu')
  const ring = () => page.evaluate(() => getComputedStyle(document.querySelector('#place').firstChild.shadowRoot.querySelector('.lit')).boxShadow)
  assert.equal(await ring(), 'none')
  await page.evaluate(() => window.screen_.focus())
  assert.equal(await hasFocus(), 'place')
  assert.notEqual(await ring(), 'none')
  // What has the focus goes with its screen, and the next one has it.
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await shows(page, 'idle')
  assert.equal(await hasFocus(), 'place')
  await page.ends()
})

test('the page and the screen leave each other their styles', async () => {
  const page = await mounted({ accent: '#e4002b' })
  await shows(page, 'idle')
  const style = (...what) =>
    page.evaluate(([selector, property, part]) => getComputedStyle(document.querySelector('#place').firstChild.shadowRoot.querySelector(selector), part)[property], what)
  // 4.5 of 67.5 of the height, as in the page that stands alone.
  assert.equal(await style('h1', 'fontSize'), '36px')
  assert.equal(await style('.message p', 'letterSpacing'), 'normal')
  assert.equal(await style('.message p', 'textTransform'), 'none')
  assert.equal(await style('.mark', 'backgroundColor'), 'rgb(228, 0, 43)')
  await page.evaluate(() => {
    document.querySelector('#place').style.setProperty('--device-login-text', 'rgb(1, 2, 3)')
    const [sheet] = document.styleSheets
    sheet.insertRule('#place > *::part(control) { border-radius: 7px !important }', sheet.cssRules.length)
  })
  assert.equal(await style('h1', 'color'), 'rgb(1, 2, 3)')
  assert.equal(await style('.control', 'borderTopLeftRadius'), '7px')
  await page.evaluate(() => window.screen_.start())
  await shows(page, 'code')
  assert.match(await style('.steps li', 'borderTopColor', '::before'), /^rgb\(228, 0, 43\)$/)
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('#menu button')).letterSpacing), '5px')
  await page.ends()
})

test('the screen is as large as its place, and 16:9 where that has no height', async () => {
  const page = await mounted()
  await shows(page, 'idle')
  const size = () => page.evaluate(() => {
    const { width, height } = document.querySelector('#place').firstChild.shadowRoot.querySelector('.stage').getBoundingClientRect()
    return [width, height]
  })
  assert.deepEqual(await size(), [960, 540])
  await page.evaluate(() => window.screen_.start())
  await shows(page, 'code')
  const plate = () => page.locator('svg.plate').evaluate((plate) => plate.clientWidth)
  const before = await plate()
  await page.evaluate(() => Object.assign(document.querySelector('#place').style, { width: '640px', height: 'auto' }))
  await page.waitForFunction((before) => document.querySelector('#place').firstChild.shadowRoot.querySelector('svg.plate').clientWidth < before, before)
  assert.deepEqual(await size(), [640, 360])
  await page.ends()
})

test('a screen speaks the language that is asked for, else that of the device', async () => {
  const title = async (options, opening) => {
    const page = await mounted({ lang: undefined, ...options }, opening)
    await shows(page, 'idle')
    const said = await page.locator('.stage').evaluate((stage) => [stage.lang, stage.dir, stage.querySelector('.control').textContent])
    await page.ends()
    return said
  }
  assert.deepEqual(await title({ lang: 'de-AT' }), ['de', 'ltr', 'Anmelden'])
  assert.deepEqual(await title({ lang: 'xx' }, { locale: 'ar-EG' }).then(([lang, dir]) => [lang, dir]), ['ar', 'rtl'])
  assert.deepEqual(await title({}, { locale: 'nn-NO' }).then(([lang]) => lang), 'en')
})

test('a WebAssembly that cannot be had is a screen with a way on', async () => {
  const page = await mounted({ wasm: '/nowhere.wasm', help: 'help.example' }, { policy: STRICTEST })
  await shows(page, 'failed')
  assert.equal(await page.locator('[data-failure-code]').textContent(), 'load_failed')
  assert.match(await page.locator('main').textContent(), /Help: help\.example/)
  const failed = await page.evaluate(() => window.screen_.tokens.catch(({ name, code, userMessage }) => [name, code, userMessage]))
  assert.deepEqual(failed.slice(0, 2), ['DeviceLoginError', 'load_failed'])
  assert.match(failed[2], /Check the network/)
  await page.close()
})

test('what cannot work is a view with words in the language of the screen', async () => {
  const page = await mounted({ issuer: 'http://id.example', lang: 'de' })
  await shows(page, 'failed')
  const { code, message, userMessage } = await page.evaluate(() => window.screen_.tokens.catch(({ code, message, userMessage }) => ({ code, message, userMessage })))
  assert.deepEqual([code, /allowInsecureHttp/.test(message), /App/.test(userMessage)], ['config_insecure', true, true])
  await page.evaluate(() => window.screen_.unmount())
  const thrown = await page.evaluate(() => {
    try {
      window.mount_({ isuer: 'x' })
    } catch ({ code, message }) {
      return [code, message]
    }
  })
  assert.equal(thrown[0], 'config_invalid')
  assert.match(thrown[1], /isuer/)
  await page.ends()
})

test('whoever stays signed in is greeted at the next mount, and signs out there', async () => {
  const options = { keepSignedIn: true, scope: 'openid profile offline_access' }
  const page = await mounted(options)
  await shows(page, 'idle')
  await signsIn(page)
  await shows(page, 'signed-in')
  const first = await page.evaluate(() => window.screen_.tokens)
  assert.deepEqual([first.tokenType, first.name, 'refreshToken' in first], ['Bearer', 'Jane Doe', false])
  await page.reload()
  await page.evaluate(async (options) => {
    const { mount } = await import('/node_modules/device-login/screen.js')
    window.screen_ = mount(document.querySelector('#place'), options)
  }, { issuer: mock.issuers.rfc, clientId: 'tv', lang: 'en', ...options })
  await shows(page, 'signed-in')
  const second = await page.evaluate(() => window.screen_.tokens)
  assert.deepEqual([typeof second.accessToken, second.subject], ['string', first.subject])
  await page.keyboard.press('Enter')
  await shows(page, 'sign-out')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await shows(page, 'idle')
  assert.deepEqual(await page.evaluate(() => window.screen_.view), { kind: 'signedOut', reason: 'signed_out' })
  await page.ends()
})

test('a hundred lives leave nothing behind', async () => {
  const prepare = () => {
    window.timers = new Set()
    const { setTimeout: set, clearTimeout: clear } = window
    window.setTimeout = (act, ...rest) => {
      const id = set(() => {
        window.timers.delete(id)
        act()
      }, ...rest)
      window.timers.add(id)
      return id
    }
    window.clearTimeout = (id) => {
      window.timers.delete(id)
      clear(id)
    }
    const { instantiate } = WebAssembly
    WebAssembly.instantiate = (...both) => instantiate.call(WebAssembly, ...both).then((made) => {
      window.memory = Object.values((made.instance || made).exports).find((each) => each instanceof WebAssembly.Memory)
      return made
    })
  }
  const page = await mounted({}, { prepare })
  const devtools = await page.context().newCDPSession(page)
  const lives = (count) =>
    page.evaluate(async (count) => {
      for (let life = 0; life < count; life++) {
        if (window.screen_) window.screen_.unmount()
        window.mount_()
        window.screen_.start()
        await new Promise((resolve) => window.screen_.onView((view) => view.kind === 'code' && resolve()))
      }
      window.screen_.unmount()
      window.screen_ = undefined
    }, count)
  const left = async () => {
    for (let time = 0; time < 3; time++) await devtools.send('HeapProfiler.collectGarbage')
    const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters')
    const [timers, memory, children] = await page.evaluate(() => [window.timers.size, window.memory.buffer.byteLength, document.querySelector('#place').childNodes.length])
    return { nodes, jsEventListeners, timers, memory, children }
  }
  await lives(10)
  const before = await left()
  await lives(100)
  assert.deepEqual(await left(), before)
  assert.deepEqual([before.timers, before.children], [0, 0])
  await page.ends()
})

// An element with the options of a sign-in at the mock; what it tells is noted.
async function withElement(attributes = {}) {
  const page = await open(plain, { policy: STRICTEST })
  await page.evaluate(async (attributes) => {
    await import('/node_modules/device-login/element.js')
    const element = document.createElement('device-login')
    Object.assign(window, { element, told: [] })
    for (const name of ['view', 'ended', 'leave']) {
      document.addEventListener(`device-login-${name}`, ({ type, detail }) => window.told.push([type, detail.kind || detail.by]))
    }
    for (const name of Object.keys(attributes)) element.setAttribute(name, attributes[name])
    document.querySelector('#place').appendChild(element)
  }, { issuer: mock.issuers.rfc, 'client-id': 'tv', lang: 'en', ...attributes })
  return page
}

test('an element tells how far it is and never a token', async () => {
  const page = await withElement()
  await shows(page, 'idle')
  await page.keyboard.press('Escape')
  await signsIn(page)
  const { accessToken } = await page.evaluate(() => window.element.tokens)
  await shows(page, 'signed-in')
  const told = await page.evaluate(() => window.told)
  for (const expected of [['device-login-leave', 'back'], ['device-login-view', 'code'], ['device-login-ended', 'signedIn']]) {
    assert.ok(told.some((each) => String(each) === String(expected)), `${expected} in ${JSON.stringify(told)}`)
  }
  assert.equal(JSON.stringify(told).includes(accessToken), false)
  await page.ends()
})

test('an element that is moved keeps its code and its focus', async () => {
  const page = await withElement()
  await shows(page, 'idle')
  await page.keyboard.press('Enter')
  const shown = await code(page)
  await page.evaluate(() => document.querySelector('#menu').appendChild(window.element))
  // What would begin anew begins a moment later.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
  assert.equal(await page.locator('[data-user-code]').textContent(), shown)
  assert.equal(await page.evaluate(() => document.activeElement === window.element), true)
  await page.ends()
})

test('an element whose attributes change begins anew, and whoever waits for tokens waits on', async () => {
  const page = await withElement({ brand: 'One' })
  await shows(page, 'idle')
  await page.evaluate(() => {
    window.waiting = window.element.tokens
    window.element.setAttribute('brand', 'Two')
  })
  await page.locator('.brand span', { hasText: 'Two' }).waitFor()
  await shows(page, 'idle')
  await signsIn(page)
  assert.equal((await page.evaluate(() => window.waiting)).name, 'Jane Doe')
  await page.ends()
})

test('an element that is taken away rejects its tokens, and lives again when it is back', async () => {
  const page = await withElement()
  await shows(page, 'idle')
  const { tokens } = await page.evaluate(() => {
    const { tokens } = window.element
    window.element.remove()
    return tokens.then(() => ({}), ({ code }) => ({ tokens: code }))
  })
  assert.equal(tokens, 'disposed')
  await page.evaluate(() => document.querySelector('#place').appendChild(window.element))
  await shows(page, 'idle')
  await signsIn(page)
  assert.equal((await page.evaluate(() => window.element.tokens)).name, 'Jane Doe')
  await page.ends()
})

test('an element waits for a client id, and counts only then', async () => {
  const page = await open(plain, { policy: STRICTEST })
  const view = await page.evaluate(async (issuer) => {
    await import('/node_modules/device-login/element.js')
    const element = document.createElement('device-login')
    window.element = document.querySelector('#place').appendChild(element)
    element.setAttribute('issuer', issuer)
    await new Promise((resolve) => setTimeout(resolve))
    return [element.view.kind, element.shadowRoot.childNodes.length]
  }, mock.issuers.rfc)
  assert.deepEqual(view, ['idle', 0])
  await page.evaluate(() => window.element.setAttribute('client-id', 'tv'))
  await shows(page, 'idle')
  await page.ends()
})

test('an attribute that is misspelt is told once, with the one that is meant', async () => {
  const page = await open(plain, { policy: STRICTEST })
  const warned = []
  page.on('console', (message) => message.type() === 'warning' && warned.push(message.text()))
  await page.evaluate(async (issuer) => {
    await import('/node_modules/device-login/element.js')
    for (let time = 0; time < 2; time++) {
      const element = document.createElement('device-login')
      const attributes = { issuers: issuer, clientid: 'tv', 'high-contrast': 'true', class: 'a', id: 'b', slot: 'c', title: 'd', tabindex: '0', 'data-scope': 'e', size: 'f', hold: 'g', as: 'h' }
      for (const name of Object.keys(attributes)) element.setAttribute(name, attributes[name])
      document.querySelector('#place').appendChild(element)
    }
    await new Promise((resolve) => setTimeout(resolve))
  }, mock.issuers.rfc)
  assert.deepEqual(warned, [
    '<device-login> shows nothing before it has a client-id',
    '<device-login> knows no attribute issuers: is issuer meant?',
    '<device-login> knows no attribute clientid: is client-id meant?',
  ])
  await page.ends()
})

test('Node imports both without a page', async () => {
  const { mount } = await import(join(plain, 'node_modules/device-login/screen.js'))
  await import(join(plain, 'node_modules/device-login/element.js'))
  assert.throws(() => mount(null, { clientId: 'tv' }), { code: 'config_invalid', message: /^node must be an element or a shadow root/ })
})
