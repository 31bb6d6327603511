// What an app says when it mounts a screen: names and types are looked at here, at once; all else by the screen.
import { DeviceLoginError } from '../headless/error.js'

const TEXTS = [
  'issuer', 'clientId', 'scope', 'deviceAuthorizationEndpoint', 'tokenEndpoint', 'jwksUri', 'revocationEndpoint', 'endSessionEndpoint',
  'brand', 'accent', 'help', 'lang',
]
const FLAGS = ['pkce', 'strict', 'allowInsecureHttp', 'keepSignedIn', 'highContrast']
const NUMBERS = ['renewals', 'qrSize']

// The screen's own; the rest is the sign-in's.
const LOOKS = ['brand', 'accent', 'lang', 'help', 'highContrast']

// Every option, and its kind.
export const KINDS = {}
TEXTS.forEach((name) => (KINDS[name] = 'string'))
FLAGS.forEach((name) => (KINDS[name] = 'boolean'))
NUMBERS.forEach((name) => (KINDS[name] = 'number'))

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export function readOptions(options) {
  const [settings, looks] = [{}, {}]
  for (const name of Object.keys(Object(options))) {
    const value = options[name]
    if (value === undefined || name === 'wasm') continue
    const kind = KINDS[name]
    if (!kind) throw new DeviceLoginError('config_invalid', ['options', name, `made of known members, and ${name} is none`])
    if (typeof value !== kind) throw new DeviceLoginError('config_invalid', [snake(name), value, `a ${kind}`])
    if (LOOKS.indexOf(name) < 0) settings[snake(name)] = value
    else looks[name] = value
  }
  if (!settings.client_id) throw new DeviceLoginError('config_missing', ['client_id', 'the server needs to know which application asks'])
  const { brand, accent } = looks
  if (brand || accent) settings.brand = { name: brand, accent }
  return { settings, looks, wasm: Object(options).wasm }
}
