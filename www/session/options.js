// What an app says when it makes a `Session`: names and types are looked at here, at once; all else by the core.
import { DeviceLoginError } from '../headless/error.js'
import { readOptions as readSignIn } from '../headless/options.js'

const STORAGE = ['load', 'save', 'clear']

const isLoopback = (host) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)

export function readOptions(options) {
  const { origins = [], storage, ...rest } = Object(options)
  const given = readSignIn(rest)
  if (!Array.isArray(origins)) throw new DeviceLoginError('config_invalid', ['origins', origins, 'an array of origins'])
  if (storage !== undefined && !STORAGE.every((name) => typeof Object(storage)[name] === 'function')) {
    throw new DeviceLoginError('config_invalid', ['storage', String(storage), `an object with the functions ${STORAGE.join(', ')}`])
  }
  return Object.assign(given, { storage, origins: origins.map((origin) => readOrigin(origin, given.settings.allow_insecure_http)) })
}

function readOrigin(origin, allowInsecureHttp) {
  const url = parse(origin)
  if (!url || !/^https?:$/.test(url.protocol) || origin.replace(/\/$/, '') !== url.origin) {
    throw new DeviceLoginError('config_invalid', ['origins', origin, 'origins such as https://api.example'])
  }
  // RFC 6750 section 5.3: tokens travel by TLS.
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowInsecureHttp) throw new DeviceLoginError('config_insecure', ['origins', origin])
  return url.origin
}

function parse(origin) {
  try {
    return typeof origin === 'string' && new URL(origin)
  } catch (error) {
    return undefined
  }
}

// The tokens as `DeviceLogin.tokens` and `mount` give them: what the core takes, and what of it is no secret.
export function readTokens(tokens) {
  const { accessToken, tokenType, name, preferredUsername, email, subject = null, scope = null } = Object(tokens)
  if (typeof accessToken !== 'string' || typeof tokenType !== 'string') {
    throw new DeviceLoginError('config_invalid', ['tokens', accessToken ? '(not shown)' : accessToken, 'what `tokens` of a sign-in resolves with'])
  }
  return { text: JSON.stringify(tokens), known: { name: name || preferredUsername || email || null, subject, scope, isKept: false, tokenType } }
}
