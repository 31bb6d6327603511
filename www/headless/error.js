// Errors by their stable codes, which `headless.d.ts` lists.

const NETWORK = 'Check the network of this device, then try again.'
const LATER = 'Please try again in a few minutes.'
const CLOCK = 'Check the date and time of this device, then try again.'

// For the person in front of the screen; the first that fits.
const USER_MESSAGES = [
  [/^(config_|load_failed|cross_origin|digest|issuer_m|invalid_c|unauth|invalid_sc)/, 'This app is not set up correctly. Please tell whoever runs it.'],
  [/^(tls|id_token_(exp|issued|not_y))/, CLOCK],
  [/^(body_too|interr|name_n|offl|timed|unrea)/, NETWORK],
  [/^(server_|answer_|temp|slow_|too_many)/, LATER],
  [/^(invalid_gr|stopped|disposed)/, 'Please start again for a new code.'],
  [/./, 'Please tell whoever runs this service.'],
]

const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())

function developerMessage(code, details) {
  const [setting, value, rule] = details
  if (code === 'config_missing') return `${camel(setting)} is missing: ${value}`
  if (code === 'config_invalid') return `${camel(setting)} must be ${rule}; it is ${JSON.stringify(value)}`
  if (code === 'config_insecure') return `${camel(setting)} is plain http to another machine (${value}). Use https, or set allowInsecureHttp for a test network`
  if (code === 'cross_origin_refused') return `${code}: the server has to let pages of ${location.origin} read its answers (CORS)`
  if (code === 'issuer_mismatch') return `${code}: issuer is configured as ${setting}, but the server calls itself ${value}`
  return code + (details.join('') && `: ${details.join(', ')}`)
}

export class DeviceLoginError extends Error {
  constructor(code, details, host, userMessage) {
    super(developerMessage(code, details))
    this.name = 'DeviceLoginError'
    this.code = code
    this.details = details
    this.host = host || null
    this.userMessage = (userMessage && userMessage(code, details)) || USER_MESSAGES.find(([codes]) => codes.test(code))[1]
  }
}
