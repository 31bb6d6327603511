// The whole screen as a part of somebody's page: a shell around the compiled page (`client-wasm/src/screen.rs`).
import { Screen, bind } from 'glue'
import { DeviceLoginError } from '../headless/error.js'
import { listen, tellOne } from '../headless/listeners.js'
import { load } from '../headless/module.js'
import { makeResult } from '../headless/result.js'
import { readView } from '../headless/view.js'
import { english, wordsOf } from './language.js'
import { readOptions } from './options.js'
import { draw } from './picture.js'
import { keepSize } from './room.js'
import { dress } from './sheet.js'

// Those that are mounted, and what has ended them all.
const screens = new Set()
let trap

// Every way into the module. A trap is the end of all that it has drawn, and of nothing else in the page.
const guarded = (exports) => {
  const guard = (call) => (...values) => {
    if (trap) return
    try {
      return call(...values)
    } catch (error) {
      if (error.name === 'RuntimeError') {
        trap = error
        for (const screen of Array.from(screens)) screen.stop('stopped', trap)
      }
      throw error
    }
  }
  const all = {}
  for (const name of Object.keys(exports)) all[name] = typeof exports[name] === 'function' ? guard(exports[name]) : exports[name]
  return bind(all)
}

// What Leptos takes for given: Chromium 71 has it.
const fillGaps = () => {
  if (typeof queueMicrotask === 'function') return
  const rethrow = (error) =>
    setTimeout(() => {
      throw error
    })
  self.queueMicrotask = (task) => void Promise.resolve().then(task).then(null, rethrow)
}

// A moment later, so that nobody takes a screen away while it speaks.
const later = (act) => void Promise.resolve().then(act)

const tellEach = (listeners, told) => Array.from(listeners).forEach((listener) => tellOne(listener, told))

// An element of our own, over whose looks the page's rules for all elements have no power.
function hostIn(node) {
  const host = document.createElement('div')
  host.style.cssText = 'all: initial; display: block; width: 100%; height: 100%'
  return node.appendChild(host)
}

const DOCUMENT_FRAGMENT = 11

export const makeMount = (usual) =>
  function mount(node, options) {
    const { settings, looks, wasm } = readOptions(options)
    if (!node || !node.appendChild) throw new DeviceLoginError('config_invalid', ['node', String(node), 'an element or a shadow root'])
    const isGiven = node.nodeType === DOCUMENT_FRAGMENT
    const root = isGiven ? node : hostIn(node).attachShadow({ mode: 'open' })
    const undress = dress(root)
    const app = root.appendChild(document.createElement('div'))
    const [viewers, leavers] = [new Set(), new Set()]
    let [view, words, isGone, isFocusWanted, isStartWanted] = [{ kind: 'idle' }, english, false, false, false]
    let screen
    const result = makeResult()

    const fail = (code, details, host, userMessage) => {
      const error = new DeviceLoginError(code, details, host, () => userMessage)
      result.reject(error)
      return error
    }

    const publish = (next) => {
      view = next
      tellEach(viewers, view)
    }

    // What the screen tells, by its name.
    const hear = {
      view(told, userMessage) {
        if (told.kind === 'connecting') result.renew()
        if (told.kind === 'signedIn' && !result.isSettled) screen.tokens((given) => later(() => hear.tokens(JSON.parse(given))))
        const next = told.kind === 'signedOut' ? told : readView(told, {}, (failed) => fail(failed.code, failed.details.split('\n'), failed.host, userMessage))
        delete next.qr
        publish(next)
      },
      tokens(given) {
        result.resolve(given)
      },
      leave({ by }) {
        tellEach(leavers, by)
      },
    }

    const tell = (what, told, userMessage) => later(() => isGone || trap || hear[what](JSON.parse(told), userMessage))

    // Something of ours in the screen's place.
    const stop = (code, cause, again) => {
      const [title, advice] = [`loader.${code}`, `loader.${code}.advice`].map((name) => words[name])
      const lines = [advice, words.help || '']
      const act = () => (again ? again() : tellEach(leavers, 'done'))
      const button = draw(app, words, looks.brand, { title, lines, button: words[again ? 'try_again' : 'done'], act, code })
      if (isFocusWanted || nobodyHasFocus()) button.focus()
      // Nothing of it may be called any more.
      if (screen) screen.__destroy_into_raw()
      screen = undefined
      publish({ kind: 'failed', error: fail(code, [String(cause)], null, `${title}. ${advice}`) })
    }

    const nobodyHasFocus = () => !document.activeElement || document.activeElement === document.body

    const begin = () => {
      const painted = wordsOf(looks.lang).then((found) => {
        const help = looks.help ? found['loader.help'].replace('{help}', looks.help) : ''
        words = Object.assign({}, found, { help })
        if (isGone) return
        draw(app, words, looks.brand, { title: words['start.title'], lines: [words['start.what']], button: words.sign_in })
      })
      const loaded = load(wasm, usual, guarded)
      Promise.all([painted, loaded]).then(show, (error) => isGone || stop('load_failed', error, begin))
    }

    const show = () => {
      if (isGone) return
      if (trap) return stop('stopped', trap)
      fillGaps()
      // The same for everybody who signs in at this server by this client, wherever in the app.
      const owner = `${settings.issuer || settings.token_endpoint} ${settings.client_id}`
      screen = new Screen(app, root, JSON.stringify(settings), owner, words, tell)
      if (isStartWanted) screen.start()
      if (isFocusWanted || nobodyHasFocus()) screen.focus()
    }

    // A button is lit only while the focus is here.
    const lookForFocus = () =>
      later(() => {
        if (root.activeElement) app.removeAttribute('data-away')
        else app.setAttribute('data-away', '')
      })

    app.id = 'app'
    if (looks.highContrast || matchMedia('(prefers-contrast: more)').matches) app.setAttribute('data-contrast', 'more')
    // What is no percentage, or no colour, the screen says itself.
    if (settings.qr_size) app.style.setProperty('--qr', `calc(var(--rem) * ${settings.qr_size * 0.675})`)
    if (/^#[0-9a-f]{6}$/i.test(looks.accent)) app.style.setProperty('--accent', looks.accent)
    for (const name of ['focusin', 'focusout']) root.addEventListener(name, lookForFocus)
    lookForFocus()
    const leaveSize = keepSize(root.host, app, () => screen && screen.fit())
    const self = { stop }
    screens.add(self)
    begin()

    return {
      get tokens() {
        return result.promise
      },
      get view() {
        return view
      },
      onView(listener) {
        const end = listen(viewers, listener)
        tellOne(listener, view)
        return end
      },
      onLeave: (listener) => listen(leavers, listener),
      start() {
        isStartWanted = true
        if (screen) screen.start()
      },
      back: () => !!screen && screen.back(),
      focus() {
        isFocusWanted = true
        const button = root.querySelector('.control')
        if (screen) screen.focus()
        else if (button) button.focus()
      },
      unmount() {
        if (isGone) return
        isGone = true
        screens.delete(self)
        leaveSize()
        for (const name of ['focusin', 'focusout']) root.removeEventListener(name, lookForFocus)
        if (screen) screen.free()
        undress()
        app.remove()
        if (!isGiven) root.host.remove()
        viewers.clear()
        leavers.clear()
        fail('disposed', [])
      },
    }
  }
