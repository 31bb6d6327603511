// The page's words: one file for each language in `texts`, each text under its name; `en.json` says which there are, and
// what stands in braces is filled in by the page. Where a translation lacks one, English stands in its place.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DIST, WWW } from './tools.mjs'

const FOLDER = join(WWW, 'texts')
const RIGHT_TO_LEFT = ['ar', 'he']

// By their tags (BCP 47), which are the names of the files.
export const LANGUAGES = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, '')).sort()

const read = (language) => JSON.parse(readFileSync(join(FOLDER, `${language}.json`), 'utf8'))
const english = read('en')

const textsIn = (language) => JSON.stringify({ lang: language, dir: RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr', ...english, ...read(language) })

// Writes a classic script for each language: scripts load on `file:` too, where nothing else can be read.
export function layTexts() {
  for (const language of LANGUAGES) writeFileSync(join(DIST, `texts.${language}.js`), script(language))
}

const script = (language) => `window.deviceLoginTexts=${textsIn(language)}\n`

// Writes a module for each language but English into `texts` of that folder, and returns the one that knows them all.
export function layTextModules(folder) {
  const others = LANGUAGES.filter((language) => language !== 'en')
  mkdirSync(join(folder, 'texts'))
  for (const language of others) writeFileSync(join(folder, 'texts', `${language}.js`), `export default ${textsIn(language)}\n`)
  const imports = others.map((language) => `'${language}': () => import('./texts/${language}.js')`)
  return `export const english = ${textsIn('en')}\nexport const others = { ${imports} }`
}

// The same as classic scripts, and the module that knows them.
export function layTextScripts(folder) {
  const others = LANGUAGES.filter((language) => language !== 'en')
  for (const language of others) writeFileSync(join(folder, 'texts', `${language}.classic.js`), script(language))
  const loads = others.map((language) => `'${language}': () => load('${language}')`)
  const load = "const load = (language) => loadScript(`texts/${language}.classic.js`).then(() => ({ default: window.deviceLoginTexts }))"
  return `import { loadScript } from 'script'\n${load}\nexport const english = ${textsIn('en')}\nexport const others = { ${loads} }`
}

const places = (text) => (text.match(/\{[^}]*\}/g) ?? []).sort().join(' ')

// What a translator has left out, or written otherwise than the page can read it.
export function problemsOfTexts() {
  const of = (language) => {
    const texts = read(language)
    const file = `www/texts/${language}.json`
    const missing = Object.keys(english).filter((name) => !(name in texts)).map((name) => `${file}: ${name} is missing, so it is English`)
    const wrong = Object.entries(texts).map(([name, text]) => {
      if (!(name in english)) return `${file}: ${name} is no text of the page`
      if (typeof text !== 'string' || !text.trim()) return `${file}: ${name} is no text`
      if (places(text) !== places(english[name])) return `${file}: ${name} must have the place ${places(english[name]) || 'of nothing'}`
    })
    return [...missing, ...wrong.filter(Boolean)]
  }
  return LANGUAGES.flatMap(of)
}
