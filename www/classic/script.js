// Files beside this script, for pages that cannot import: on `file:`, and in engines before Chromium 61.

// Known while the script runs for the first time.
const here = document.currentScript ? document.currentScript.src.replace(/[^/]*$/, '') : ''

let policy

// Where the page's policy lets no text name a script (Trusted Types, Chromium 83), what comes are names of our own files.
// `POLICY` is of each script its own, as a page has one by each name; the build says it.
const named = (url) => {
  if (!window.trustedTypes) return url
  policy = policy || window.trustedTypes.createPolicy(POLICY, { createScriptURL: String })
  return policy.createScriptURL(url)
}

export const loadScript = (name) =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script')
    // Whatever the page is written in.
    script.charset = 'utf-8'
    script.src = named(here + name)
    script.onload = () => {
      script.remove()
      resolve()
    }
    script.onerror = () => {
      script.remove()
      reject(Error(`${here}${name} cannot be loaded`))
    }
    document.head.appendChild(script)
  })

// Not by `fetch`, which reads nothing on `file:`; sets that let an app read its own files do so by this.
export const loadBytes = (name) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('GET', here + name)
    request.responseType = 'arraybuffer'
    request.onload = () => (request.response && (request.status === 200 || request.status === 0) ? resolve(request.response) : reject(Error(`${here}${name} answers with status ${request.status}`)))
    request.onerror = () => reject(Error(`${here}${name} cannot be loaded`))
    request.send()
  })

// What all scripts of the package share, however many of them the page has.
export const share = (members) => {
  window.deviceLogin = Object.assign(window.deviceLogin || {}, members)
}
