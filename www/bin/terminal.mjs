// What is known of the terminal that people look at, as `client-term/src/program/sign_in.rs` knows it.

export function abilitiesOf(stream, environment, { invert = false, 'no-qr': noQr = false }) {
  const isTerminal = Boolean(stream.isTTY) && environment.TERM !== 'dumb'
  const isPlain = Boolean(environment.NO_COLOR)
  const cells = isUtf8(environment) ? (isPlain ? 'plain' : 'coloured') : isPlain ? undefined : 'blanks'
  return {
    qr: isTerminal && cells && !noQr ? { cells, invert } : null,
    rewrite: isTerminal,
    size: stream.columns && stream.rows ? [stream.columns, stream.rows] : null,
  }
}

// Whether text is UTF-8 here, by the first variable that says so (POSIX.1-2017 section 8.2). Where none is set nothing
// says that it is not.
export function isUtf8(environment) {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].map((name) => environment[name]).find(Boolean)
  return locale === undefined || /utf-?8/i.test(locale)
}
