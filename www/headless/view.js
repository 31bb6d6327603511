// From what the core tells (`client-wasm/src/told.rs`) to what a screen reads (`headless.d.ts`).

export const isUnderWay = ({ kind }) => kind === 'connecting' || kind === 'code' || kind === 'checking'

const seconds = (millis) => Math.ceil(millis / 1000)

export function readView(told, symbol, fail) {
  const { kind } = told
  const trouble = told.trouble ? { code: told.trouble, secondsUntilRetry: seconds(told.retryIn) } : null
  if (kind === 'connecting' || kind === 'checking') return { kind, trouble }
  if (kind === 'code') {
    const { userCode, verificationUri, verificationUriComplete = null, lifetime, left } = told
    return { kind, userCode, verificationUri, verificationUriComplete, qr: readSymbol(symbol), secondsLeft: seconds(left), lifetime: seconds(lifetime), trouble }
  }
  if (kind === 'signedIn') return { kind, name: told.name || null, vouchedBy: told.vouchedBy || null }
  if (kind === 'ended') return { kind, reason: told.reason, description: told.description || null }
  return kind === 'failed' ? { kind, error: fail(told) } : { kind }
}

function readSymbol({ address, modules }) {
  if (!modules) return null
  const size = Math.sqrt(modules.length)
  const rows = Array.from({ length: size }, (_, y) => modules.slice(y * size, (y + 1) * size))
  // Each run of dark modules is one box.
  const path = rows.map((row, y) => row.replace(/0+|1+/g, (run, x) => (run[0] === '1' ? `M${x} ${y}h${run.length}v1h-${run.length}z` : '')))
  return { address, size, rows: rows.map((row) => Array.from(row, Number)), path: path.join('') }
}
