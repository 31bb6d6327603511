// The package in old engines: no driver of today talks to them, so the page itself tells how far it is.
//
// Chromium 64 is the oldest that knows modules and WebAssembly; Chromium 53, of webOS 4, knows neither and runs the
// classic scripts, here from `file:`, as in an app that was installed.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { homedir, tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { startMock } from './mock.mjs'
import { pack, project } from './project.mjs'

const CACHE = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
const ENGINES = join(CACHE, 'device-login/engines')
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }

let folder, origin, mock, server, hear
const heard = new Map()

before(async () => {
  folder = project('television', pack())
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1')
    for (const [name, value] of searchParams) heard.set(name, value)
    if (searchParams.size) hear?.()
    try {
      const content = readFileSync(join(folder, pathname))
      response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'text/plain' }).end(content)
    } catch {
      response.writeHead(204).end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${server.address().port}`
  // Televisions let an installed app read every answer; this engine wants leave for the origin that it says.
  mock = await startMock('--page-origin', origin, '--page-origin', 'file://')
})
after(() => {
  mock?.stop()
  server.closeAllConnections()
  server.close()
})

// What the page tells under that name.
const told = (name) =>
  new Promise((resolve, reject) => {
    hear = () => (heard.has('error') ? reject(Error(heard.get('error'))) : heard.has(name) && resolve(heard.get(name)))
    hear()
  })

const page = (scripts, body) => `<!doctype html><html><body style="margin: 0"><div id="place" style="width: 1280px; height: 720px"></div><script>
  function tell(what, value) { fetch('${origin}/told?' + what + '=' + encodeURIComponent(value), { mode: 'no-cors' }) }
  onerror = function (message) { tell('error', message) }
</script>${scripts}<script${scripts ? '' : ' type="module"'}>${body}</script></body></html>`

// What both kinds of script do: the screen signs in, and a session goes on.
const SCREEN = () => `
  const screen = mount(document.querySelector('#place'), { issuer: '${mock.issuers.rfc}', clientId: 'tv', lang: 'de' })
  screen.start()
  let shown
  screen.onView(function (view) {
    if (view.kind === 'code' && view.userCode !== shown) tell('code', shown = view.userCode)
    if (view.kind === 'failed') tell('error', view.error.message)
  })
  screen.tokens.then(function (tokens) {
    tell('name', tokens.name)
    screen.unmount()
    tell('left', document.querySelector('#place').childNodes.length)
    const session = new Session(tokens, { issuer: '${mock.issuers.rfc}', clientId: 'tv', origins: ['${mock.issuers.rfc}'] })
    session.fetch('${mock.issuers.rfc}/userinfo').then(function (answer) { return answer.json() }).then(function (me) {
      tell('subject', me.sub === session.state.subject)
      return session.signOut()
    }).then(function (end) { tell('end', end.reason) }).catch(function (error) { tell('error', error.message) })
  })`

// Shows the page that `prepare` starts an engine with, while `follow` hears what it tells.
async function show(content, start, follow) {
  writeFileSync(join(folder, 'tv.html'), content)
  heard.clear()
  const profile = mkdtempSync(join(tmpdir(), 'television-'))
  const programs = []
  try {
    await start(profile, programs)
    await follow()
  } finally {
    for (const program of programs.reverse()) {
      program.kill(program.spawnargs[0] === 'Xvfb' ? 'SIGTERM' : 'SIGKILL')
      if (program.exitCode === null && program.signalCode === null) await once(program, 'exit')
    }
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

const chromium64 = (profile, programs) => {
  const options = ['--headless', '--no-sandbox', '--disable-gpu', '--single-process', '--remote-debugging-port=0', `--user-data-dir=${profile}`]
  programs.push(spawn(join(ENGINES, 'cal-64/chromium'), [...options, `${origin}/tv.html`], { stdio: 'ignore' }))
}

// Qt's edition, in a window of a display that nobody sees.
const chromium53 = async (profile, programs) => {
  const display = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x720x24', '-nolisten', 'tcp', '-noreset'], { stdio: ['ignore', 'pipe', 'ignore'] })
  programs.push(display)
  const [name] = await once(createInterface({ input: display.stdout }), 'line')
  const env = { ...process.env, DISPLAY: `:${name}`, HOME: profile, XDG_RUNTIME_DIR: profile, XDG_CACHE_HOME: profile, QTHOST_URL: pathToFileURL(join(folder, 'tv.html')).href }
  programs.push(spawn('python3', [join(import.meta.dirname, '../browser/qthost.py'), join(ENGINES, 'qt-5.8/PyQt5/Qt'), '1280', '720'], { env, stdio: 'ignore' }))
}

async function screenSignsIn() {
  await mock.approve(await told('code'))
  assert.equal(await told('name'), 'Jane Doe')
  assert.equal(await told('left'), '0')
  assert.equal(await told('subject'), 'true')
  assert.equal(await told('end'), 'signed_out')
}

const classic = (...names) => names.map((name) => `<script src="node_modules/device-login/${name}.classic.js"></script>`).join('')

test('the screen signs in in Chromium 64, and a session goes on', () => {
  const imports = `import { mount } from './node_modules/device-login/screen.js'
  import { Session } from './node_modules/device-login/session.js'`
  return show(page('', imports + SCREEN()), chromium64, screenSignsIn)
})

test('headless signs in in Chromium 53, from a file', () => {
  const body = `
  var login = new deviceLogin.DeviceLogin({ issuer: '${mock.issuers.rfc}', clientId: 'tv' }), shown
  tell('engine', /Chrome\\/53/.test(navigator.userAgent) && typeof WebAssembly + ' ' + location.protocol)
  login.onView(function (view) {
    if (view.kind === 'code' && view.userCode !== shown) {
      tell('symbol', view.qr.rows.length === view.qr.size)
      tell('code', shown = view.userCode)
    }
    if (view.kind === 'failed') tell('error', view.error.message)
  })
  login.tokens.then(function (tokens) { tell('name', tokens.name) })
  login.start()`
  return show(page(classic('headless'), body), chromium53, async () => {
    assert.equal(await told('engine'), 'undefined file:')
    await mock.approve(await told('code'))
    assert.equal(await told('symbol'), 'true')
    assert.equal(await told('name'), 'Jane Doe')
  })
})

test('the screen signs in in Chromium 53, from a file, and a session goes on', () => {
  const body = `const { mount, Session } = deviceLogin;${SCREEN()}`
  return show(page(classic('screen', 'element', 'session'), body), chromium53, screenSignsIn)
})
