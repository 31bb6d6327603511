// The screen as an element, `<device-login issuer client-id scope lang>`, where there are elements of one's own (Chromium
// 54, and none in Node): every option is an attribute.
import { makeResult } from '../headless/result.js'
import { KINDS } from './options.js'
import { mount } from './screen.js'

const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const NAMES = ['wasm'].concat(Object.keys(KINDS))
const ENDS = ['signedIn', 'ended', 'failed', 'signedOut']

const read = (name, value) => (KINDS[name] === 'boolean' ? value !== 'false' : KINDS[name] === 'number' ? Number(value) : value)

const later = (act) => void Promise.resolve().then(act)

// How many letters have to change to make one name of the other.
const apart = (one, other) => {
  let last = [0].concat(Array.from(other, (_, at) => at + 1))
  for (const letter of one) {
    const row = [last[0] + 1]
    for (let at = 0; at < other.length; at++) row.push(Math.min(row[at] + 1, last[at + 1] + 1, last[at] + (letter !== other[at])))
    last = row
  }
  return last.pop()
}

// The option that an attribute is, or is by one letter or two; a short name has only one to lose.
function nearest(name) {
  const plain = (text) => text.replace(/[-_]/g, '')
  const all = NAMES.map(kebab).map((ours) => ({ ours, by: apart(plain(name), plain(ours)) }))
  const { ours, by } = all.reduce((best, one) => (one.by < best.by ? one : best))
  return by < (plain(name).length < 6 ? 2 : 3) ? ours : undefined
}

// Once for all elements of a page.
const told = new Set()
const warn = (words) => {
  if (!told.has(words)) console.warn(`<device-login> ${words}`)
  told.add(words)
}

export class DeviceLoginElement extends (typeof HTMLElement === 'function' ? HTMLElement : Object) {
  #screen
  // The options that it was mounted with, as text.
  #given
  #isAwaited = false
  #isFocused = false
  #result = makeResult()
  // The screen's promise that ours follows.
  #followed

  static get observedAttributes() {
    return NAMES.map(kebab)
  }

  constructor() {
    super()
    const root = this.attachShadow({ mode: 'open' })
    for (const name of ['focusin', 'focusout']) root.addEventListener(name, () => later(() => (this.#isFocused = !!root.activeElement)))
  }

  connectedCallback() {
    // A move takes the focus away.
    if (this.#isFocused) this.focus()
    this.#look()
  }

  disconnectedCallback() {
    this.#look()
  }

  attributeChangedCallback() {
    this.#look()
  }

  get tokens() {
    return this.#result.promise
  }

  get view() {
    return this.#screen ? this.#screen.view : { kind: 'idle' }
  }

  start() {
    if (this.#screen) this.#screen.start()
  }

  back() {
    return !!this.#screen && this.#screen.back()
  }

  focus() {
    if (this.#screen) this.#screen.focus()
  }

  // Once for all that changes at a time: what was only moved goes on where it is.
  #look() {
    if (this.#isAwaited) return
    this.#isAwaited = true
    later(() => {
      this.#isAwaited = false
      const isReady = this.hasAttribute('client-id')
      if (this.isConnected) this.#warn(isReady)
      const options = this.isConnected && isReady ? this.#read() : undefined
      const given = JSON.stringify(options)
      if (given === this.#given) return
      this.#given = given
      this.#change(options)
    })
  }

  // Attributes are anybody's: only what is nearly one of ours is taken for a mistake.
  #warn(isReady) {
    if (!isReady) warn('shows nothing before it has a client-id')
    for (const { name } of Array.from(this.attributes)) {
      const meant = nearest(name)
      if (meant && meant !== name) warn(`knows no attribute ${name}: is ${meant} meant?`)
    }
  }

  #read() {
    const options = {}
    for (const name of NAMES) {
      const value = this.getAttribute(kebab(name))
      if (value !== null) options[name] = read(name, value)
    }
    return options
  }

  #change(options) {
    const [last, wasFocused] = [this.#screen, this.#isFocused]
    this.#screen = undefined
    if (last) {
      last.unmount()
      // Another one follows, and whoever waits for tokens waits for its.
      if (!options) last.tokens.catch(this.#result.reject)
    }
    if (!options) return
    this.#result.renew()
    const screen = mount(this.shadowRoot, options)
    this.#screen = screen
    screen.onLeave((by) => this.#tell('leave', { by }))
    screen.onView((view) => this.#hear(screen, view))
    if (wasFocused) screen.focus()
  }

  #hear(screen, view) {
    if (view.kind === 'connecting') this.#result.renew()
    if (screen.tokens !== this.#followed) {
      this.#followed = screen.tokens
      this.#followed.then(
        this.#result.resolve,
        (error) => screen === this.#screen && this.#result.reject(error),
      )
    }
    this.#tell('view', view)
    if (ENDS.indexOf(view.kind) >= 0) this.#tell('ended', view)
  }

  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(`device-login-${what}`, { bubbles: true, composed: true, detail }))
  }
}

if (typeof customElements === 'object' && !customElements.get('device-login')) customElements.define('device-login', DeviceLoginElement)
