// The sign-in without a screen beside openid-client with lean-qr, in a page and in Node; `headless.rs` reads what this prints.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as esbuild from 'esbuild'
import { startMock } from '../package/mock.mjs'
import { TODAY, startBrowser } from './browser.mjs'
import { watch } from './injected.mjs'
import { collect, memoryOf, say } from './samples.mjs'
import { openSite } from './site.mjs'

const ROOT = join(import.meta.dirname, '../..')
const PEERS = join(import.meta.dirname, 'peers/headless')
const PACKAGE = join(ROOT, 'target/package')
const BUILT = join(ROOT, 'target/bench/headless')

const isQuick = process.argv.includes('--quick')
const ROUNDS = isQuick ? 2 : 15
const SLOWDOWNS = [1, 4]

const CONTESTANTS = { 'device-login': 'ours', 'openid-client': 'peer' }
const PAGE = '<!doctype html><link rel="icon" href="data:,"><p data-user-code></p><svg><path></path></svg><script type="module" src="page.js"></script>'

// As an app's bundler leaves it. In Node nothing is bundled: `sign-in` and packages are found where npm puts them.
async function build(name) {
  const folder = join(BUILT, name)
  mkdirSync(folder, { recursive: true })
  const usual = { bundle: true, minify: true, format: 'esm', nodePaths: [join(import.meta.dirname, '../node_modules'), join(import.meta.dirname, 'peers/node_modules')] }
  const alias = (host) => ({ 'sign-in': join(PEERS, `${name}.js`), 'device-login/headless': join(PACKAGE, host) })
  await esbuild.build({ ...usual, entryPoints: [join(PEERS, 'page.js')], outfile: join(folder, 'page.js'), alias: alias('headless.js'), target: 'chrome108' })
  await esbuild.build({ ...usual, entryPoints: [join(PEERS, 'program.js')], outfile: join(folder, 'program.mjs'), alias: alias('headless.node.js'), platform: 'node', target: 'node20' })
  writeFileSync(join(folder, 'index.html'), PAGE)
  if (name === 'ours') copyFileSync(join(PACKAGE, 'headless.wasm'), join(folder, 'headless.wasm'))
}

for (const name of Object.values(CONTESTANTS)) await build(name)
const site = await openSite(Object.fromEntries(Object.values(CONTESTANTS).map((name) => [name, join(BUILT, name)])))
const mock = await startMock('--page-origin', site.origin, '--rate-limits', 'off')
const out = collect()

async function inPage(browser, name, slowdown) {
  const page = await browser.page()
  try {
    await page.prepare(watch)
    if (slowdown > 1) await page.call('Emulation.setCPUThrottlingRate', { rate: slowdown })
    await page.goto(site.page(name, mock.issuers.rfc))
    const { at } = await page.note('code')
    return { at, bytes: site.sent.bytes }
  } finally {
    await page.leave()
  }
}

// From the start of the process to the line that it prints; its memory then.
async function inNode(args) {
  const start = performance.now()
  const program = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: program.stdout }), 'line')
  const time = performance.now() - start
  const memory = memoryOf(program.pid)
  if (args[0] !== '--eval' && !JSON.parse(line).path) throw Error(`${args[0]} shows no symbol`)
  program.kill('SIGKILL')
  await once(program, 'exit')
  return { time, memory }
}

try {
  const browser = await startBrowser(TODAY)
  try {
    for (const slowdown of SLOWDOWNS) {
      for (let round = 0; round <= ROUNDS; round++) {
        say(`headless in a page, ${slowdown}x: round ${round} of ${ROUNDS}`)
        for (const [of, name] of Object.entries(CONTESTANTS)) {
          const { at, bytes } = await inPage(browser, name, slowdown)
          if (round > 0) out.add(`page_${slowdown}x`, of, at)
          if (round === 1 && slowdown === 1) out.add('bytes', of, bytes)
        }
      }
    }
  } finally {
    await browser.close()
  }
  const nothing = ['--eval', 'console.log(0); setInterval(Date, 1e6)']
  for (let round = 0; round <= ROUNDS; round++) {
    say(`headless in Node: round ${round} of ${ROUNDS}`)
    const programs = { ...CONTESTANTS, 'Node.js alone': undefined }
    for (const [of, name] of Object.entries(programs)) {
      const { time, memory } = await inNode(name ? [join(BUILT, name, 'program.mjs'), mock.issuers.rfc] : nothing)
      if (round === 0) continue
      out.add('node', of, time)
      out.add('node_memory', of, memory)
    }
  }
  out.print()
} finally {
  mock.stop()
  site.close()
}
