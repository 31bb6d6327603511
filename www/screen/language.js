// Which language to speak, and its words. English is part of the script, so that there are words for every failure.
import { english, others } from 'texts'

export { english }

// Yields the words of the language that is asked for, else of the first of the device's that there are words in.
export function wordsOf(lang) {
  for (const wish of [lang].concat(navigator.languages || navigator.language)) {
    const language = find(String(wish).toLowerCase())
    if (language) return language === 'en' ? Promise.resolve(english) : others[language]().then((module) => module.default)
  }
  return Promise.resolve(english)
}

// The one that a tag (BCP 47) begins with: `pt` for `pt-BR`. Hebrew had another tag before 1989, and Chinese without a
// script is written as its country writes it.
function find(tag) {
  tag = tag.replace(/^iw\b/, 'he').replace(/^zh(-cn|-sg)?$/, 'zh-hans')
  while (tag) {
    for (const language of ['en'].concat(Object.keys(others))) if (language.toLowerCase() === tag) return language
    tag = tag.replace(/(^|-)[^-]*$/, '')
  }
}
