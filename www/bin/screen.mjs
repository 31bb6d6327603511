// What a person sees, as `client-term/src/screen.rs` shows it: each page once, and one line for what changes.
import { draw, extent } from './qr.mjs'
import { failed, lost } from './words.mjs'

// `abilities`: `qr`, how one is drawn or `null`; `rewrite`, whether a line can be; `size`, columns and rows or `null`.
export function makeScreen(write, abilities) {
  let shown
  // Whether a line is being rewritten.
  let isLineOpen = false

  // Whatever stood there goes, the `^C` of a person too (EL, ECMA-48 section 8.3.41).
  const rewrite = (line) => {
    // A line that wraps could not be rewritten.
    const room = abilities.size ? Math.max(abilities.size[0] - 1, 0) : Infinity
    write(`\r${Array.from(line).slice(0, room).join('')}\x1b[K`)
    isLineOpen = true
  }

  const close = () => {
    if (isLineOpen) rewrite('')
    isLineOpen = false
  }

  // `symbols` has the QR of each of the code's addresses.
  const show = (view, symbols) => {
    const text = shown && isSamePage(shown, view) ? undefined : page(view, symbols, abilities)
    if (text !== undefined) {
      close()
      write(text)
    }
    const line = status(view)
    if (line !== undefined && abilities.rewrite) rewrite(line)
    shown = view
  }

  return { show, close }
}

function isSamePage(a, b) {
  if (a.kind !== b.kind) return false
  if (a.kind === 'code') return a.userCode === b.userCode
  return a.kind === 'connecting' || a.kind === 'checking' || JSON.stringify(a) === JSON.stringify(b)
}

// What is written once; nothing for views that pass by.
function page(view, symbols, abilities) {
  if (view.kind === 'code') return codePage(view, symbols, abilities)
  if (view.kind === 'signedIn') {
    const hello = view.name === null ? 'You are signed in.\n' : `Hello, ${view.name}. You are signed in.\n`
    return view.vouchedBy === 'none' ? `${hello}Nobody vouches for that name: plain http, and no signature was checked.\n` : hello
  }
  if (view.kind === 'ended') return ended(view)
  if (view.kind === 'failed') {
    const { what, advice } = failed(view.error)
    const host = view.error.host === null ? '' : ` at ${view.error.host}`
    return `Sign-in failed${host}: ${withCapital(what)}.\n${advice}\nReference: ${view.error.code}\n`
  }
}

function ended({ reason, description }) {
  if (reason === 'cancelled') return 'Cancelled.\n'
  if (reason === 'expired') return 'The code has run out before anybody approved it. Start again for a new one.\n'
  return `The sign-in was declined.${description === null ? '' : ` The server says: ${description}`}\n`
}

// Address and code on lines of their own first, for screen readers and scrollback; the QR last, so that it and the line
// that changes are what a small window shows.
function codePage(view, symbols, { qr, size }) {
  const words = `To sign in, open this address on your phone or computer:

    ${view.verificationUri}

and enter this code:

    ${view.userCode}

Enter this code only if you started this sign-in, and only at ${view.verificationUri.split(/[/?#]/, 3)[2]}.
`
  return qr ? words + symbol(view, symbols, qr, size) : words
}

// The QR that fits: with the code inside, else the shorter one without. One line more is for what changes.
function symbol(view, symbols, manner, size) {
  let needed
  const addresses = [
    ['Or scan this:', view.verificationUriComplete],
    ['Or scan this, and enter the code there:', view.verificationUri],
  ]
  for (const [words, address] of addresses) {
    const found = address !== null && symbols.get(address)
    if (!found) continue
    const [columns, rows] = extent(manner, found)
    if (!size || (columns <= size[0] && rows < size[1])) return `${words}\n\n${draw(manner, found)}`
    needed = `A QR would need a window of ${columns} columns and ${rows + 1} rows.\n`
  }
  return needed ?? ''
}

// The line that changes.
function status({ kind, trouble, secondsLeft }) {
  if (trouble) return `${withCapital(lost(trouble))}; trying again in ${trouble.secondsUntilRetry} s`
  if (kind === 'code') return `Waiting for approval (${Math.floor(secondsLeft / 60)}:${String(secondsLeft % 60).padStart(2, '0')} left) `
  return { connecting: 'Connecting …', checking: 'Checking …' }[kind]
}

function withCapital(text) {
  const [first = '', ...rest] = text
  return first.toUpperCase() + rest.join('')
}
