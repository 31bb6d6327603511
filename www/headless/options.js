// What an app says when it makes a `DeviceLogin`: names and types are looked at here, at once; all else when it starts.
import { DeviceLoginError } from './error.js'

const TEXTS = ['issuer', 'clientId', 'scope', 'deviceAuthorizationEndpoint', 'tokenEndpoint', 'jwksUri', 'revocationEndpoint', 'endSessionEndpoint']
const FLAGS = ['pkce', 'strict', 'allowInsecureHttp']
const FUNCTIONS = ['fetch', 'userMessage']

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const kindOf = (name) =>
  TEXTS.includes(name) ? 'string' : FLAGS.includes(name) ? 'boolean' : FUNCTIONS.includes(name) ? 'function' : name === 'renewals' && 'number'

export function readOptions(options) {
  const settings = {}
  for (const name of Object.keys(Object(options))) {
    const value = options[name]
    if (value === undefined || name === 'wasm') continue
    const kind = kindOf(name)
    if (!kind) throw new DeviceLoginError('config_invalid', ['options', name, `made of known members, and ${name} is none`])
    if (typeof value !== kind) throw new DeviceLoginError('config_invalid', [snake(name), value, `a ${kind}`])
    if (kind !== 'function') settings[snake(name)] = value
  }
  if (!settings.client_id) throw new DeviceLoginError('config_missing', ['client_id', 'the server needs to know which application asks'])
  const { wasm, userMessage, fetch = globalFetch } = Object(options)
  return { settings, wasm, userMessage, fetch }
}

// As whoever replaces it, such as a test, wants to find it.
const globalFetch = (...both) => fetch(...both)
