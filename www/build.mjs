// Builds the page into `www/dist`: one WebAssembly binary of the first edition ("MVP"), which every television that
// knows WebAssembly understands, its translation to JavaScript for those that do not, and everything else lowered to the
// syntax of Chromium 53.
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePage } from './binding.mjs'
import { compile } from './binary.mjs'
import { DIST, OLDEST_ENGINE, PAGE, WWW, fail } from './tools.mjs'
import { LOADS, printSizes } from './sizes.mjs'
import { LANGUAGES, layTexts } from './texts.mjs'

// The page's own files. The loader decides what can run at all, so it must parse everywhere.
const STATIC = ['index.html', 'style.css', 'loader.js', 'config.json']
const LOWERED = { 'style.css': { loader: 'css', target: OLDEST_ENGINE }, 'loader.js': { loader: 'js', target: 'es5', define: { DEVICE_LOGIN_LANGUAGES: JSON.stringify(LANGUAGES) } } }
const MADE = ['app.wasm', 'app.js', 'app.translated.js']
const TOOLS = ['binary.mjs', 'binding.mjs', 'bridge.js', 'build.mjs', 'package-lock.json', 'panics.mjs', 'tools.mjs', 'translation.mjs']

const changedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)
const isOlder = (outputs, inputs) => Math.min(...outputs.map(changedAt)) < Math.max(...inputs.map(changedAt))

async function lay(name, { transform }) {
  if (!(name in LOWERED)) return copyFileSync(join(WWW, name), join(DIST, name))
  const source = readFileSync(join(WWW, name), 'utf8')
  const { code } = await transform(source, { minify: true, sourcefile: `www/${name}`, ...LOWERED[name] })
  writeFileSync(join(DIST, name), code)
}

const esbuild = await import('esbuild').catch(() => fail('esbuild is not installed; run: npx --yes rust-just setup'))
mkdirSync(DIST, { recursive: true })
mkdirSync(PAGE, { recursive: true })
const compiled = compile()
const inputs = [compiled, ...TOOLS.map((name) => join(WWW, name))]
if (isOlder(MADE.map((name) => join(DIST, name)), inputs)) await makePage(compiled, esbuild)
for (const name of STATIC) await lay(name, esbuild)
layTexts()
printSizes(DIST, LOADS)
