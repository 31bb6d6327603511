// The page around a television and a phone. The server is here: the service worker brings the requests of both.
import { Room } from './room.js'

const $ = (id) => document.getElementById(id)
const [tv, phone, wire] = [$('tv'), $('phone'), $('wire')]
const chosen = (name) => document.querySelector(`input[name=${name}]:checked`).value
// What happens, most of it as in the catalogue of the mock.
const TROUBLES = {
  none: undefined,
  slow_down: { count: 1, steps: [{ endpoint: 'token', grant_type: 'device_code', state: 'pending', refuse: 'slow_down' }] },
  away: { steps: [{ ending: 'no_answer' }] },
}
// Lines that can be seen of what goes over the wire.
const LINES = 40

let room

export async function start() {
  await navigator.serviceWorker.register('worker.js', { updateViaCache: 'none' })
  navigator.serviceWorker.onmessage = ({ data, ports: [port] }) => port.postMessage(room?.answer(data))
  await navigator.serviceWorker.ready
  await Room.load()
  for (const input of $('servers').querySelectorAll('input')) input.onchange = furnish
  for (const input of $('troubles').querySelectorAll('input')) input.onchange = () => room.misbehave(TROUBLES[chosen('trouble')])
  for (const button of document.querySelectorAll('[data-key]')) button.onclick = () => press(button.dataset.key)
  $('scan').onclick = () => browse(room.codes.complete)
  $('open').onclick = () => browse(room.codes.address)
  $('leave').onclick = goHome
  phone.onload = showAddress
  tv.onload = checkTelevision
  furnish()
  $('trouble').hidden = true
  $('choices').hidden = $('room').hidden = false
}

// Another server, and everything from the beginning.
function furnish() {
  room = new Room(chosen('server'), new URL('./', location.href), note)
  room.misbehave(TROUBLES[chosen('trouble')])
  wire.textContent = ''
  tv.src = `tv/index.html?room=${room.name}`
  goHome()
}

// One exchange of the television, newest first; the phone's codes come with one.
function note(line, isGood) {
  const item = document.createElement('li')
  item.textContent = line
  item.className = isGood ? 'good' : ''
  wire.prepend(item)
  while (wire.children.length > LINES) wire.lastChild.remove()
  showHome()
}

function showHome() {
  const hasCode = room.codes !== null
  $('scan').disabled = $('open').disabled = !hasCode
  $('home').querySelector('.step').textContent = hasCode ? 'The television shows a code. Scan it, or go there by hand.' : 'Press “Sign in” on the television: by mouse, by its remote control, or by your keyboard.'
}

function goHome() {
  phone.hidden = true
  $('home').hidden = false
  $('address').textContent = ''
  showHome()
}

function browse(address) {
  $('home').hidden = true
  phone.hidden = false
  phone.src = address
}

function showAddress() {
  if (phone.hidden) return
  try {
    $('address').textContent = phone.contentWindow.location.href.replace(/^https?:\/\/|\?.*/g, '')
  } catch {
    // What the browser shows instead of a server that is away has no address that could be read.
    goHome()
    $('home').querySelector('.step').textContent = 'The server does not answer. Let it come back, then scan again.'
  }
}

// A reload that passes over all caches passes over the service worker too.
function checkTelevision() {
  if (tv.contentWindow.navigator.serviceWorker.controller) return
  $('choices').hidden = $('room').hidden = true
  $('trouble').hidden = false
  $('trouble').textContent = 'The browser has loaded the television past the service worker, as it does when you reload with Shift. Reload the page without it.'
}

// As the remote control of a set does: the key, and what the engine makes of OK.
function press(key) {
  const there = tv.contentWindow
  tv.focus()
  const target = there.document.activeElement ?? there.document.body
  const keyCode = { ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Enter: 13, Escape: 27 }[key]
  const event = (type) => new there.KeyboardEvent(type, { key, code: key, keyCode, bubbles: true, cancelable: true })
  const isOpen = target.dispatchEvent(event('keydown'))
  if (isOpen && key === 'Enter') target.click?.()
  target.dispatchEvent(event('keyup'))
}
