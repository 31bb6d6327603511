// The whole screen, and the session after it, in the oldest engine that knows modules and WebAssembly, which is a television's of 2019: no driver of
// today talks to it, so the page itself tells how far it is.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { homedir, tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { test } from 'node:test'
import { startMock } from './mock.mjs'
import { pack, project } from './project.mjs'

const CACHE = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
const ENGINE = join(CACHE, 'device-login/engines/cal-64/chromium')
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }

const page = (issuer) => `<!doctype html><div id="place"></div><script>
  const tell = (what, value) => fetch('/told?' + what + '=' + encodeURIComponent(value))
  onerror = (message) => tell('error', message)
</script><script type="module">
  import { mount } from './node_modules/device-login/screen.js'
  import { Session } from './node_modules/device-login/session.js'
  const screen = mount(document.querySelector('#place'), { issuer: '${issuer}', clientId: 'tv', lang: 'de' })
  screen.start()
  let shown
  screen.onView((view) => {
    if (view.kind === 'code' && view.userCode !== shown) tell('code', shown = view.userCode)
    if (view.kind === 'failed') tell('error', view.error.message)
  })
  screen.tokens.then((tokens) => {
    tell('name', tokens.name)
    screen.unmount()
    tell('left', document.querySelector('#place').childNodes.length)
    const session = new Session(tokens, { issuer: '${issuer}', clientId: 'tv', origins: ['${issuer}'] })
    session.fetch('${issuer}/userinfo').then((answer) => answer.json()).then(({ sub }) => {
      tell('subject', sub === session.state.subject)
      return session.signOut()
    }).then(({ reason }) => tell('end', reason)).catch((error) => tell('error', error.message))
  })
</script>`

test('the screen signs in in Chromium 64, and a session goes on', async () => {
  const folder = project('television', pack())
  let hear
  const heard = new Map()
  const told = (name) => new Promise((resolve, reject) => {
    hear = () => (heard.has('error') ? reject(Error(heard.get('error'))) : heard.has(name) && resolve(heard.get(name)))
    hear()
  })
  let mock
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1')
    for (const [name, value] of searchParams) heard.set(name, value)
    if (searchParams.size) hear?.()
    if (pathname === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(page(mock.issuers.rfc))
    try {
      const content = readFileSync(join(folder, pathname))
      response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'text/plain' }).end(content)
    } catch {
      response.writeHead(204).end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${server.address().port}`
  mock = await startMock('--page-origin', origin)
  const profile = mkdtempSync(join(tmpdir(), 'television-'))
  const options = ['--headless', '--no-sandbox', '--disable-gpu', '--single-process', '--remote-debugging-port=0', `--user-data-dir=${profile}`]
  const engine = spawn(ENGINE, [...options, origin], { stdio: 'ignore' })
  try {
    await mock.approve(await told('code'))
    assert.equal(await told('name'), 'Jane Doe')
    assert.equal(await told('left'), '0')
    assert.equal(await told('subject'), 'true')
    assert.equal(await told('end'), 'signed_out')
  } finally {
    engine.kill('SIGKILL')
    mock.stop()
    server.closeAllConnections()
    server.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
})
