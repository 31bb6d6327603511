// From a compiled binary to what a television loads: the binary and its glue, without what the other does not use.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lower } from './binary.mjs'
import { silencePanics } from './panics.mjs'
import { DIST, OLDEST_ENGINE, PAGE, WWW, binaryen, fail, run } from './tools.mjs'
import { translate } from './translation.mjs'

// Fills `dist` from a compiled binary.
export async function makePage(compiled, esbuild) {
  const page = { name: 'app', between: PAGE, binary: join(DIST, 'app.wasm') }
  const script = { entry: join(WWW, 'bridge.js'), out: join(DIST, 'app.js'), format: 'iife', target: OLDEST_ENGINE }
  await bind(compiled, page, [script], esbuild)
  await translate(page.binary, join(DIST, 'app.translated.js'), esbuild)
}

// Makes `binary`, and the scripts with its glue, which all call the same of it.
export async function bind(compiled, made, scripts, esbuild) {
  const { name, between } = made
  mkdirSync(between, { recursive: true })
  // A bundler's form: nothing but functions, since how the binary is loaded is the affair of each script.
  const bound = ['--target', 'bundler', '--no-typescript', '--encode-into', 'never', '--out-name', name, '--out-dir', between]
  run('wasm-bindgen', [lower(compiled, between), ...bound])
  const glue = withoutStaleViews(withoutDisposal(readFileSync(join(between, `${name}_bg.js`), 'utf8')))
  const all = importsOf(join(between, `${name}_bg.wasm`), `./${name}_bg.js`)
  const used = exportsUsedBy(await bundle(glue, all.map((name) => [name, name]), made, scripts[0], esbuild))
  const names = shrink(used, made)
  for (const script of scripts) {
    const { text } = await bundle(renamed(glue, names.exports), names.imports, made, { ...script, minify: true }, esbuild)
    writeFileSync(script.out, text)
  }
}

// Nobody here writes `using`. That and the registries would keep classes that nobody uses, such as those of wasm-streams.
const withoutDisposal = (glue) =>
  glue.replace(/^if \(Symbol\.dispose\).*$/gm, '').replaceAll('new FinalizationRegistry', '/* @__PURE__ */ new FinalizationRegistry')

// wasm-bindgen takes a grown memory for one whose old buffer is gone, which is not so in the translation, and in Chromium 64
// not always in WebAssembly: `browser/session` fails there.
function withoutStaleViews(glue) {
  const stale = /\b(cached\w+) === null \|\| \1\.byteLength === 0\b/g
  if (!stale.test(glue)) fail('www/binding.mjs: the glue looks at its memory in a way that is not known here')
  return glue.replace(stale, '$1 === null || $1.buffer !== wasm.memory.buffer')
}

// The names in a binary's import section; all are to come from the glue.
function importsOf(path, glue) {
  const module = new WebAssembly.Module(readFileSync(path))
  return WebAssembly.Module.imports(module).map(({ module, name }) => {
    if (module !== glue) fail(`www/binding.mjs: nobody provides the import ${module} ${name}`)
    return name
  })
}

// What the glue takes from the binary.
const exportsUsedBy = ({ text }) => [...new Set(Array.from(text.matchAll(/\bwasm\.(\w+)/g), ([, name]) => name))]

// A script with the glue, whose imports go by other names: `[name in the glue, name in the binary]`; `modules` are further
// ones that are made by the build, by their names, and `own` those of this script; `module` is what loads the binary, where
// that is not `headless/module.js`.
async function bundle(glue, imports, { modules = {} }, { entry, out, own = {}, module, ...options }, { build }) {
  const starts = glue.includes('wasm.__wbindgen_start') ? '' : 'exports.__wbindgen_start && exports.__wbindgen_start()'
  const files = {
    ...modules,
    ...own,
    glue: `${glue}\nexport function bind(exports) { wasm = exports; ${starts} }`,
    imports: `import * as glue from 'glue'\nexport const imports = { 'a': { ${imports.map(([name, short]) => `${short}: glue.${name}`)} } }`,
  }
  const plugin = {
    name: 'glue',
    setup({ onResolve, onLoad }) {
      if (module) onResolve({ filter: /\/module\.js$/ }, ({ importer }) => (importer === module ? undefined : { path: module }))
      onResolve({ filter: /^\w+$/ }, ({ path }) => ({ path, namespace: 'bound' }))
      onLoad({ filter: /.*/, namespace: 'bound' }, ({ path }) => ({ contents: files[path] }))
    },
  }
  const { outputFiles } = await build({ entryPoints: [entry], outfile: out, bundle: true, write: false, plugins: [plugin], ...options })
  return outputFiles[0]
}

// Takes from the bound binary what nobody calls, makes the rest small, and returns the new names of both sides.
function shrink(used, { name, between, binary, silent }) {
  const nodes = used.map((name) => ({ name: `export ${name}`, export: name }))
  const graph = [{ name: 'glue', reaches: nodes.map(({ name }) => name), root: true }, ...nodes]
  const [graphFile, needed] = [join(between, 'graph.json'), join(between, 'needed.wasm')]
  writeFileSync(graphFile, JSON.stringify(graph))
  binaryen('wasm-metadce', [join(between, `${name}_bg.wasm`), '-g', '-mvp', `--graph-file=${graphFile}`, '-o', needed], { reads: true })
  silencePanics(needed, silent)
  // `-mvp` is also the check: it refuses anything newer.
  // Taken apart and put together again, it becomes a hundredth smaller still; so it does if functions are not put into each
  // other, which compress better side by side. The stack ends at address 0, so nothing else is found below 1024.
  const apart = ['--one-caller-inline-max-function-size=60', '--always-inline-max-function-size=0', '--low-memory-unused']
  const small = ['-mvp', ...apart, '--flatten', '--rereloop', '-Oz', '-Oz', '--converge', '--strip-producers', '--strip-target-features']
  binaryen('wasm-opt', [needed, '-g', ...small, '-o', join(between, 'named.wasm')])
  const map = ['-mvp', '--minify-imports-and-exports-and-modules', '-o', binary]
  const names = JSON.parse(binaryen('wasm-opt', [join(between, 'named.wasm'), ...map], { reads: true }))
  return { exports: names.exports, imports: names.imports.map(([, name, short]) => [name, short]) }
}

// The glue with the binary's new names for what it exports.
function renamed(glue, exports) {
  const names = new Map(exports)
  return glue.replace(/\bwasm\.(\w+)/g, (whole, name) => (names.has(name) ? `wasm.${names.get(name)}` : whole))
}
