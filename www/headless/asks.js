// What the core cannot do itself: HTTP, signatures, digests. Each ask yields how to tell the core what came of it.

// Ours, as no standard sets them: how long one exchange may take, the search for a cause included, and the most of one
// answer that is read (`device_flow::MAX_BODY_BYTES`).
const TIMEOUT = 30000
const LONGEST_BODY = 256 * 1024

// The work that the core asks for, or nothing if it asks for none.
export function seeTo(ask, fetch) {
  if (ask.url !== undefined) return exchange(ask, fetch)
  const answer = ask.signed !== undefined ? verify(ask) : ask.digest !== undefined && digest(ask.digest)
  return answer && { answer, abort() {} }
}

export function exchange({ url, accept, 'content-type': type, body }, fetch) {
  // Engines before Chromium 66 have none; there the answer comes and nobody listens.
  const controller = typeof AbortController === 'function' ? new AbortController() : { abort() {} }
  const { signal } = controller
  const headers = { accept }
  if (type) headers['content-type'] = type
  // No cookies, redirects not followed, no preflight.
  const request = { method: body === undefined ? 'GET' : 'POST', headers, body, signal, credentials: 'omit', redirect: 'manual' }
  let timer
  const late = new Promise((resolve) => {
    timer = setTimeout(() => {
      resolve('timed_out')
      controller.abort()
    }, TIMEOUT)
  })
  const answered = fetch(url, request).then(
    (response) => read(response).then((bytes) => (core) => core.answered(response.status, headersOf(response), bytes)),
    (error) => whyRejected(error, url, fetch, signal),
  )
  const either = Promise.race([answered.catch((cause) => (typeof cause === 'string' ? cause : 'interrupted')), late])
  return {
    answer: either.then((answer) => {
      clearTimeout(timer)
      return typeof answer === 'string' ? (core) => core.lost(answer) : answer
    }),
    abort() {
      clearTimeout(timer)
      controller.abort()
    },
  }
}

function headersOf({ headers }) {
  const lines = []
  headers.forEach((value, name) => lines.push(`${name}:${value}`))
  return lines.join('\n')
}

// Piece by piece, so that an endless answer cannot fill a television's memory.
function read({ body }) {
  if (!body) return Promise.resolve(new Uint8Array(0))
  const reader = body.getReader()
  let whole = new Uint8Array(0)
  const more = ({ done, value }) => {
    if (done) return whole
    const before = whole
    whole = new Uint8Array(before.length + value.length)
    whole.set(before)
    whole.set(value, before.length)
    if (whole.length > LONGEST_BODY) {
      reader.cancel().catch(() => {})
      throw 'body_too_large'
    }
    return reader.read().then(more)
  }
  return reader.read().then(more)
}

// The cause of a rejected `fetch`, which itself says nothing in a browser, and everything in Node.
//
// A request that asks for no readable answer passes where CORS refuses: if it gets through, the server is there and only
// its permission for this page is missing.
function whyRejected(error, url, fetch, signal) {
  const reason = String((error && error.cause && error.cause.code) || '')
  if (/^(ENOTFOUND|EAI_)/.test(reason)) return 'name_not_found'
  if (/CERT|TLS|SSL|SIGNED/.test(reason)) return 'tls'
  if (typeof navigator === 'object' && navigator.onLine === false) return 'offline'
  const { origin } = new URL(url)
  if (typeof location !== 'object' || location.origin === origin) return 'unreachable'
  const probe = { method: 'HEAD', mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal }
  return fetch(`${origin}/`, probe).then(
    () => 'cross_origin_refused',
    () => 'unreachable',
  )
}

// Absent on plain `http` to another machine, and in engines that have no WebCrypto.
const subtle = () => typeof crypto === 'object' && crypto.subtle

const bytes = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0))

function digest(text) {
  const given = subtle() ? subtle().digest('SHA-256', new TextEncoder().encode(text)) : Promise.reject()
  return given.then(
    (digest) => (core) => core.digested(new Uint8Array(digest)),
    () => (core) => core.digested(new Uint8Array(0)),
  )
}

// RS256 or ES256, whichever the key is for (RFC 7518 section 3.1).
function verify({ signed, signature, x, y, n, e }) {
  const [key, algorithm] = x
    ? [{ kty: 'EC', crv: 'P-256', x, y }, { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }]
    : [{ kty: 'RSA', n, e }, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }]
  const found = subtle()
    ? subtle()
        .importKey('jwk', key, algorithm, false, ['verify'])
        .then((key) => subtle().verify(algorithm, key, bytes(signature), bytes(signed)))
    : Promise.reject()
  return found.then(
    (fits) => (core) => core.verified(fits),
    // Web Cryptography API section 18.4.4: importing data that is no key of its kind is a `DataError`. An algorithm that
    // this engine lacks, or one it gave up on, tells nothing about the signature.
    (error) => (core) => core.verified(error && error.name === 'DataError' ? false : undefined),
  )
}
