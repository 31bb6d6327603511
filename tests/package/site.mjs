// A folder on a socket, under a policy, and the browser of today in front of it.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { chromium } from 'playwright-core'

const TYPES = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }

export async function openSite() {
  const site = { folder: '', policy: '' }
  const server = createServer((request, response) => {
    const path = new URL(request.url, site.origin).pathname.replace(/\/$/, '/index.html')
    try {
      const content = readFileSync(join(site.folder, path))
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain', 'content-security-policy': site.policy }).end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  site.origin = `http://127.0.0.1:${server.address().port}`
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
  site.newPage = (options) => browser.newPage({ viewport: { width: 1280, height: 720 }, ...options })
  // Pages that share what they store.
  site.newContext = () => browser.newContext({ viewport: { width: 1280, height: 720 } })
  site.close = async () => {
    await browser.close()
    server.close()
  }
  return site
}
