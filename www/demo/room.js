// One server with its television and its phone: everything that belongs to it begins with its name, and ends with the page.
import init, { Host } from './mock.js'

const random = (count) => crypto.getRandomValues(new Uint8Array(count))

export class Room {
  static load = () => init({ module_or_path: 'mock.wasm' })

  #host
  #issuer
  #folder
  // The phone's cookies: no browser keeps those of a service worker's answers.
  #cookies = new Map()
  #note
  // Where the phone is to go, once the television has a code.
  codes = null

  constructor(product, base, note) {
    this.name = Array.from(random(2), (byte) => byte.toString(36).padStart(2, '0')).join('')
    this.#folder = `${base.pathname}idp/${this.name}`
    this.#host = new Host(product, this.#folder, random(32), new Uint32Array(random(4).buffer)[0])
    this.#issuer = this.#host.issuer(`${base.origin}${this.#folder}`)
    this.#note = note
  }

  misbehave(script) {
    this.#host.misbehave(script && JSON.stringify(script))
  }

  // The answer to what the service worker brings, or nothing where it is another room's.
  answer({ path, room, method, headers, body, isPage }) {
    if (path.startsWith('tv/')) return room === this.name ? this.#configuration() : null
    const [, name, target] = path.match(/^idp\/(\w+)(.*)$/) ?? []
    if (name !== this.name) return null
    const came = ['host', location.host, 'x-forwarded-proto', location.protocol.slice(0, -1), ...headers]
    if (isPage) came.push('cookie', Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join('; '))
    const answer = this.#host.handle(Date.now(), method, this.#folder + target, came, body)
    const { status, isLost } = answer
    const pairs = answer.headers.flatMap((name, index, all) => (index % 2 === 0 ? [[name, all[index + 1]]] : []))
    const made = { status, isLost, body: answer.body, headers: isPage ? this.#keepCookies(pairs) : pairs }
    answer.free()
    if (!isPage) this.#overhear(method, target, made)
    return made
  }

  #configuration() {
    const config = { issuer: this.#issuer, client_id: 'tv', brand: { name: 'Living Room TV' }, help: 'the page around this television' }
    return { status: 200, headers: [['Content-Type', 'application/json']], body: new TextEncoder().encode(JSON.stringify(config)) }
  }

  // What is left of a page's headers: the cookies are kept here, and here its pages may stand in a frame.
  #keepCookies(pairs) {
    for (const [name, value] of pairs) {
      const [, key, text] = (name.toLowerCase() === 'set-cookie' && value.match(/^([^=]+)=([^;]*)/)) || []
      if (key) this.#cookies.set(key, text)
    }
    return pairs.filter(([name]) => !/^(set-cookie|x-frame-options|content-security-policy)$/i.test(name))
  }

  // What a phone's camera would see, and what a developer wants to.
  #overhear(method, target, { status, isLost, body }) {
    const path = target.replace(/\?.*/, '')
    if (isLost) return this.#note(`${method} ${path} → no answer`, false)
    let said = {}
    try { said = JSON.parse(new TextDecoder().decode(body)) ?? {} } catch { /* Not every answer is JSON. */ }
    if (said.user_code) {
      const address = said.verification_uri
      this.codes = { address, complete: said.verification_uri_complete ?? address }
    }
    const detail = said.error ?? (said.user_code && `user_code ${said.user_code}`) ?? (said.access_token && 'tokens') ?? ''
    this.#note(`${method} ${path} → ${status} ${detail}`, status < 400)
  }
}
