// Builds the demo into `target/demo`, for any static web server: the built page, a phone, and between them the mock, which
// runs in the browser (`mock-idp/browser`).
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { compile, lower } from './binary.mjs'
import { DIST, ROOT, TARGET, WWW, fail, run } from './tools.mjs'

export const DEMO = join(ROOT, 'target', 'demo')
const BETWEEN = join(TARGET, 'demo')

if (!existsSync(join(DIST, 'index.html'))) fail('the page is not built; run: npx --yes rust-just build')
rmSync(DEMO, { recursive: true, force: true })
mkdirSync(DEMO, { recursive: true })
mkdirSync(BETWEEN, { recursive: true })
const lowered = lower(compile([], TARGET, 'mock-idp-browser'), BETWEEN)
run('wasm-bindgen', [lowered, '--target', 'web', '--no-typescript', '--remove-name-section', '--out-name', 'mock', '--out-dir', DEMO])
renameSync(join(DEMO, 'mock_bg.wasm'), join(DEMO, 'mock.wasm'))
for (const name of readdirSync(join(WWW, 'demo'))) copyFileSync(join(WWW, 'demo', name), join(DEMO, name))
// What the television signs in at, the demo tells it.
cpSync(DIST, join(DEMO, 'tv'), { recursive: true, filter: (path) => basename(path) !== 'config.json' })
console.log(`The demo is in ${relative(process.cwd(), DEMO)}: serve that folder from this machine or by https.`)
