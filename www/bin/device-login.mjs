#!/usr/bin/env node
// `npx device-login`: the headless sign-in on a terminal.
import { createRequire } from 'node:module'
import { DeviceLogin } from 'device-login/headless'
import { HELP, WrongUsage, asUsage, read, settings, trust } from './arguments.mjs'
import { makeScreen } from './screen.mjs'
import { symbolOf } from './symbol.mjs'
import { abilitiesOf } from './terminal.mjs'

// As the native program's (`client-term/src/program/exit.rs`); 64 is `EX_USAGE`, 130 what shells say.
const EXIT = { signedIn: 0, denied: 1, expired: 2, failed: 3, wrongUsage: 64, cancelled: 130 }

// The members of RFC 6749 section 5.1 and `id_token`, those that the server sent.
const MEMBERS = { access_token: 'accessToken', expires_in: 'expiresIn', id_token: 'idToken', refresh_token: 'refreshToken', scope: 'scope', token_type: 'tokenType' }

// A closed standard error is no reason to stop signing in.
process.stderr.on('error', () => {})
const write = (text) => process.stderr.write(text)

const complain = (what) => {
  write(`device-login: ${what}. \`device-login --help\` tells more.\n`)
  return EXIT.wrongUsage
}

async function run(words) {
  const options = read(words)
  if (options.help) return writeOut(HELP)
  if (options.version) return writeOut(`device-login ${createRequire(import.meta.url)('device-login/package.json').version}\n`)
  trust(options['ca-file'])
  return signIn(options)
}

async function signIn(options) {
  // What the core does not tell, and a person wants to know.
  let status
  const fetch = async (...request) => {
    const answer = await globalThis.fetch(...request)
    status = answer.status
    return answer
  }
  let login
  try {
    login = new DeviceLogin({ ...settings(options), fetch })
  } catch (error) {
    if (error.code?.startsWith('config_')) throw new WrongUsage(asUsage(error))
    throw error
  }
  const abilities = abilitiesOf(process.stderr, process.env, options)
  const screen = makeScreen(write, abilities)
  const tell = async (view) => {
    if (view.kind === 'idle') return
    if (isWrongUsage(view)) screen.close()
    else screen.show(view, view.kind === 'code' && abilities.qr ? await symbolsOf(view) : undefined)
  }
  process.on('SIGINT', () => login.cancel())
  try {
    const end = await new Promise((resolve, reject) => {
      let told = Promise.resolve()
      login.onView((view) => {
        const seen = withStatus(view, status)
        told = told.then(() => tell(seen)).catch(reject)
        if (['signedIn', 'ended', 'failed'].includes(view.kind)) told.then(() => resolve(seen))
      })
      login.start()
    })
    if (isWrongUsage(end)) return complain(asUsage(end.error))
    if (end.kind === 'signedIn' && options.json) return await writeOut(`${JSON.stringify(membersOf(await login.tokens))}\n`)
    return EXIT[end.kind === 'ended' ? end.reason : end.kind]
  } finally {
    login.dispose()
  }
}

const isWrongUsage = ({ kind, error }) => kind === 'failed' && error.code.startsWith('config_')

function withStatus(view, status) {
  if (view.trouble) return { ...view, trouble: { ...view.trouble, status } }
  if (view.kind !== 'failed') return view
  const { code, details, host } = view.error
  return { ...view, error: { code, details, host, status } }
}

// Of the code that is shown; a view comes every second.
let known = new Map()
async function symbolsOf({ verificationUri, verificationUriComplete, qr }) {
  const addresses = [verificationUriComplete, verificationUri].filter((address) => address !== null)
  if (addresses.every((address) => known.has(address))) return known
  const symbol = (address) => (qr?.address === address ? qr : symbolOf(DeviceLogin, address))
  known = new Map(await Promise.all(addresses.map(async (address) => [address, await symbol(address)])))
  return known
}

const membersOf = (tokens) => Object.fromEntries(Object.entries(MEMBERS).map(([member, name]) => [member, tokens[name]]))

function writeOut(text) {
  return new Promise((resolve) => {
    const fail = (error) => {
      write(`device-login: the result could not be written: ${error.message}. Look at where standard output goes.\n`)
      resolve(EXIT.failed)
    }
    process.stdout.on('error', fail)
    process.stdout.write(text, (error) => error || resolve(EXIT.signedIn))
  })
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  if (error instanceof WrongUsage) process.exitCode = complain(error.message)
  else {
    write(`device-login: this program has a defect. Please report it.\n${error.stack}\n`)
    process.exitCode = EXIT.failed
  }
}
