// Builds the npm package `device-login` into `target/package`: the compiled core, the scripts around it for each kind of
// host, types and manifest.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bind } from './binding.mjs'
import { compile } from './binary.mjs'
import { PACKAGE_LOADS, printSizes } from './sizes.mjs'
import { shadowSheet } from './shadow.mjs'
import { layTextModules, layTextScripts } from './texts.mjs'
import { translate } from './translation.mjs'
import { OLDEST_ENGINE, PACKAGE, ROOT, TARGET, WWW, fail } from './tools.mjs'

const HEADLESS = join(TARGET, 'headless')
const SESSION = join(TARGET, 'session')
const SCREEN = join(TARGET, 'screen')
const sourceOf = (...path) => join(WWW, ...path)

// The core tells codes and no words, so nothing in it is formatted: what could do it is only named by panics.
const WORDS = /(^| as )core(\W[^<]*?)?::fmt::(\w+>?::)?(fmt$|write|pad)|core(\W[^<]*?)?::fmt::(Debug|Display|LowerHex|UpperHex|Write)>::/

// Modules that know `import.meta`, which Chromium has since 64; older sets get their bundler's translation.
const WEB = { entry: sourceOf('headless', 'web.js'), out: join(PACKAGE, 'headless.js'), format: 'esm', target: 'chrome64' }
const NODE = { entry: sourceOf('headless', 'node.js'), out: join(PACKAGE, 'headless.node.js'), format: 'esm', platform: 'node', target: 'node20' }
const REQUIRED = { ...NODE, entry: sourceOf('headless', 'node-cjs.js'), out: join(PACKAGE, 'headless.cjs'), format: 'cjs' }
// The same three of what comes after a sign-in.
const AFTER = [[WEB, 'web.js', 'session.js'], [NODE, 'node.js', 'session.node.js'], [REQUIRED, 'node-cjs.js', 'session.cjs']].map(([script, entry, out]) => ({ ...script, entry: sourceOf('session', entry), out: join(PACKAGE, out) }))
// Classic scripts for the oldest engine and for `file:`, each with a translation of its binary beside it.
const CLASSIC = { format: 'iife', target: OLDEST_ENGINE, module: sourceOf('classic', 'module.js') }
const classic = (name, own) => ({ ...CLASSIC, define: { POLICY: `'device-login-${name}'` }, entry: sourceOf('classic', `${name}.js`), out: join(PACKAGE, `${name}.classic.js`), own: { script: readFileSync(sourceOf('classic', 'script.js'), 'utf8'), ...own } })
const translated = (name) => translate(join(PACKAGE, `${name}.wasm`), join(PACKAGE, `${name}.translated.js`), esbuild)
// Languages are loaded as they are spoken.
const MOUNT = { ...WEB, entry: sourceOf('screen', 'screen.js'), out: join(PACKAGE, 'screen.js'), external: ['./texts/*'] }
const ELEMENT = { entryPoints: [sourceOf('screen', 'element.js')], outfile: join(PACKAGE, 'element.js'), external: ['./screen.js'], bundle: true, minify: true, format: 'esm', target: 'chrome64' }
// The same beside the classic script, which must be there by the time that an element has its client.
const onResolve = (filter, path) => ({ name: 'beside', setup: (build) => build.onResolve({ filter }, () => ({ path })) })
const CLASSIC_ELEMENT = { ...ELEMENT, outfile: join(PACKAGE, 'element.classic.js'), external: [], plugins: [onResolve(/^\.\/screen\.js$/, sourceOf('classic', 'mount.js'))], format: 'iife', target: OLDEST_ENGINE }

// What `npx device-login` runs, beside the module that it takes from its own package.
const TERMINAL = { entryPoints: [join(WWW, 'bin', 'device-login.mjs')], outfile: join(PACKAGE, 'terminal.js'), external: ['device-login/*'] }

const esbuild = await import('esbuild').catch(() => fail('esbuild is not installed; run: npx --yes rust-just setup'))
rmSync(PACKAGE, { recursive: true, force: true })
mkdirSync(PACKAGE, { recursive: true })

const compiled = compile(['--no-default-features', '--features', 'headless'], HEADLESS)
const binary = { name: 'headless', between: join(HEADLESS, 'page'), binary: join(PACKAGE, 'headless.wasm'), silent: WORDS }
await bind(compiled, binary, [WEB, NODE, REQUIRED, classic('headless')], esbuild)
const after = { name: 'session', between: join(SESSION, 'page'), binary: join(PACKAGE, 'session.wasm'), silent: WORDS }
await bind(compile(['--no-default-features', '--features', 'session'], SESSION), after, [...AFTER, classic('session')], esbuild)
await esbuild.build({ ...TERMINAL, bundle: true, format: 'esm', platform: 'node', target: 'node20', absWorkingDir: ROOT })

const modules = { texts: layTextModules(PACKAGE), style: `export const style = ${JSON.stringify(await shadowSheet(esbuild, OLDEST_ENGINE))}` }
const screen = { name: 'screen', between: join(SCREEN, 'page'), binary: join(PACKAGE, 'screen.wasm'), modules }
await bind(compile(['--features', 'screen'], SCREEN), screen, [MOUNT, classic('screen', { texts: layTextScripts(PACKAGE) })], esbuild)
for (const name of ['headless', 'session', 'screen']) await translated(name)
await esbuild.build(ELEMENT)
await esbuild.build(CLASSIC_ELEMENT)

for (const name of readdirSync(join(WWW, 'npm'))) copyFileSync(join(WWW, 'npm', name), join(PACKAGE, name))
for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) copyFileSync(join(ROOT, name), join(PACKAGE, name))
// TypeScript takes a `.d.ts` here for that of a module, which `require` cannot have.
for (const name of ['headless', 'session']) {
  const types = readFileSync(join(PACKAGE, `${name}.d.ts`), 'utf8').replaceAll(`'./headless.js'`, `'./headless.cjs'`)
  writeFileSync(join(PACKAGE, `${name}.d.cts`), types)
}

const [version] = readFileSync(join(ROOT, 'Cargo.toml'), 'utf8').match(/(?<=^version = ")[^"]+/m)
const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))
if (manifest.version !== version) fail(`www/npm/package.json has version ${manifest.version}; Cargo.toml has ${version}`)
printSizes(PACKAGE, PACKAGE_LOADS)
