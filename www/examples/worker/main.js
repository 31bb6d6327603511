// The screen: it draws what the worker tells, and never sees a token.
const worker = new Worker('worker.js', { type: 'module' })

const element = (id) => document.getElementById(id)

worker.onmessage = ({ data: view }) => {
  element('title').textContent = view.kind === 'signedIn' ? `Hello, ${view.name}` : view.kind
  element('code').textContent = view.kind === 'code' ? view.userCode : ''
  if (view.qr) draw(view.qr)
}

function draw({ rows, size }) {
  const { width } = element('plate')
  const plate = element('plate').getContext('2d')
  const module = Math.floor(width / size)
  plate.fillStyle = '#fff'
  plate.fillRect(0, 0, width, width)
  plate.fillStyle = '#000'
  rows.forEach((row, y) => row.forEach((dark, x) => dark && plate.fillRect(x * module, y * module, module, module)))
}
