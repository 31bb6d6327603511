// The contestants on one server, compressed once and for all, and beside them an authorization server that never gives in.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

const TYPES = { '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json', '.mjs': 'text/javascript', '.wasm': 'application/wasm' }

export const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })

const filesIn = (folder) => readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile())

// RFC 8628 section 3.2, and section 3.5 for ever.
const PENDING = { error: 'authorization_pending' }
const STARTED = { device_code: 'GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS', user_code: 'WDJB-MJHT', expires_in: 7200, interval: 5 }

function answerOfPatience(path, origin) {
  const issuer = `${origin}/patience`
  if (path.endsWith('/device_authorization')) return [200, { ...STARTED, verification_uri: `${issuer}/device`, verification_uri_complete: `${issuer}/device?user_code=${STARTED.user_code}` }]
  if (path.endsWith('/token')) return [400, PENDING]
  return [200, { issuer, device_authorization_endpoint: `${issuer}/device_authorization`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }]
}

// `folders` by name; `page(name, issuer)` is where a contestant signs in there.
export async function openSite(folders) {
  const files = new Map()
  for (const [name, folder] of Object.entries(folders)) {
    if (!existsSync(folder)) throw Error(`${folder} is not there; npx --yes rust-just build`)
    for (const file of filesIn(folder)) {
      const plain = readFileSync(join(folder, file))
      files.set(`/${name}/${file}`, { plain, small: brotli(plain) })
    }
  }
  const sent = { bytes: 0 }
  let issuer = ''
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://127.0.0.1').pathname.replace(/\/$/, '/index.html')
    if (path.startsWith('/patience/')) {
      const [status, answer] = answerOfPatience(path, origin)
      return response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(answer))
    }
    const isConfig = path.endsWith('/config.json')
    const plain = isConfig && Buffer.from(JSON.stringify({ issuer, client_id: 'tv', scope: 'openid profile' }))
    const file = isConfig ? { plain, small: brotli(plain) } : files.get(path)
    if (!file) return response.writeHead(404).end()
    sent.bytes += file.small.length
    const isBrotli = /\bbr\b/.test(request.headers['accept-encoding'])
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain', ...(isBrotli && { 'content-encoding': 'br' }) })
    response.end(isBrotli ? file.small : file.plain)
  })
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  const origin = `http://127.0.0.1:${server.address().port}`
  return {
    origin,
    patience: `${origin}/patience`,
    sent,
    page(name, at) {
      issuer = at
      sent.bytes = 0
      return `${origin}/${name}/`
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
