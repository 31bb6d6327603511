// An hour in front of a code that nobody enters, in the browser of today and in simulated time: the page's clocks and
// timers, and the mock's clock, move from one moment at which something is due to the next.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startMock } from './mock.mjs'
import { pack, project } from './project.mjs'
import { openSite } from './site.mjs'

const HOUR = 3600
// What leaks does so in every hour. Engines keep 2 to 20 kB an hour as they go, as measured, now and then 200 kB once, for
// code that they compile anew, and what was removed waits for a later collection. Of 680 polls and 3,600 pictures nothing
// may stay, not 20 bytes each.
const SLACK = 64 * 1024

let site, mock, folder
before(async () => {
  folder = project('hour', pack())
  writeFileSync(join(folder, 'index.html'), '<!doctype html><div id="place" style="width: 960px; height: 540px"></div>')
  site = await openSite()
  mock = await startMock('--page-origin', site.origin)
  await mock.slow()
})
after(async () => {
  await site?.close()
  mock?.stop()
})

// Runs in the page, before everything else.
const simulate = () => {
  const began = { wall: Date.now(), monotonic: performance.now() }
  const timers = new Map()
  const world = (window.world = { now: 0, told: 0, polls: 0, draws: 0, listeners: 0, memory: [], under: new Set(), timers })
  let last = 0
  Date.now = () => began.wall + world.now
  performance.now = () => began.monotonic + world.now
  window.setTimeout = (act, after = 0, ...rest) => {
    last++
    timers.set(last, { at: world.now + after, act: () => act(...rest) })
    return last
  }
  window.clearTimeout = (id) => void timers.delete(id)
  const { instantiate } = WebAssembly
  WebAssembly.instantiate = (...both) => instantiate.call(WebAssembly, ...both).then((made) => {
    world.memory.push(Object.values((made.instance || made).exports).find((each) => each instanceof WebAssembly.Memory))
    return made
  })
  const { fetch } = window
  // The server's time is as late as the page's. An answer is there as a whole before time goes on.
  const send = async (url, init) => {
    const passed = Math.floor(world.now / 1000) - world.told
    world.told += passed
    if (passed) await window.advance_(passed)
    const answer = await fetch(url, init)
    const body = await answer.arrayBuffer()
    if (String(url.url || url).endsWith('/token')) world.polls++
    return new Response(body, { status: answer.status, headers: answer.headers })
  }
  window.fetch = (url, init) => {
    const sent = send(url, init)
    world.under.add(sent)
    const end = () => world.under.delete(sent)
    sent.then(end, end)
    return sent
  }
  const { port1, port2 } = new MessageChannel()
  const turn = () => new Promise((resolve) => {
    port1.onmessage = resolve
    port2.postMessage(0)
  })
  const settle = async () => {
    do {
      await Promise.all(Array.from(world.under, (sent) => sent.catch(() => {})))
      // What reads an answer, and what draws it, has its turns.
      for (let time = 0; time < 4; time++) await turn()
    } while (world.under.size)
  }
  world.pass = async (seconds) => {
    const until = world.now + seconds * 1000
    await settle()
    for (;;) {
      const due = Array.from(timers).sort(([, one], [, other]) => one.at - other.at)[0]
      if (!due || due[1].at > until) break
      timers.delete(due[0])
      world.now = Math.max(world.now, due[1].at)
      due[1].act()
      await settle()
    }
    world.now = until
    await settle()
  }
}

// What the page has, once nothing is under way.
async function left(page, devtools) {
  for (let time = 0; time < 5; time++) await devtools.send('HeapProfiler.collectGarbage')
  const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  const [timers, memory] = await page.evaluate(() => [window.world.timers.size, window.world.memory.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)])
  return { nodes, jsEventListeners, timers, memory, usedSize }
}

async function waits(begin) {
  Object.assign(site, { folder, policy: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; connect-src *" })
  const page = await site.newPage()
  await page.exposeFunction('advance_', mock.advance)
  await page.addInitScript(simulate)
  await page.goto(site.origin)
  await page.evaluate(begin, { issuer: mock.issuers.rfc, clientId: 'tv', renewals: 19 })
  const devtools = await page.context().newCDPSession(page)
  const pass = (seconds) => page.evaluate((seconds) => window.world.pass(seconds).then(() => window.world.polls), seconds)
  // One before, until engines have made of the code what they make of code that runs often.
  const first = await pass(HOUR)
  const lefts = [await left(page, devtools)]
  const polls = (await pass(HOUR)) - first
  lefts.push(await left(page, devtools))
  while (lefts.length < 4) {
    await pass(HOUR)
    lefts.push(await left(page, devtools))
  }
  const shown = await page.evaluate(() => window.codes.size)
  await page.close()
  // RFC 8628 section 3.5: five seconds between polls, and what the core adds.
  assert.ok(polls > 600 && polls <= 720, `${polls} polls`)
  assert.ok(shown > 1, `${shown} codes`)
  for (const [what, slack] of Object.entries({ nodes: 0, jsEventListeners: 0, timers: 0, memory: 0, usedSize: SLACK })) {
    const growths = lefts.slice(1).map((each, hour) => each[what] - lefts[hour][what])
    assert.ok(Math.min(...growths) <= slack, `${what} grows in every hour, by ${growths}`)
  }
}

test('an hour of polling leaves nothing behind in the screen', () =>
  waits(async (options) => {
    const { mount } = await import('/node_modules/device-login/screen.js')
    window.codes = new Set()
    const screen = mount(document.querySelector('#place'), { ...options, lang: 'en' })
    screen.onView(({ userCode }) => userCode && window.codes.add(userCode))
    screen.start()
  }))

test('an hour of polling leaves nothing behind of headless', () =>
  waits(async (options) => {
    const { DeviceLogin } = await import('/node_modules/device-login/headless.js')
    window.codes = new Set()
    const login = new DeviceLogin(options)
    login.onView(({ userCode }) => userCode && window.codes.add(userCode))
    login.start()
  }))
