// Builds the documentation as a site into `target/docs`: the repository's own Markdown, laid out as it lies, so that every
// link between two pages stays right; the pages of `docs/` lead through it. Every link is checked.
//
// Pages are rendered by mdBook; what they link to beside pages is copied. Beside them stand the demo (`demo/`), what rustdoc
// makes of the crates that others use (`rust/`), and TypeDoc of the npm package's types (`types/`).
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import { ROOT, WWW, fail, run } from './tools.mjs'

const SITE = join(ROOT, 'target/docs')
const SOURCE = join(ROOT, 'target/docs-source')

// The pages in their order, by what they are for; a page's title is its first heading unless another is said.
const BOOK = {
  'Start here': [['www/docs/quick-start.md'], ['www/docs/demo.md'], ['README.md', 'Overview'], ['SECURITY.md'], ['CHANGELOG.md']],
  'A television app': [['www/npm/README.md', 'The npm package'], ['www/docs/looks-and-keys.md'], ['www/examples/README.md'], ['client-wasm/README.md', 'The page'], ['client-wasm/ENGINES.md'], ['www/STORES.md'], ['www/SIZE.md']],
  'A server': [['www/docs/okta.md'], ['www/docs/authentik.md'], ['www/docs/any-issuer.md'], ['www/PROXY.md']],
  'Terminal and SSH': [['client-term/README.md', 'device-login'], ['client-term/pam/README.md', 'SSH']],
  'Test with the mock': [['mock-idp/README.md', 'mock-idp'], ['www/docs/webassembly-tests.md'], ['mock-idp/SCENARIOS.md', 'Scenarios of the mock'], ['mock-idp/bench/README.md'], ['tests/conformance/README.md', 'The conformance kit'], ['tests/conformance/RESULTS.md']],
  'How it works': [['www/docs/reference.md'], ['www/docs/comparison.md'], ['ARCHITECTURE.md'], ['device-flow/README.md', 'device-flow'], ['device-flow/examples/minreq/README.md'], ['device-flow/SCENARIOS.md'], ['device-flow/growth/README.md'], ['device-flow/MUTANTS.md'], ['CONTRIBUTING.md']],
  'Benchmarks': [['tests/bench/README.md', 'How they are taken'], ['tests/bench/results/page.md'], ['tests/bench/results/headless.md'], ['tests/bench/results/terminal.md'], ['tests/bench/results/qr.md'], ['tests/bench/results/scans.md'], ['tests/bench/results/ssh.md']],
}

const titleOf = (text) => text.match(/^# (.+)$/m)[1].replace(/[`[\]]/g, '')
// Addresses in links and pictures, outside of code.
const linksOf = (text) => Array.from(text.replace(/^ *```[^]*?^ *```/gm, '').replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link)

const pages = Object.values(BOOK).flat().map(([path]) => path)
rmSync(SOURCE, { recursive: true, force: true })
rmSync(SITE, { recursive: true, force: true })

// mdBook makes `index.html` of a README, and leaves links to it as they were.
const placeOf = (page) => page.replace(/(^|\/)README\.md$/, '$1index.md')

function lay(path, make) {
  const place = join(SOURCE, placeOf(path))
  mkdirSync(dirname(place), { recursive: true })
  make(place)
}
const copy = (path) => lay(path, (place) => copyFileSync(join(ROOT, path), place))

const problems = []
for (const page of pages) {
  const text = readFileSync(join(ROOT, page), 'utf8')
  lay(page, (place) => writeFileSync(place, text.replace(/(?<=\]\([^)\s]*)\bREADME\.md(?=[)#])/g, 'index.md')))
  for (const link of linksOf(text)) {
    if (/^(https?:|mailto:|#)/.test(link)) continue
    const path = join(dirname(page), link.replace(/#.*/, ''))
    if (!existsSync(join(ROOT, path))) problems.push(`${page} links to ${link}, which is not there`)
    else if (statSync(join(ROOT, path)).isFile() && !pages.includes(path)) copy(path)
  }
}

const line = ([path, title]) => `- [${title ?? titleOf(readFileSync(join(ROOT, path), 'utf8'))}](${placeOf(path)})`
const summary = Object.entries(BOOK).map(([part, list]) => [`# ${part}`, '', ...list.map(line), ''].join('\n'))
writeFileSync(join(SOURCE, 'SUMMARY.md'), ['# Summary', '', ...summary].join('\n'))
writeFileSync(join(SOURCE, 'book.toml'), '[book]\ntitle = "device-login"\nlanguage = "en"\nsrc = "."\n\n[output.html]\ndefault-theme = "light"\npreferred-dark-theme = "navy"\nno-section-label = true\n\n[output.html.print]\nenable = false\n')

const PATH = [join(ROOT, 'target', 'tools', 'bin'), process.env.PATH].join(delimiter)
const { error, status } = spawnSync('mdbook', ['build', SOURCE, '--dest-dir', SITE], { env: { ...process.env, PATH }, stdio: ['ignore', 'ignore', 'inherit'] })
if (error) fail('mdbook is not installed; run: npx --yes rust-just docs')
if (status !== 0) fail('mdbook failed; its own words are above')

run(process.execPath, [join(WWW, 'demo.mjs')])
cpSync(join(ROOT, 'target', 'demo'), join(SITE, 'demo'), { recursive: true })

// Crates that others use. What lies there of others would be in the search; cargo makes anew what is gone.
const CRATES = ['device-flow', 'mock-idp', 'device-flow-conformance']
const RUSTDOC = join(ROOT, 'target', 'doc')
rmSync(RUSTDOC, { recursive: true, force: true })
const crates = CRATES.flatMap((name) => ['--package', name])
run('cargo', ['doc', '--no-deps', '--locked', '--lib', '--features', 'device-flow/qr', '--target-dir', join(ROOT, 'target'), ...crates], { env: { RUSTDOCFLAGS: '-D warnings' } })
cpSync(RUSTDOC, join(SITE, 'rust'), { recursive: true })

run(process.execPath, [join(WWW, 'node_modules', 'typedoc', 'bin', 'typedoc'), '--options', join(WWW, 'docs', 'typedoc.json'), '--out', join(SITE, 'types')])

// Every link of the site leads to a file that is there, and every fragment to an element of it.
const files = readdirSync(SITE, { recursive: true }).filter((name) => name.endsWith('.html'))
const known = new Map()
function idsOf(file) {
  if (!known.has(file)) known.set(file, new Set(Array.from(readFileSync(file, 'utf8').matchAll(/\bid="([^"]+)"/g), ([, id]) => id)))
  return known.get(file)
}
// The words between the tags. Links of the pages around them, such as those of a menu, are the tools' own.
const textOf = (name) => readFileSync(join(SITE, name), 'utf8').match(/<main>[^]*<\/main>|<div class="col-content">[^]*?<footer>/)?.[0] ?? ''
let count = 0
for (const name of files.filter((name) => !/^(404|toc)\.html$|^demo\/|^rust\/src\//.test(name))) {
  for (const [, link] of textOf(name).matchAll(/<(?:a|iframe|img)\b[^>]*?\s(?:href|src)="([^"]+)"/g)) {
    // The last: rustdoc's own, about methods of traits of crates that are not rendered here.
    if (/^(https?:|mailto:|data:|javascript:|#tymethod\.)/.test(link)) continue
    count++
    const [path, fragment] = link.split('#')
    const target = path ? join(SITE, dirname(name), decodeURIComponent(path)) : join(SITE, name)
    const file = existsSync(target) && statSync(target).isDirectory() ? join(target, 'index.html') : target
    // Lines of a source are found by a script.
    const isLines = /\/src\//.test(file) && /^[\d-]+$/.test(fragment)
    // A folder of sources is no page; it was looked for in the repository above.
    if (!existsSync(file)) {
      if (!existsSync(join(ROOT, dirname(name), decodeURIComponent(path)))) problems.push(`${name} links to ${link}, which is not there`)
    } else if (fragment && !isLines && file.endsWith('.html') && ![fragment, decodeURIComponent(fragment)].some((id) => idsOf(file).has(id))) problems.push(`${name} links to ${link}: there is no such heading`)
  }
}
if (problems.length) fail(`Links of the documentation lead nowhere:\n- ${problems.join('\n- ')}`)
console.log(`${files.length} pages, ${count} links, all of which lead somewhere. Open ${relative(process.cwd(), join(SITE, 'www/docs/quick-start.html'))}`)
