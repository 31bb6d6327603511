// What an app says when it makes a `DeviceLogin`: names and types are looked at here, at once; all else when it starts.
import { DeviceLoginError } from './error.js'

// What every sign-in may be told, and of which kind it is.
export const SIGN_IN = {
  __proto__: null,
  issuer: 'string',
  clientId: 'string',
  scope: 'string',
  deviceAuthorizationEndpoint: 'string',
  tokenEndpoint: 'string',
  jwksUri: 'string',
  revocationEndpoint: 'string',
  endSessionEndpoint: 'string',
  pkce: 'boolean',
  strict: 'boolean',
  allowInsecureHttp: 'boolean',
  renewals: 'number',
}
const KINDS = Object.assign({ __proto__: null, fetch: 'function', userMessage: 'function' }, SIGN_IN)

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

// Sorts the options of these kinds: the settings of the core, by its names, and the `others`, which are for its shell.
export function sortOptions(options, kinds, isSetting) {
  const [settings, others] = [{}, {}]
  for (const name of Object.keys(Object(options))) {
    const value = options[name]
    if (value === undefined || name === 'wasm') continue
    const kind = kinds[name]
    if (!kind) throw new DeviceLoginError('config_invalid', ['options', name, `made of known members, and ${name} is none`])
    if (typeof value !== kind) throw new DeviceLoginError('config_invalid', [snake(name), value, `a ${kind}`])
    if (isSetting(name)) settings[snake(name)] = value
    else others[name] = value
  }
  if (!settings.client_id) throw new DeviceLoginError('config_missing', ['client_id', 'the server needs to know which application asks'])
  return { settings, others, wasm: Object(options).wasm }
}

export function readOptions(options) {
  const { settings, others, wasm } = sortOptions(options, KINDS, (name) => name in SIGN_IN)
  const { userMessage, fetch = globalFetch } = others
  return { settings, wasm, userMessage, fetch }
}

// As whoever replaces it, such as a test, wants to find it.
const globalFetch = (...both) => fetch(...both)
