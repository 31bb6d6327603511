// Encoders and readers of QR codes that are written for JavaScript: answers one line of JSON with one.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import jsQR from 'jsqr'
import { generate } from './peers/node_modules/lean-qr/index.mjs'
import { toSvgSource } from './peers/node_modules/lean-qr/extras/svg.mjs'
import generator from './peers/node_modules/qrcode-generator/dist/qrcode.mjs'
import QRCode from './peers/node_modules/qrcode/lib/server.js'
import { prepareZXingModule, readBarcodes } from './peers/node_modules/zxing-wasm/dist/es/reader/index.js'

const wasm = fileURLToPath(import.meta.resolve('./peers/node_modules/zxing-wasm/dist/reader/zxing_reader.wasm'))
prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer } })

// Each as its documentation shows it, with a border of four modules.
const ENCODERS = {
  qrcode(text) {
    let drawn
    QRCode.toString(text, { type: 'svg', margin: 4 }, (_, svg) => (drawn = svg))
    return drawn
  },
  'qrcode-generator'(text) {
    const symbol = generator(0, 'M')
    symbol.addData(text)
    symbol.make()
    return symbol.createSvgTag({ cellSize: 1, margin: 4 })
  },
  'lean-qr': (text) => toSvgSource(generate(text)),
}
const sideOf = {
  qrcode: (text) => QRCode.create(text).modules.size,
  'qrcode-generator'(text) {
    const symbol = generator(0, 'M')
    symbol.addData(text)
    symbol.make()
    return symbol.getModuleCount()
  },
  'lean-qr': (text) => generate(text).size,
}

function encode({ name, text, count }) {
  const draw = ENCODERS[name]
  const start = performance.now()
  for (let turn = 0; turn < count; turn++) draw(text)
  const time = ((performance.now() - start) * 1000) / count
  return { time, bytes: Buffer.byteLength(draw(text)), side: sideOf[name](text) }
}

async function read({ width, height, shades }) {
  const grey = Buffer.from(shades, 'base64')
  const data = new Uint8ClampedArray(width * height * 4)
  for (let at = 0; at < grey.length; at++) data.set([grey[at], grey[at], grey[at], 255], at * 4)
  const seen = await readBarcodes({ width, height, data, colorSpace: 'srgb' }, { formats: ['QRCode'], tryHarder: true })
  return { jsQR: jsQR(data, width, height)?.data ?? null, 'zxing-cpp': seen[0]?.text ?? null }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { does, ...what } = JSON.parse(line)
  console.log(JSON.stringify(await { encode, read }[does](what)))
}
