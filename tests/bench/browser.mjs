// A browser of `tests/engines.json`, or that of today, over the plain DevTools protocol: no library talks to all of them.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const TODAY = 'chromium'

const CACHE = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
const FLAGS = ['--headless', '--no-sandbox', '--remote-debugging-port=0', '--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage', '--disable-gpu', '--disable-sync', '--hide-scrollbars', '--mute-audio', '--no-default-browser-check', '--no-first-run']
// Bounds a failure only.
const PATIENCE = 20_000

const pathOf = (id) => (id === TODAY ? process.env.CHROMIUM ?? '/usr/bin/chromium' : join(CACHE, 'device-login/engines', id, 'chromium'))

export const chromiumOf = (id) => JSON.parse(readFileSync(join(import.meta.dirname, '../engines.json'), 'utf8')).find((engine) => engine.id === id)?.chromium

async function connect(url) {
  const socket = new WebSocket(url)
  await new Promise((open, fail) => Object.assign(socket, { onopen: open, onerror: () => fail(Error(`${url} does not answer`)) }))
  const waiting = new Map()
  const listeners = new Set()
  let last = 0
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data)
    if (!message.id) return listeners.forEach((listener) => listener(message))
    const { resolve, reject, method } = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error) reject(Error(`${method}: ${message.error.message}`))
    else resolve(message.result)
  }
  return {
    call: (method, params = {}) => new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject, method })
      socket.send(JSON.stringify({ id: last, method, params }))
    }),
    listen: (listener) => listeners.add(listener),
    close: () => socket.close(),
  }
}

// Every process of it ends, and its profile goes, by `close`.
export async function startBrowser(id) {
  const profile = mkdtempSync(join(tmpdir(), 'device-login-bench-'))
  const child = spawn(pathOf(id), [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'], detached: true, env: { ...process.env, HOME: profile } })
  const ends = new Promise((end) => child.once('exit', end))
  let url
  for await (const line of createInterface({ input: child.stderr })) {
    url = /^DevTools listening on (ws:\/\/.*)$/.exec(line)?.[1]
    if (url) break
  }
  if (!url) throw Error(`${id} does not start; npx --yes rust-just engines ${id}`)
  child.stderr.resume()
  const { host } = new URL(url)
  const whole = await connect(url)
  return {
    id,
    whole,
    page: () => openPage(host),
    async close() {
      whole.close()
      process.kill(-child.pid, 'SIGKILL')
      await ends
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

// A tab that tells by `console.debug(NOTE, what, value)`; nothing is asked of it meanwhile.
export const NOTE = 'bench:'

async function openPage(host) {
  const made = await fetch(`http://${host}/json/new?about:blank`, { method: 'PUT' })
  const { id, webSocketDebuggerUrl } = await made.json()
  const page = await connect(webSocketDebuggerUrl)
  const notes = new Map()
  const errors = []
  const wanted = new Map()
  page.listen(({ method, params }) => {
    if (method === 'Runtime.exceptionThrown') errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text)
    if (method !== 'Runtime.consoleAPICalled') return
    const [mark, what, value] = params.args.map(({ value }) => value)
    if (params.type === 'error') errors.push(String(mark))
    if (mark !== NOTE) return
    notes.set(what, JSON.parse(value))
    wanted.get(what)?.(notes.get(what))
  })
  await Promise.all(['Page.enable', 'Runtime.enable', 'Network.enable'].map((method) => page.call(method)))
  await page.call('Network.setCacheDisabled', { cacheDisabled: true })
  await page.call('Emulation.setDeviceMetricsOverride', { width: 1280, height: 720, deviceScaleFactor: 1, mobile: false })
  const textOf = async (selector) => (await page.call('Runtime.evaluate', { expression: `(document.querySelector('${selector}') || {}).textContent`, returnByValue: true })).result.value
  return Object.assign(page, {
    // Before any script of a page.
    prepare: (source) => page.call('Page.addScriptToEvaluateOnNewDocument', { source }),
    goto: (url) => page.call('Page.navigate', { url }),
    evaluate: async (expression) => (await page.call('Runtime.evaluate', { expression, returnByValue: true })).result.value,
    note: (what) => new Promise((resolve, reject) => {
      if (notes.has(what)) return resolve(notes.get(what))
      const giveUp = async () => reject(Error(errors[0]?.split('\n')[0] ?? (await textOf('[data-failure]')) ?? `no ${what}, and no error`))
      const timer = setTimeout(giveUp, PATIENCE)
      wanted.set(what, (value) => resolve(value, clearTimeout(timer)))
    }),
    async leave() {
      page.close()
      await fetch(`http://${host}/json/close/${id}`)
    },
  })
}
