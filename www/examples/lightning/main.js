// A screen on a canvas by Lightning 3's renderer, which draws the QR code itself, module by module.
// In a Blits app the same stands in a component: `onView` sets its state, and `qr.rows` becomes its texture.
import { RendererMain } from '@lightningjs/renderer'
import { CanvasCoreRenderer, CanvasTextRenderer } from '@lightningjs/renderer/canvas'
import { WebGlCoreRenderer } from '@lightningjs/renderer/webgl'
import { DeviceLogin } from 'device-login/headless'

const login = new DeviceLogin({ issuer: 'https://id.example', clientId: 'tv' })

// Drawn for 1080 lines and scaled to those of the set.
const [WIDTH, HEIGHT] = [1920, 1080]
const ratio = Math.min(innerWidth / WIDTH, innerHeight / HEIGHT)
const renderer = new RendererMain({
  appWidth: WIDTH,
  appHeight: HEIGHT,
  clearColor: 0x101418ff,
  deviceLogicalPixelRatio: ratio,
  renderEngine: document.createElement('canvas').getContext('webgl') ? WebGlCoreRenderer : CanvasCoreRenderer,
  fontEngines: [CanvasTextRenderer],
  numImageWorkers: 0,
}, 'app')

const text = (x, y, fontSize, color, more) =>
  renderer.createTextNode({ x, y, fontSize, color, fontFamily: 'sans-serif', parent: renderer.root, text: '', ...more })
const box = (x, y, width, height, color) => renderer.createNode({ x, y, width, height, color, parent: renderer.root })

// 5 % on each side are left free, for sets that cut the edges off.
const LEFT = 96
box(0, 0, WIDTH, 8, 0x4cc38aff)
text(LEFT, 72, 36, 0x4cc38aff, { text: 'Polar', fontStyle: 'bold' })
const title = text(LEFT, 262, 76, 0xffffffff, { contain: 'width', width: 1060, lineHeight: 88, fontStyle: 'bold' })
const what = text(LEFT, 400, 38, 0xb8c4ceff, { contain: 'width', width: 1000, lineHeight: 56 })
const code = text(LEFT, 590, 120, 0xffffffff, { letterSpacing: 10, fontStyle: 'bold' })
// One button, lit whenever it is there.
const button = renderer.createNode({ x: LEFT, y: 830, width: 340, height: 108, color: 0x4cc38aff, parent: renderer.root })
renderer.createNode({ x: 4, y: 4, width: 332, height: 100, color: 0x101418ff, parent: button })
renderer.createNode({ x: 10, y: 10, width: 320, height: 88, color: 0xffffffff, parent: button })
const label = text(10, 34, 36, 0x101418ff, { parent: button, contain: 'width', width: 320, textAlign: 'center', fontStyle: 'bold' })
const left = text(1196, 936, 32, 0xb8c4ceff, { contain: 'width', width: 628, textAlign: 'center' })

// One plate for each code: a texture comes some frames later, and until then the one before would be seen.
// A module is a whole number of the set's own pixels, so that no edge is blurred.
let plate, drawn
function draw({ rows, size, address }) {
  if (plate) plate.alpha = 1
  if (drawn === address) return
  drawn = address
  const scale = ratio * devicePixelRatio
  const module = Math.floor((628 * scale) / size)
  const side = size * module
  const picture = new ImageData(side, side)
  const pixels = new Uint32Array(picture.data.buffer)
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) pixels[y * side + x] = rows[Math.floor(y / module)][Math.floor(x / module)] ? 0xff000000 : 0xffffffff
  const whole = (length) => Math.round(length * scale) / scale
  if (plate) plate.destroy()
  const texture = renderer.createTexture('ImageTexture', { src: () => picture, key: address, premultiplyAlpha: false })
  const place = { x: whole(1196 + (628 - side / scale) / 2), y: whole(260), width: side / scale, height: side / scale }
  plate = renderer.createNode({ ...place, texture, color: 0xffffffff, parent: renderer.root })
}

const ENDS = { denied: 'Sign-in was declined', expired: 'The code has expired', cancelled: 'Sign-in was given up' }
const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`

// What each view says: a title, a text, and what OK does.
const screens = {
  idle: () => ['Sign in with your phone', 'A phone will do. No typing with the remote.', 'Sign in'],
  connecting: ({ trouble }) => ['One moment', trouble ? `No answer yet. Next try in ${trouble.secondsUntilRetry} s.` : ''],
  code: (view) => ['Sign in with your phone', `Scan the square, or open ${view.verificationUri.replace(/^https?:\/\//, '')} and enter this code:`, 'Cancel'],
  checking: () => ['Almost there', ''],
  signedIn: ({ name }) => [name ? `Hello, ${name}` : 'You are signed in', 'Enjoy the show.'],
  ended: ({ reason }) => [ENDS[reason], '', 'Try again'],
  failed: ({ error }) => ['That did not work', error.userMessage, 'Try again'],
}

const spoken = (id, words) => {
  const element = document.getElementById(id)
  if (element.textContent !== words) element.textContent = words
}

login.onView((view) => {
  const [titleText, whatText, act = ''] = screens[view.kind](view)
  title.text = titleText
  what.text = whatText
  code.text = view.userCode ?? ''
  left.text = view.kind === 'code' ? `Valid for ${minutes(view.secondsLeft)}` : ''
  label.text = act
  button.alpha = act ? 1 : 0
  if (view.qr) draw(view.qr)
  else if (plate) plate.alpha = 0
  spoken('title', titleText)
  spoken('what', whatText)
  spoken('code', view.userCode ?? '')
})

// OK, and Back (461 on LG's sets, 10009 on Samsung's), which is the set's own where nothing is under way.
addEventListener('keydown', (event) => {
  const isCode = login.view.kind === 'code'
  if (event.key === 'Enter' && !event.repeat) isCode ? login.cancel() : login.start()
  if ((event.key === 'Escape' || event.keyCode === 461 || event.keyCode === 10009) && isCode) {
    event.preventDefault()
    login.cancel()
  }
})

login.tokens.then(({ accessToken }) => {
  // Yours now: for the `Authorization` header of your requests, and for nobody else.
  console.log(`An access token of ${accessToken.length} characters came.`)
}, console.error)
