// The service worker of the demo: carries the requests of its television and its phone to the page around them, where the
// server is. It keeps nothing, so the browser may end it and start it again at any time.
const SCOPE = registration.scope
// Milliseconds; a page that runs answers at once.
const PATIENCE = 5000

onactivate = (event) => event.waitUntil(clients.claim())
oninstall = () => skipWaiting()

onfetch = (event) => {
  const path = event.request.url.startsWith(SCOPE) ? event.request.url.slice(SCOPE.length) : ''
  if (/^(idp\/|tv\/config\.json)/.test(path)) event.respondWith(carry(event, path))
}

async function carry({ request, clientId }, path) {
  const asker = clientId && (await clients.get(clientId))
  const body = request.method === 'GET' || request.method === 'HEAD' ? null : await request.arrayBuffer()
  const message = {
    path,
    // The television has its room in its own address.
    room: asker ? new URL(asker.url).searchParams.get('room') : null,
    method: request.method,
    headers: ['accept', 'content-type'].filter((name) => request.headers.has(name)).flatMap((name) => [name, request.headers.get(name)]),
    body: new Uint8Array(body ?? 0),
    isPage: request.mode === 'navigate',
  }
  const all = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  const pages = all.filter(({ url }) => url.startsWith(SCOPE) && !/^(idp|tv)\//.test(url.slice(SCOPE.length)))
  const answer = await Promise.any(pages.map((page) => ask(page, message))).catch(() => null)
  if (!answer) return new Response('The page of the demo is closed.', { status: 503 })
  if (answer.isLost) return Response.error()
  return new Response(answer.body.length > 0 ? answer.body : null, { status: answer.status, headers: answer.headers })
}

// The answer of a page, if the request concerns it and the page has started.
function ask(page, message) {
  return new Promise((resolve, reject) => {
    setTimeout(reject, PATIENCE)
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => (data ? resolve(data) : reject())
    page.postMessage(message, [port2])
  })
}
