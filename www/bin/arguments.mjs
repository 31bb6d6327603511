// The command line: the options of the native program's call without a command.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as tls from 'node:tls'

// Name, name of the value, words.
const OPTIONS = [
  ['issuer', 'URL', "The authorization server's issuer, exactly as it spells it, such as `https://id.example/tenant`"],
  ['client-id', 'ID', 'Client id of a public client with the device grant'],
  ['scope', 'S', 'Scopes, separated by spaces [default: openid profile]'],
  ['renewals', 'N', 'Ask for so many new codes, one whenever a code runs out [default: 0]'],
  ['pkce', , 'Bind each code to this device by PKCE (RFC 7636), for servers that look at it with this grant'],
  ['json', , 'Write the token set to standard output, as one line of JSON'],
  ['strict', , 'Refuse what the RFCs do not allow, and name the rule; for testing authorization servers'],
  ['allow-insecure-http', , 'Let everything travel over plain http to other machines; for test networks only'],
  ['ca-file', 'FILE', "Trust the certificates of this PEM file too, beside Node's own; needs Node 22.19 or newer"],
  ['invert', , 'Draw the QR the other way round: for a terminal without colours and with a light background'],
  ['no-qr', , 'Draw no QR'],
  ['help', , 'Print help'],
  ['version', , 'Print version'],
]
const SHORT = { help: 'h', version: 'V' }
// What the native program knows beside these.
const NATIVE = ['check', 'page-origin']

const shown = ([name, value]) => `${SHORT[name] ? `-${SHORT[name]}, ` : '    '}--${name}${value ? ` <${value}>` : ''}`
const WIDTH = Math.max(...OPTIONS.map((option) => shown(option).length))

export const HELP = `Signs in on this terminal with a phone or another computer (OAuth 2.0 Device Authorization Grant, RFC 8628)

It signs in once and keeps nothing. Everything for people goes to standard error.

Usage: device-login [OPTIONS] --issuer <URL> --client-id <ID>

Options:
${OPTIONS.map((option) => `  ${shown(option).padEnd(WIDTH)}  ${option[2]}`).join('\n')}

Exit codes:
  0    signed in, or done
  1    denied, by the person or by a policy
  2    the code has expired
  3    failed; the words on standard error say why
  64   wrong usage or wrong configuration
  130  interrupted
`

// Thrown for what is wrong with the command line; the message is a sentence without a full stop.
export class WrongUsage extends Error {}

export function read(words) {
  const options = Object.fromEntries(OPTIONS.map(([name, value]) => [name, { type: value ? 'string' : 'boolean', ...(SHORT[name] && { short: SHORT[name] }) }]))
  let parsed
  try {
    parsed = parseArgs({ args: words, options, allowPositionals: true })
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error
    const [name] = error.message.match(/(?<='--)[\w-]+/) ?? []
    if (NATIVE.includes(name)) throw new WrongUsage(`--${name} is an option of the native program alone`)
    throw new WrongUsage(error.message.split('. ')[0])
  }
  const { values, positionals } = parsed
  if (positionals.length && !values.help) throw new WrongUsage(`there is no command ${JSON.stringify(positionals[0])} here: the native program alone keeps sessions`)
  return values
}

// As the class takes it.
export function settings({ issuer, scope, renewals, pkce, strict, ...values }) {
  return {
    issuer,
    clientId: values['client-id'],
    scope,
    renewals: renewals === undefined ? undefined : number('renewals', renewals),
    pkce,
    strict,
    allowInsecureHttp: values['allow-insecure-http'],
  }
}

function number(name, text) {
  if (!/^\d{1,3}$/.test(text)) throw new WrongUsage(`--${name} must be a number; it is ${JSON.stringify(text)}`)
  return Number(text)
}

// What the core says about a setting, in the words of the command line: a setting is an option here.
export function asUsage({ code, details: [setting, value, mustBe] }) {
  const option = `--${setting.replaceAll('_', '-')}`
  if (code === 'config_insecure') return `${option} is plain http to another machine (${value}); use https, or --allow-insecure-http for a test network`
  if (code === 'config_missing') return `${option} is missing: ${value}`
  return `${option} must be ${mustBe}; it is ${JSON.stringify(value)}`
}

export function trust(file) {
  if (file === undefined) return
  if (!tls.setDefaultCACertificates) throw new WrongUsage('--ca-file needs Node 22.19 or newer; with this one, say NODE_EXTRA_CA_CERTS=FILE in the environment')
  try {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(file, 'utf8')])
  } catch (error) {
    throw new WrongUsage(`--ca-file cannot be used: ${error.message}`)
  }
}
