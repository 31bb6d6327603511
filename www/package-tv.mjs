// Packs what stands in `www/dist` as apps for the stores of Samsung and LG, both unsigned: a `.wgt` for Tizen and an
// `.ipk` for webOS. Such an app lives on `file:`, so its configuration stands in the page itself.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DIST, ROOT, WWW, fail } from './tools.mjs'

const USAGE = `Packs the page as unsigned apps for Tizen (.wgt) and webOS (.ipk); run \`just build\` first.

  --app FILE      what the app is called (default: www/platforms/app.json)
  --config FILE   where it signs in (default: www/config.json)
  --out FOLDER    where the packages go (default: target/package-tv)
  --help`

const OUT = join(ROOT, 'target', 'package-tv')
const PLATFORMS = join(WWW, 'platforms')
// Packages of the same page are the same bytes: this is the first day that a zip file can tell.
const LONG_AGO = new Date(1980, 0, 1)

// What the vendors allow, so that a mistake is told here and not by a store.
const RULES = {
  name: [/^[^<>&"\\\p{Cc}]{1,60}$/u, 'up to 60 characters without < > & " \\'],
  vendor: [/^[^<>&"\\\p{Cc}]{1,60}$/u, 'up to 60 characters without < > & " \\'],
  version: [/^(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])\.(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])\.(0|[1-9]\d{0,3})$/, 'three numbers such as 1.0.0, the first two up to 255'],
  webos_id: [/^[a-z0-9][a-z0-9.-]+$/, 'lower-case letters, digits, dots and hyphens'],
  tizen_package: [/^[A-Za-z0-9]{10}$/, 'ten letters and digits'],
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    fail(`${path} cannot be read (${error.code})`)
  }
}

function parse(path) {
  try {
    return JSON.parse(read(path))
  } catch (error) {
    fail(`${path} is no JSON: ${error.message}`)
  }
}

function readApp(path) {
  const app = parse(path)
  for (const [member, [rule, words]] of Object.entries(RULES)) {
    if (!rule.test(app[member] ?? '')) fail(`${path}: ${member} must be ${words}; it is ${JSON.stringify(app[member])}`)
  }
  const misspelt = Object.keys(app).find((member) => !(member in RULES))
  if (misspelt) fail(`${path}: ${misspelt} is not known; there are ${Object.keys(RULES).join(', ')}`)
  return app
}

// The page's files, with the configuration in a block of the page instead of a file beside it.
function pageFiles(config) {
  if (!existsSync(join(DIST, 'app.wasm'))) fail('there is no page in www/dist yet; run: npx --yes rust-just build')
  const files = {}
  for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name)
    if (entry.isFile()) files[path.slice(DIST.length + 1)] = readFileSync(path)
  }
  delete files['config.json']
  // No text of the configuration can end the block.
  const json = JSON.stringify(config).replaceAll('<', '\\u003c')
  const block = `<script type="application/json" id="device-login-config">${json}</script>\n`
  // What an app has at hand needs no head start, and on `file:` some engines refuse it aloud.
  const page = files['index.html'].toString().replace(/^(<!--.*-->\n)?<link rel="preload".*\n/gm, '')
  const place = page.indexOf('<script src="loader.js">')
  if (place < 0) fail('www/dist/index.html has no loader')
  files['index.html'] = Buffer.from(page.slice(0, place) + block + page.slice(place))
  return files
}

// The files of a platform's folder, with the app's names in its manifest.
function platformFiles(platform, manifest, app) {
  const folder = join(PLATFORMS, platform)
  const files = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))
  const text = files[manifest].toString().replace(/\{(\w+)\}/g, (_, member) => app[member])
  return { ...files, [manifest]: Buffer.from(text) }
}

async function makeTizen(app, page) {
  const { zipSync } = await import('fflate').catch(() => fail('fflate is not installed; run: npx --yes rust-just setup'))
  const files = { ...page, ...platformFiles('tizen', 'config.xml', app) }
  return zipSync(files, { level: 9, mtime: LONG_AGO })
}

async function tar(files) {
  const { pack } = await import('tar-stream').catch(() => fail('tar-stream is not installed; run: npx --yes rust-just setup'))
  const { gzipSync } = await import('node:zlib')
  const archive = pack()
  for (const [name, bytes] of Object.entries(files)) archive.entry({ name, mtime: LONG_AGO, mode: 0o644 }, bytes)
  archive.finalize()
  const pieces = []
  for await (const piece of archive) pieces.push(piece)
  return gzipSync(Buffer.concat(pieces), { level: 9 })
}

// The archive of `ar(1)`, which holds the three parts of a package: 60 bytes of header each, bodies of even length.
function ar(members) {
  const part = ([name, bytes]) => {
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`
    return Buffer.concat([Buffer.from(header), bytes, Buffer.alloc(bytes.length % 2, '\n')])
  }
  return Buffer.concat([Buffer.from('!<arch>\n'), ...Object.entries(members).map(part)])
}

async function makeWebos(app, page) {
  const { webos_id: id, version } = app
  const files = { ...page, ...platformFiles('webos', 'appinfo.json', app) }
  const data = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`usr/palm/applications/${id}/${name}`, bytes]))
  data[`usr/palm/packages/${id}/packageinfo.json`] = Buffer.from(`${JSON.stringify({ id, version, app: id }, null, 2)}\n`)
  const size = Object.values(data).reduce((sum, bytes) => sum + bytes.length, 0)
  const control = [
    `Package: ${id}`, `Version: ${version}`, 'Section: misc', 'Priority: optional', 'Architecture: all', `Installed-Size: ${size}`,
    `Maintainer: ${app.vendor}`, `Description: ${app.name}`, 'webOS-Package-Format-Version: 2', 'webOS-Packager-Version: x.y.x', '',
  ]
  return ar({
    'debian-binary': Buffer.from('2.0\n'),
    'control.tar.gz': await tar({ control: Buffer.from(control.join('\n')) }),
    'data.tar.gz': await tar(data),
  })
}

function options() {
  try {
    const known = { app: { type: 'string' }, config: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean' } }
    return parseArgs({ options: known }).values
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`)
    process.exit(64)
  }
}

const { app: appFile, config, out = OUT, help } = options()
if (help) {
  console.log(USAGE)
  process.exit(0)
}
const app = readApp(appFile ?? join(PLATFORMS, 'app.json'))
const page = pageFiles(parse(config ?? join(WWW, 'config.json')))
mkdirSync(out, { recursive: true })
const packages = {
  [`${app.webos_id}_${app.version}_all.ipk`]: await makeWebos(app, page),
  [`${app.tizen_package}.wgt`]: await makeTizen(app, page),
}
for (const [name, bytes] of Object.entries(packages)) {
  writeFileSync(join(out, name), bytes)
  console.log(`${join(out, name)}  ${bytes.length} bytes, unsigned`)
}
