// The page beside two peers that do the same job; `page.rs` reads what this prints: samples by contestant, those of one
// round with the same index.
import { join } from 'node:path'
import { startMock } from '../package/mock.mjs'
import { TODAY, chromiumOf, startBrowser } from './browser.mjs'
import { PEERS, TARGETS, buildPeers } from './peers/build.mjs'
import { chance, collect, computed, memoryOf, say } from './samples.mjs'
import { openSite } from './site.mjs'
import { quickly, watch } from './injected.mjs'

const ROOT = join(import.meta.dirname, '../..')
const BUILT = join(ROOT, 'target/bench/peers')
const OURS = 'device-login'
const NAMES = [OURS, ...Object.keys(PEERS)]

const isQuick = process.argv.includes('--quick')
const ROUNDS = isQuick ? 2 : 7
const ROUNDS_OLD = isQuick ? 1 : 5
const ROUNDS_WAITING = isQuick ? 1 : 2
const SLOWDOWNS = [1, 4, 6]
// Milliseconds for each answer, and bytes a second: a living room, 10 Mbit/s.
const NETWORK = { offline: false, latency: 40, downloadThroughput: 1_250_000, uploadThroughput: 500_000 }
const PHASES = ['files', 'start', 'server', 'drawing']
// Headless ones of televisions of 2019, 2022 and 2024, which need no display.
const ENGINES = ['cal-64', 'cal-85', 'sp-108']
// Real seconds: of the hour, of the minutes behind another, and of the wait whose computing is counted.
const HOUR = isQuick ? 5 : 30
const HIDDEN = isQuick ? 2 : 5
const IDLE = isQuick ? 5 : 20
const FASTER = 120

const place = (name, target) => (name === OURS ? 'ours' : `${PEERS[name].folder}-${target}`)

await buildPeers(BUILT)
const folders = { ours: join(ROOT, 'www/dist') }
for (const { folder } of Object.values(PEERS)) for (const target of Object.keys(TARGETS)) folders[`${folder}-${target}`] = join(BUILT, `${folder}-${target}`)
const site = await openSite(folders)
const mock = await startMock('--page-origin', site.origin, '--rate-limits', 'off')
const out = collect()

// One whole sign-in, in a tab that knows nothing yet.
async function signIn(browser, name, target, { slowdown, network }, delay) {
  const page = await browser.page()
  try {
    await page.prepare(watch)
    if (slowdown > 1) await page.call('Emulation.setCPUThrottlingRate', { rate: slowdown })
    if (network) await page.call('Network.emulateNetworkConditions', network)
    await page.goto(site.page(place(name, target), mock.issuers.rfc))
    const { code, at, phases } = await page.note('code')
    const { bytes } = site.sent
    await new Promise((over) => setTimeout(over, delay))
    const approved = Date.now()
    await mock.approve(code)
    const greeting = await page.note('greeting')
    return { bytes, code: at, phases, greeting: greeting.clock - approved, checked: greeting.at - greeting.answered }
  } finally {
    await page.leave()
  }
}

async function race(id, target, way, rounds) {
  const browser = await startBrowser(id)
  const { slowdown } = way
  const suffix = way.network ? 'network' : id === TODAY ? `${slowdown}x` : id
  const dropped = new Set()
  try {
    // The first round warms up the machine, and finds out who runs at all.
    for (let round = 0; round <= rounds; round++) {
      say(`${id}, ${way.network ? 'by network' : `${slowdown}x`}: round ${round} of ${rounds}`)
      const delay = chance() * 1000
      for (const name of NAMES) {
        if (dropped.has(name)) continue
        let one
        try {
          one = await signIn(browser, name, target, way, delay)
        } catch (problem) {
          if (round > 0 || name === OURS) throw problem
          dropped.add(name)
          out.tell(`${name} does not sign in in Chromium ${chromiumOf(id)}: ${problem.message}.`)
          continue
        }
        if (round === 0) continue
        out.add(`code_${suffix}`, name, one.code)
        if (slowdown === 4) one.phases?.forEach((time, index) => out.add(`phase_${PHASES[index]}`, name, time))
        out.add(`greeting_${suffix}`, name, one.greeting)
        out.add(`checked_${suffix}`, name, one.checked)
        if (suffix === '1x' && round === 1) out.add('bytes', name, one.bytes)
      }
    }
  } finally {
    await browser.close()
  }
}

// The process of the page, which is the one that has computed most.
async function processOf(browser) {
  const { processInfo } = await browser.whole.call('SystemInfo.getProcessInfo')
  const [{ id }] = processInfo.filter(({ type }) => type === 'renderer').sort((a, b) => b.cpuTime - a.cpuTime)
  return id
}

// One page in a browser of its own: an hour of polling whose clocks run faster, then the same behind another page.
async function wait(name) {
  const browser = await startBrowser(TODAY)
  try {
    const page = await browser.page()
    await page.prepare(watch)
    await page.prepare(quickly(FASTER))
    await page.goto(site.page(place(name, 'today'), site.patience))
    await page.note('code')
    const measure = async () => {
      await page.call('HeapProfiler.collectGarbage')
      return memoryOf(await processOf(browser))
    }
    await new Promise((over) => setTimeout(over, 1000))
    const before = await measure()
    await page.evaluate('bench.reset()')
    await new Promise((over) => setTimeout(over, HOUR * 1000))
    const shown = await page.evaluate('bench.count()')
    const after = await measure()
    await page.evaluate('bench.hide()')
    await new Promise((over) => setTimeout(over, 500))
    await page.evaluate('bench.reset()')
    await new Promise((over) => setTimeout(over, HIDDEN * 1000))
    const hidden = await page.evaluate('bench.count()')
    out.add('memory', name, after)
    out.add('growth', name, after - before)
    out.add('wakes_shown', name, shown.wakes)
    out.add('wakes_hidden', name, hidden.wakes)
    out.add('requests_shown', name, shown.requests)
    out.add('requests_hidden', name, hidden.requests)
  } finally {
    await browser.close()
  }
}

// What the page's process computes while a code is shown, by real clocks.
async function compute(name) {
  const browser = await startBrowser(TODAY)
  try {
    const page = await browser.page()
    await page.prepare(watch)
    await page.goto(site.page(place(name, 'today'), site.patience))
    await page.note('code')
    await new Promise((over) => setTimeout(over, 2000))
    const id = await processOf(browser)
    const before = computed(id)
    await new Promise((over) => setTimeout(over, IDLE * 1000))
    out.add('computing', name, (computed(id) - before) * (60 / IDLE))
  } finally {
    await browser.close()
  }
}

try {
  const only = process.argv.find((word) => word.startsWith('--only='))?.slice(7)
  const wants = (what) => !only || only === what
  if (wants('race')) for (const way of [...SLOWDOWNS.map((slowdown) => ({ slowdown })), { slowdown: 1, network: NETWORK }]) await race(TODAY, 'today', way, ROUNDS)
  if (wants('old')) for (const id of ENGINES) await race(id, 'old', { slowdown: 1 }, ROUNDS_OLD)
  if (wants('wait')) {
    for (let round = 1; round <= ROUNDS_WAITING; round++) {
      for (const name of NAMES) {
        say(`waiting: ${name}, round ${round} of ${ROUNDS_WAITING}`)
        await wait(name)
        await compute(name)
      }
    }
  }
  out.print()
} finally {
  mock.stop()
  site.close()
}
