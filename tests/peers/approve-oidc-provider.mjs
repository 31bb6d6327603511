// The person with a phone at `oidc-provider`: goes through its own development pages with a code.
// Arguments: approve or deny, verification_uri, user_code.

const [decision, uri, code] = process.argv.slice(2)
const cookies = new Map()

/** Follows redirects by hand, so that cookies are kept. */
async function visit(url, form) {
  const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  const body = form && new URLSearchParams(form)
  const answer = await fetch(url, { method: form ? 'POST' : 'GET', headers, body, redirect: 'manual' })
  for (const line of answer.headers.getSetCookie()) {
    const [pair] = line.split(';')
    const at = pair.indexOf('=')
    cookies.set(pair.slice(0, at), pair.slice(at + 1))
  }
  const next = answer.headers.get('location')
  if (next) return visit(new URL(next, url))
  return { url, status: answer.status, html: await answer.text() }
}

/** The hidden fields and the address of the page's form. */
function formOf({ url, html }) {
  const hidden = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  const action = html.match(/<form[^>]*action="([^"]*)"/)?.[1] ?? url
  return [new URL(action, url), Object.fromEntries(hidden.map(([, name, value]) => [name, value]))]
}

let page = await visit(uri)
let [action, fields] = formOf(page)
page = await visit(action, { ...fields, user_code: code })
;[action, fields] = formOf(page)
if (decision === 'deny') {
  page = await visit(action, { ...fields, user_code: code, abort: 'yes' })
  if (page.status >= 400) throw new Error(`${page.status} at ${page.url}`)
  process.exit(0)
}
page = await visit(action, { ...fields, user_code: code, confirm: 'yes' })
for (let steps = 0; page.html.includes('<form') && steps < 4; steps++) {
  ;[action, fields] = formOf(page)
  page = await visit(action, { ...fields, login: 'jane', password: 'password' })
}
if (page.status >= 400) throw new Error(`${page.status} at ${page.url}: ${page.html}`)
