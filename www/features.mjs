// Fails when the built page, or the npm package, asks more of a television than it may: a feature of WebAssembly after the first edition, a
// syntax, an interface or a style that Chromium 53 does not have, or more bytes than `budget.json` allows.
import { parse } from 'acorn'
import * as esbuild from 'esbuild'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DIST, OLDEST_ENGINE, PACKAGE, WWW, fail, pathOf } from './tools.mjs'
import { shadowSheet } from './shadow.mjs'
import { LOADS, PACKAGE_LOADS, sizesOf } from './sizes.mjs'
import { problemsOfTexts } from './texts.mjs'

// What came after the first edition, each in the smallest module that has it: what does not refuse these checks nothing.
const NEWER = {
  'bulk memory': '(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))',
  'multiple values': '(module (func (result i32 i32) (i32.const 0) (i32.const 0)))',
  'mutable globals': '(module (global $g (mut i32) (i32.const 0)) (export "g" (global $g)))',
  'reference types': '(module (func (param externref)))',
  'saturating conversion': '(module (func (result i32) (i32.trunc_sat_f32_s (f32.const 0))))',
  'sign extension': '(module (func (result i32) (i32.extend8_s (i32.const 0))))',
  SIMD: '(module (func (param v128)))',
  'tail calls': '(module (func $f (return_call $f)))',
}
// ECMAScript 2016 is the last edition that Chromium 53 has whole.
const EDITIONS = { 'loader.js': 5, 'app.js': 2016, 'app.translated.js': 2016 }
const CLASSIC = ['headless', 'session', 'screen'].flatMap((name) => [`${name}.classic.js`, `${name}.translated.js`]).concat('element.classic.js')
// Styles that Chromium 53 drops, with the whole rule where they stand in a selector, and the version that has them.
const STYLES = {
  'grid (57)': /display:\s*(inline-)?grid\b/,
  'gap (84 in flex)': /[{;]\s*(row-|column-)?gap\s*:/,
  'min, max, clamp (79)': /[:\s(](min|max|clamp)\(/,
  'inset and logical shorthands (87)': /[{;]\s*(inset|(margin|padding)-(inline|block))\b/,
  'aspect-ratio (88)': /[{;]\s*aspect-ratio\s*:/,
  ':focus-visible, :focus-within, :is, :where, :has, :not with a list (60 to 105)': /:(focus-visible|focus-within|is\(|where\(|has\(|not\([^)]*,)/,
  'position: sticky (56)': /position:\s*sticky/,
  'colours with alpha in hexadecimal or after a slash (62, 65)': /#([0-9a-f]{8}|[0-9a-f]{4})\b|rgba?\([^)]*\//i,
  'units of the visible screen (108)': /\d[dsl]v[hw]\b/,
}
// Less than this is no news: paths and compilers differ from machine to machine.
const SLACK = 1000

const problems = problemsOfTexts()

// Says what is newer than the first edition in a module, binary or text; nothing if nothing is.
function newerIn(module) {
  const args = [pathOf('wasm-opt'), '-', '-mvp', '-o', '-']
  const { status, stderr } = spawnSync(process.execPath, args, { input: module, maxBuffer: 1 << 26 })
  return status === 0 ? '' : stderr.toString().split('\n')[0]
}

for (const [feature, module] of Object.entries(NEWER)) {
  if (!newerIn(module)) problems.push(`this check does not see ${feature}: it is of no use`)
}
for (const binary of [join(DIST, 'app.wasm'), join(PACKAGE, 'headless.wasm'), join(PACKAGE, 'session.wasm'), join(PACKAGE, 'screen.wasm')]) {
  const newer = newerIn(readFileSync(binary))
  if (newer) problems.push(`${binary} holds more than the first edition of WebAssembly: ${newer}`)
}

// Every name that a script looks up in the browser: globals that it makes something of, and members of anything. Names
// of its own are no longer than two letters once minified.
function namesIn(node, names = new Set()) {
  if (Array.isArray(node)) node.forEach((each) => namesIn(each, names))
  else if (node && typeof node.type === 'string') {
    const looked = { MemberExpression: !node.computed && node.property, NewExpression: node.callee }[node.type]
    if (looked?.type === 'Identifier' && looked.name.length > 2) names.add(looked.name)
    Object.values(node).forEach((each) => typeof each === 'object' && namesIn(each, names))
  }
  return names
}

const interfaces = JSON.parse(readFileSync(join(WWW, 'interfaces.json'), 'utf8'))
const known = new Set([...interfaces['Chromium 53'], ...Object.keys(interfaces.newer), ...interfaces['our own']])
const scripts = [...Object.entries(EDITIONS).map(([name, edition]) => [name, edition, DIST]), ...CLASSIC.map((name) => [name, 2016, PACKAGE])]
for (const [name, ecmaVersion, folder] of scripts) {
  try {
    const script = parse(readFileSync(join(folder, name), 'utf8'), { ecmaVersion })
    // Those of the package are looked up in Chromium 53 itself, by `tests/package/television.mjs`.
    const unknown = folder === PACKAGE ? [] : [...namesIn(script)].filter((each) => !known.has(each))
    if (unknown.length) problems.push(`${name} looks up ${unknown}: say in www/interfaces.json that Chromium 53 has it, or what happens without`)
  } catch (error) {
    problems.push(`${name} is no ECMAScript ${ecmaVersion}: ${error.message}`)
  }
}

const sheets = { 'style.css': readFileSync(join(DIST, 'style.css'), 'utf8'), 'the style of the npm package': await shadowSheet(esbuild, OLDEST_ENGINE) }
for (const [sheet, styles] of Object.entries(sheets)) {
  for (const [what, form] of Object.entries(STYLES)) {
    const [found] = styles.match(form) ?? []
    if (found) problems.push(`${sheet} has ${found}: no ${what} without a fallback that was looked at in the oldest engine`)
  }
}

const budget = JSON.parse(readFileSync(join(WWW, 'budget.json'), 'utf8'))
const loads = [LOADS, PACKAGE_LOADS].flatMap((loads, index) => Object.entries(loads).map(([load, names]) => [load, sizesOf(names, [DIST, PACKAGE][index])]))
for (const [load, [, size]] of loads) {
  if (size > budget[load]) problems.push(`${load} takes ${size} bytes; www/budget.json allows ${budget[load]}`)
  if (size < budget[load] - SLACK) problems.push(`${load} takes ${size} bytes only: write that into www/budget.json, so that it stays`)
}

if (problems.length) fail(`The page is not fit for every television:\n- ${problems.join('\n- ')}`)
console.log('The page asks no more than Chromium 53 and the first edition of WebAssembly have, and is within its budget.')
