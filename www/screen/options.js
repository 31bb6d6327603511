// What an app says when it mounts a screen: names and types are looked at here, at once; all else by the screen.
import { SIGN_IN, sortOptions } from '../headless/options.js'

// The shell's own; the rest is the compiled screen's.
const LOOKS = ['brand', 'accent', 'lang', 'help', 'highContrast']

// Every option, and its kind.
export const KINDS = Object.assign({ __proto__: null }, SIGN_IN, {
  brand: 'string',
  accent: 'string',
  help: 'string',
  lang: 'string',
  keepSignedIn: 'boolean',
  highContrast: 'boolean',
  qrSize: 'number',
})

export function readOptions(options) {
  const { settings, others: looks, wasm } = sortOptions(options, KINDS, (name) => LOOKS.indexOf(name) < 0)
  const { brand, accent } = looks
  if (brand || accent) settings.brand = { name: brand, accent }
  return { settings, looks, wasm }
}
