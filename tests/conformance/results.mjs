// Runs the kit on what the project did not write and on the project itself, and writes RESULTS.md beside this file.
//
//   node tests/conformance/results.mjs          everything
//   node tests/conformance/results.mjs NAME     one of them, with the words for people and nothing written
//
// `npx --yes rust-just conformance` sets up what it needs.

import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

process.chdir(new URL('../..', import.meta.url).pathname)

const KIT = 'target/debug/device-flow-conformance'
const PYTHON = 'target/peers/bin/python'
const npm = JSON.parse(readFileSync('tests/package-lock.json')).packages
const pip = readFileSync('tests/peers/python/requirements.txt', 'utf8')
const ofNpm = (name) => npm[`node_modules/${name}`].version
const ofPip = (name) => pip.match(new RegExp(`^${name}==(.*)$`, 'mi'))[1]
const crate = (lock, name) => readFileSync(lock, 'utf8').match(new RegExp(`name = "${name}"\nversion = "(.*)"`))[1]
const own = crate('Cargo.lock', 'device-flow')

const client = (name, version, from, ...command) => ({ name, version, from, command, mode: 'client' })
/** A client that is started once for all runs: `options` for the kit, and the command of each. */
const program = (name, version, from, start, options) => ({ name, version, from, start, options, mode: 'client' })
const server = (name, version, from, start, options) => ({ name, version, from, start, options, mode: 'server' })

/** A mock of the project's own, with somebody who decides by its control listener. */
const mock = (issuer) => ({
  start: ['target/debug/mock-idp', 'serve', '--json', '--free-ports', '--rate-limits', 'off'],
  options: (ready) => [
    ...['--issuer', ready.issuers[issuer], '--patience', '70'],
    ...['--approve', `curl -sf -X POST ${ready.control}/grants/{user_code}/approve`],
    ...['--deny', `curl -sf -X POST ${ready.control}/grants/{user_code}/deny`],
  ],
})
const mocked = (name, issuer, profile) => {
  const { start, options } = mock(issuer)
  return server(name, own, 'this project', start, (ready) => [...options(ready), ...(profile ? ['--profile', profile] : [])])
}

const phone = (decision) => `node tests/peers/approve-oidc-provider.mjs ${decision} {verification_uri} {user_code}`

const SUBJECTS = [
  client('openid-client', ofNpm('openid-client'), 'npm', 'node', 'tests/peers/conformance-openid-client.mjs', '{issuer}', '{client_id}'),
  client('oauth4webapi', ofNpm('oauth4webapi'), 'npm, with a loop of ours', 'node', 'tests/peers/conformance-oauth4webapi.mjs', '{issuer}', '{client_id}'),
  client('requests_oauth2client', ofPip('requests_oauth2client'), 'PyPI', PYTHON, 'tests/peers/python/requests_oauth2client_peer.py', '{issuer}', '{client_id}', '{device_authorization_endpoint}', '{token_endpoint}'),
  client('oauth2', crate('tests/peers/rust/Cargo.lock', 'oauth2'), 'crate', 'target/peers-rust/debug/oauth2-peer', '{client_id}', '{device_authorization_endpoint}', '{token_endpoint}'),
  client('device-login', own, 'this project', 'target/debug/device-login', '--issuer', '{issuer}', '--client-id', '{client_id}'),
  client('npx device-login', own, 'this project, in Node', 'node', 'target/package/terminal.js', '--issuer', '{issuer}', '--client-id', '{client_id}'),
  program('page', own, 'this project, in Chromium', ['node', 'tests/peers/page.mjs'], ({ origin }) => [
    ...['--page-origin', origin, '--jobs', '5', '--', 'curl', '-s', '--fail-with-body', `${origin}/sign-in?issuer={issuer}&client_id={client_id}`],
  ]),
  server('oidc-provider', ofNpm('oidc-provider'), 'npm', ['node', 'tests/peers/oidc-provider.mjs'], ({ issuer }) => [
    ...['--issuer', issuer, '--approve', phone('approve'), '--deny', phone('deny')],
  ]),
  server('Authlib', ofPip('Authlib'), 'PyPI, with Flask', [PYTHON, 'tests/peers/python/authlib_server.py'], (ready) => [
    ...['--issuer', ready.issuer, '--device-authorization-endpoint', ready.device_authorization_endpoint],
    ...['--token-endpoint', ready.token_endpoint, '--scope', 'openid', '--other-client-id', 'box'],
    ...['--approve', `curl -sf -X POST ${ready.issuer}/approve/{user_code}`],
    ...['--deny', `curl -sf -X POST ${ready.issuer}/deny/{user_code}`],
  ]),
  mocked('mock-idp rfc', 'rfc'),
  mocked('mock-idp okta-org', 'okta-org', 'okta'),
  mocked('mock-idp authentik', 'authentik', 'authentik'),
]

/** Runs the kit to its end: its report, or its exit status where nothing is written. */
async function kit(options, quiet) {
  const child = spawn(KIT, quiet ? [...options.slice(0, 1), '--json', ...options.slice(1)] : options, {
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'ignore' : 'inherit'],
  })
  let text = ''
  child.stdout?.on('data', (piece) => (text += piece))
  const code = await new Promise((ended) => child.on('close', ended))
  if (quiet && code > 1) throw new Error(`${options.join(' ')}: exit status ${code}`)
  return quiet ? JSON.parse(text) : code
}

async function run(subject, quiet) {
  if (subject.command) return kit(['client', '--', ...subject.command], quiet)
  const [command, ...given] = subject.start
  const started = spawn(command, given, { stdio: ['pipe', 'pipe', 'ignore'] })
  try {
    const line = await new Promise((told, failed) => {
      createInterface({ input: started.stdout }).once('line', told)
      started.once('close', () => failed(new Error(`${subject.name} does not start`)))
    })
    const words = subject.mode === 'client' ? ['client'] : ['server', '--client-id', 'tv']
    return await kit([...words, ...subject.options(JSON.parse(line))], quiet)
  } finally {
    started.kill()
  }
}

const [wanted] = process.argv.slice(2)
if (wanted) {
  const subject = SUBJECTS.find(({ name }) => name === wanted)
  if (!subject) {
    console.error(`There is no ${wanted}; there are: ${SUBJECTS.map(({ name }) => name).join(', ')}`)
    process.exit(64)
  }
  process.exit(await run(subject, false))
}

// Two at a time: they wait more than they work.
const queue = [...SUBJECTS]
async function work() {
  for (let subject; (subject = queue.shift()); ) {
    console.error(`${subject.mode} ${subject.name} ...`)
    subject.report = await run(subject, true)
  }
}
await Promise.all([work(), work()])

const amiss = ({ verdict }) => verdict === 'fail' || verdict === 'warn'
const cell = (finding) => {
  if (finding.verdict === 'not_tested') return ''
  if (amiss(finding) && finding.known_deviation) return 'known'
  return finding.verdict === 'fail' ? '**fail**' : finding.verdict
}

function matrix(subjects) {
  const [first] = subjects
  const row = (cells) => `| ${cells.join(' | ')} |`
  const rows = first.report.findings.map(({ id, level }, at) =>
    row([`\`${id}\``, level, ...subjects.map(({ report }) => cell(report.findings[at]))]),
  )
  const head = ['check', 'level', ...subjects.map(({ name, version }) => `${name} ${version}`)]
  return [row(head), row(head.map(() => '---')), ...rows].join('\n')
}

function findings({ name, version, from, report }) {
  const list = report.findings
    .filter(amiss)
    .filter((finding) => !finding.known_deviation)
    .map(({ id, verdict, level, source, requirement, seen }) => {
      const plain = seen.replace(/(127\.0\.0\.1|localhost):\d+/g, '$1').replaceAll('|', '\\|')
      return `- ${verdict}: \`${id}\` (${level}, ${source}). ${requirement} Seen: ${plain}`
    })
  const known = report.findings.filter((finding) => amiss(finding) && finding.known_deviation).length
  const more = known ? `\n${known} known deviations of the product, as the profile lists them.\n` : ''
  const words = list.length ? list.join('\n') : 'Nothing is broken.'
  return `### ${name} ${version} (${from})\n\n\`npx --yes rust-just conformance '${name}'\`\n${more}\n${words}\n`
}

const of = (mode) => SUBJECTS.filter((subject) => subject.mode === mode)
writeFileSync(
  'tests/conformance/RESULTS.md',
  `# Results

What \`npx --yes rust-just conformance\` found on ${SUBJECTS[0].report.date}, with device-flow-conformance ${own}.
An empty cell was not tested; *known* is a deviation that the product's profile lists with its source.
A finding speaks of one version in the set-up of \`tests/peers\`, with its defaults; libraries leave some things to whoever integrates them, and no check says that software is good or bad.
FIELD checks ask for more than any RFC does: a warning there is no fault.

## Clients

${matrix(of('client'))}

## Servers

${matrix(of('server'))}

## What was found

${SUBJECTS.map(findings).join('\n')}`,
)
console.error('tests/conformance/RESULTS.md is written.')
