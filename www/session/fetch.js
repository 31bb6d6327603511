// `fetch` with an access token (RFC 6750 section 2.1), which goes nowhere but where the app has said.

// Whether a body can be sent twice. One of a `Request` is copied before.
const isReplayable = (body) => typeof ReadableStream !== 'function' || !(body instanceof ReadableStream)

// Where the words of an address begin that has none.
const base = () => (typeof document === 'object' ? document.baseURI : typeof location === 'object' ? location.href : undefined)

export const makeFetch = ({ origins, fetch, errors, accessToken, canReplace, refused, tokenType }) => (input, init) => {
  const isRequest = typeof Request === 'function' && input instanceof Request
  const given = Object(init)
  const from = isRequest ? input : {}

  // Rejects when the caller gives up.
  const orAborted = (promise) => {
    const signal = given.signal || from.signal
    if (!signal) return promise
    // Nobody looks at it any more once it was given up.
    promise.catch(() => {})
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason || Object.assign(Error('The request was given up'), { name: 'AbortError' }))
      if (signal.aborted) return abort()
      const leave = (settle) => (value) => {
        signal.removeEventListener('abort', abort)
        settle(value)
      }
      signal.addEventListener('abort', abort)
      promise.then(leave(resolve), leave(reject))
    })
  }

  const send = (token) => {
    // RFC 6749 section 7.1: a token of a kind that is not known must not be used.
    const type = tokenType()
    if (type && type.toLowerCase() !== 'bearer') throw errors.make('token_type_unknown', [type])
    const headers = new Headers(given.headers || from.headers || {})
    headers.set('authorization', `Bearer ${token}`)
    // A redirect would take the token along: browsers before 2023 do so across origins too.
    const redirect = (given.redirect || from.redirect) === 'manual' ? 'manual' : 'error'
    return fetch(isRequest ? input.clone() : input, Object.assign({}, init, { headers, redirect }))
  }

  return Promise.resolve().then(() => {
    const { origin } = new URL(isRequest ? input.url : input, base())
    if (origins.indexOf(origin) < 0) throw errors.make('origin_refused', [origin, 'which is none of `origins`: name it there if tokens are meant for it'])
    return orAborted(accessToken()).then((token) =>
      send(token).then((response) => {
        if (response.status !== 401 || !isReplayable(given.body) || !canReplace(token)) return response
        refused(token)
        // Without a new token the answer is what it was.
        return orAborted(accessToken()).then(send, (error) => (error.name === 'DeviceLoginError' ? response : Promise.reject(error)))
      }),
    )
  })
}
