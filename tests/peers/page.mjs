// The television page in a real browser, for the conformance kit: each request for `/sign-in` opens it in a tab of its
// own, presses OK, and is answered once the sign-in has ended, with all that the screen said: 200 if somebody is signed
// in, 409 otherwise.
// Prints one line of JSON once it answers: {"origin":"http://127.0.0.1:PORT"}. Ends with its standard input.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { chromium } from 'playwright-core'

const DIST = join(import.meta.dirname, '../../www/dist')
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm' }
// Where a sign-in ends.
const ENDS = ['signed-in', 'denied', 'expired', 'failed']

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
// A signal ends the browser, and nothing else.
browser.on('disconnected', () => process.exit())

async function signIn(address, whenGone) {
  // A profile of its own, as every set has one.
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  whenGone(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(0)
  const screen = (names) => page.waitForSelector(names.map((name) => `[data-screen=${name}]`).join())
  await page.goto(address)
  await screen(['idle', 'failed'])
  await page.keyboard.press('Enter')
  await screen(['code', ...ENDS])
  const code = await page.innerText('[data-screen]')
  await screen(ENDS)
  const [end, name] = [await page.innerText('[data-screen]'), await page.getAttribute('[data-screen]', 'data-screen')]
  await context.close()
  return { isSignedIn: name === 'signed-in', text: `${code}\n${end}\n` }
}

const server = createServer(async (request, response) => {
  const { pathname, search } = new URL(request.url, origin)
  if (pathname === '/sign-in') {
    try {
      const { isSignedIn, text } = await signIn(`${origin}/${search}`, (gone) => response.once('close', gone))
      response.writeHead(isSignedIn ? 200 : 409, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
    } catch (error) {
      // The kit has gone away, or the page is broken; either way it hears so.
      response.writeHead(500).end(String(error))
    }
    return
  }
  const path = pathname === '/' ? '/index.html' : pathname
  try {
    const content = readFileSync(join(DIST, path))
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain' }).end(content)
  } catch {
    response.writeHead(404).end()
  }
})
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const origin = `http://127.0.0.1:${server.address().port}`

process.stdin.resume().on('end', () => browser.close().finally(() => process.exit()))
console.log(JSON.stringify({ origin }))
