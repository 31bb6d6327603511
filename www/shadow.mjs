// The style sheet as the npm package has it: the page's own (`style.css`), for a shadow root in somebody's page. Lengths
// follow the size of the screen's place and not that of the window, colours can be set from outside, and nothing of the
// page around gets in.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WWW, fail } from './tools.mjs'

// `--rem` is set by `screen/room.js`: 1/67.5 of the height. So 1 % of the height is .675 of it, and 1 % of the width of
// 16:9 is 1.2.
const UNITS = { rem: 1, vh: 0.675, vw: 1.2 }

// What an app can set, and what stands there without. Where colours need not be told apart by an app they have one name.
const COLOURS = {
  '#0a0d12': 'ground',
  '#16202e': 'glow',
  '#f2f4f7': 'text',
  '#c3cbd7': 'muted',
  '#aeb7c4': 'muted',
  '#d4dae3': 'muted',
  '#9aa4b2': 'muted',
  '#8d97a6': 'muted',
  '#1d2735': 'surface',
  '#e9edf3': 'on-surface',
  '#3a2a10': 'alert',
  '#ffd591': 'on-alert',
}
const named = (name, fallback) => `var(--device-login-${name}, ${fallback})`

// What only a document has, a rule a line.
const DOCUMENT = /^(html|@media \(max-aspect-ratio: 16\/9\)|body|#app|\.noscript) \{.*\n/gm

const own = (font) => `
:host { display: block; width: 100%; height: 100%; }
#app { all: initial; position: relative; display: block; height: 100%; overflow: hidden; font-family: ${named('font', font)}; -webkit-font-smoothing: antialiased; color: #f2f4f7; background: #0a0d12; --accent: ${named('accent', '#5b8cff')}; }
.stage { position: absolute; top: 0; right: 0; bottom: 0; left: 0; }
[data-away] .control.lit { color: #f2f4f7; background: #1d2735; box-shadow: none; }
`
// Black and white stay so, whatever an app sets.
const ownInContrast = `
[data-away][data-contrast] .control.lit { color: #fff; background: #000; box-shadow: none; }
[data-contrast]#app { background: #000; }
`

const withNames = (line) => {
  if (line.startsWith('[data-contrast]')) return line
  const texts = line.replace(/\bcolor: #fff;/g, `color: ${named('text', '#fff')};`)
  return texts.replace(/#[0-9a-f]{6}\b/g, (colour) => (COLOURS[colour] ? named(COLOURS[colour], colour) : colour))
}

const withUnits = (line) => line.replace(/(-?\d*\.?\d+)(rem|vh|vw)\b/g, (_, number, unit) => `calc(var(--rem) * ${Number((number * UNITS[unit]).toFixed(4))})`)

// The sheet, minified for the oldest engine.
export async function shadowSheet({ transform }, target) {
  const page = readFileSync(join(WWW, 'style.css'), 'utf8')
  const [, font] = page.match(/^body \{.* font-family: ([^;]+);/m) ?? fail('www/shadow.mjs: style.css names no font for its body')
  if (page.match(DOCUMENT).length !== 5) fail('www/shadow.mjs: style.css has other rules for the document than are known here')
  const lines = (page.replace(DOCUMENT, '') + own(font)).split('\n').map(withNames)
  const sheet = lines.concat(ownInContrast).map(withUnits).join('\n')
  return (await transform(sheet, { loader: 'css', minify: true, target })).code
}
