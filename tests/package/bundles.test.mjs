// The package in pages: without a bundler, in a worker, and through each bundler; every result runs in Chromium.
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { after, before, test } from 'node:test'
import * as esbuild from 'esbuild'
import { chromium } from 'playwright-core'
import * as vite from 'vite'
import webpack from 'webpack'
import { startMock } from './mock.mjs'
import { pack, project } from './project.mjs'

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }
// The strictest policy under which WebAssembly runs at all; what an example says inline is a style and the import map.
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'; style-src 'unsafe-inline'; connect-src *; worker-src 'self'"
// And no text becomes code or markup.
const TRUSTED_TYPES = `${STRICT}; require-trusted-types-for 'script'; trusted-types 'none'`

// Serves a folder with a policy; both are known when a page is opened.
let folder, policy, server, origin, mock, packed, browser

before(async () => {
  packed = pack()
  server = createServer((request, response) => {
    const path = new URL(request.url, origin).pathname.replace(/\/$/, '/index.html')
    try {
      const content = readFileSync(join(folder, path))
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain', 'content-security-policy': policy }).end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${server.address().port}`
  mock = await startMock('--page-origin', origin)
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
})

after(async () => {
  await browser?.close()
  server?.close()
  mock?.stop()
})

const make = (name, example) => project(name, packed, example, mock.issuers['okta-org'])

// Opens what stands in a folder and signs in there; nothing may be complained about but a pending poll's status 400
// (RFC 8628 section 3.5) and the icon that nobody has.
async function signsIn(served, { press = 'button', under = TRUSTED_TYPES } = {}) {
  folder = served
  policy = under
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  const complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`))
  await page.goto(origin)
  if (press) await page.click(press)
  const code = page.locator('#code', { hasText: /\w{4}/ })
  await code.waitFor()
  await mock.approve(await code.textContent())
  await page.locator('h1', { hasText: 'Hello, Jane Doe' }).waitFor()
  await page.close()
  assert.deepEqual(complaints.filter((text) => !/status of 400|favicon/.test(text)), [])
}

test('a page without a bundler signs in', () => signsIn(make('page', 'page')))

// To make a worker from an address is what trusted types are to watch over.
test('a module worker signs in', () => signsIn(make('worker', 'worker'), { press: null, under: STRICT }))

test('what Vite builds signs in', async () => {
  const root = make('vite', 'page')
  await vite.build({ root, logLevel: 'error', configFile: false })
  await signsIn(join(root, 'dist'))
})

test('what webpack builds signs in', async () => {
  const root = make('webpack', 'page')
  const config = { mode: 'production', context: root, entry: './main.js', output: { path: join(root, 'dist'), filename: 'main.js' } }
  const stats = await new Promise((resolve, reject) => webpack(config, (error, stats) => (error ? reject(error) : resolve(stats))))
  assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString())
  copyFileSync(join(root, 'index.html'), join(root, 'dist/index.html'))
  await signsIn(join(root, 'dist'))
})

test('what esbuild builds signs in, with the WebAssembly copied beside it', async () => {
  const root = make('esbuild', 'page')
  const dist = join(root, 'dist')
  await esbuild.build({ entryPoints: [join(root, 'main.js')], bundle: true, format: 'esm', minify: true, outdir: dist })
  copyFileSync(join(root, 'node_modules/device-login/headless.wasm'), join(dist, 'headless.wasm'))
  copyFileSync(join(root, 'index.html'), join(dist, 'index.html'))
  await signsIn(dist)
})

test('a classic script signs in where it is told the address of the WebAssembly', async () => {
  const root = make('classic', 'page')
  const source = join(root, 'main.js')
  writeFileSync(source, readFileSync(source, 'utf8').replace("clientId: 'tv'", "clientId: 'tv', wasm: 'node_modules/device-login/headless.wasm'"))
  const built = await esbuild.build({ entryPoints: [source], bundle: true, format: 'iife', write: false, logLevel: 'silent' })
  writeFileSync(source, built.outputFiles[0].contents)
  await signsIn(root)
})
