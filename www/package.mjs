// Builds the npm package `device-login` into `target/package`: the compiled core, the scripts around it for each kind of
// host, types and manifest.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bind } from './binding.mjs'
import { compile } from './binary.mjs'
import { PACKAGE_LOADS, printSizes } from './sizes.mjs'
import { PACKAGE, ROOT, TARGET, WWW, fail } from './tools.mjs'

const HEADLESS = join(TARGET, 'headless')
const SOURCES = join(WWW, 'headless')

// The core tells codes and no words, so nothing in it is formatted: what could do it is only named by panics.
const WORDS = /(^| as )core(\W[^<]*?)?::fmt::(\w+>?::)?(fmt$|write|pad)|core(\W[^<]*?)?::fmt::(Debug|Display|LowerHex|UpperHex|Write)>::/

// Modules that know `import.meta`, which Chromium has since 64; older sets get their bundler's translation.
const WEB = { entry: join(SOURCES, 'web.js'), out: join(PACKAGE, 'headless.js'), format: 'esm', target: 'chrome64' }
const NODE = { entry: join(SOURCES, 'node.js'), out: join(PACKAGE, 'headless.node.js'), format: 'esm', platform: 'node', target: 'node20' }
const REQUIRED = { ...NODE, entry: join(SOURCES, 'node-cjs.js'), out: join(PACKAGE, 'headless.cjs'), format: 'cjs' }

// What `npx device-login` runs, beside the module that it takes from its own package.
const TERMINAL = { entryPoints: [join(WWW, 'bin', 'device-login.mjs')], outfile: join(PACKAGE, 'terminal.js'), external: ['device-login/*'] }

const esbuild = await import('esbuild').catch(() => fail('esbuild is not installed; run: npx --yes rust-just setup'))
rmSync(PACKAGE, { recursive: true, force: true })
mkdirSync(PACKAGE, { recursive: true })
const compiled = compile(['--no-default-features', '--features', 'headless'], HEADLESS)
const binary = { name: 'headless', between: join(HEADLESS, 'page'), binary: join(PACKAGE, 'headless.wasm'), silent: WORDS }
await bind(compiled, binary, [WEB, NODE, REQUIRED], esbuild)
await esbuild.build({ ...TERMINAL, bundle: true, format: 'esm', platform: 'node', target: 'node20', absWorkingDir: ROOT })

for (const name of readdirSync(join(WWW, 'npm'))) copyFileSync(join(WWW, 'npm', name), join(PACKAGE, name))
for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) copyFileSync(join(ROOT, name), join(PACKAGE, name))
// TypeScript takes a `.d.ts` here for that of a module, which `require` cannot have.
copyFileSync(join(PACKAGE, 'headless.d.ts'), join(PACKAGE, 'headless.d.cts'))

const [version] = readFileSync(join(ROOT, 'Cargo.toml'), 'utf8').match(/(?<=^version = ")[^"]+/m)
const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))
if (manifest.version !== version) fail(`www/npm/package.json has version ${manifest.version}; Cargo.toml has ${version}`)
printSizes(PACKAGE, PACKAGE_LOADS)
