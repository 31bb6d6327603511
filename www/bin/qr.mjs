// A QR code in character cells, as `client-term/src/qr.rs` draws it.

// Black on bright white (SGR 30 and 107), and the other way round.
const DARK_ON_LIGHT = '\x1b[30;107m'
const LIGHT_ON_DARK = '\x1b[97;40m'
const DARK = '\x1b[40m'
const LIGHT = '\x1b[107m'
const RESET = '\x1b[0m'

// Columns and rows. `cells` is `blanks`: two blanks for each module, told apart by their colour alone; `coloured`: half
// blocks in colours of their own; `plain`: half blocks in the terminal's own colours.
export const extent = ({ cells }, { size }) => (cells === 'blanks' ? [2 * size, size] : [size, Math.ceil(size / 2)])

// Draws the code with its quiet zone, and ends the last line.
export function draw({ cells, invert }, { rows, size }) {
  const isDark = (x, y) => (rows[y][x] === 1) !== invert
  const columns = Array.from(rows, (_, x) => x)
  if (cells === 'blanks') return columns.map((y) => `${columns.map((x) => `${isDark(x, y) ? DARK : LIGHT}  `).join('')}${RESET}\n`).join('')
  const isColoured = cells === 'coloured'
  const [before, after] = isColoured ? [invert ? LIGHT_ON_DARK : DARK_ON_LIGHT, RESET] : ['', '']
  // With colours, ink is what is dark in the matrix, and the colours say how that looks.
  const isInked = (x, y) => y < size && (isColoured ? rows[y][x] === 1 : !isDark(x, y))
  const cell = (x, y) => ' ▄▀█'[2 * isInked(x, y) + isInked(x, y + 1)]
  const line = (y) => `${before}${columns.map((x) => cell(x, y)).join('')}${after}\n`
  return columns.filter((y) => y % 2 === 0).map(line).join('')
}
