// The examples that are apps of a framework, each built as it builds itself and driven by the keys of a remote control.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import * as vite from 'vite'
import { startMock } from './mock.mjs'
import { pack, project } from './project.mjs'
import { openSite } from './site.mjs'

const require = createRequire(import.meta.url)
const PICTURES = join(import.meta.dirname, '../../target/package-tests/pictures')
// What a built app needs of a page; Vue has a policy of its own for trusted types.
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; connect-src *; img-src data: blob:; require-trusted-types-for 'script'; trusted-types vue"

let site, mock, packed
before(async () => {
  packed = pack()
  site = await openSite()
  mock = await startMock('--page-origin', site.origin)
  mkdirSync(PICTURES, { recursive: true })
})
after(async () => {
  await site?.close()
  mock?.stop()
})

// Builds an example and shows it; nothing may be complained about but a pending poll's status 400 (RFC 8628 section 3.5)
// and the icon that nobody has.
async function show(example) {
  const root = project(example, packed, example, mock.issuers['okta-org'])
  // The example's own configuration is found in its folder.
  await vite.build({ root, logLevel: 'error' })
  Object.assign(site, { folder: join(root, 'dist'), policy: POLICY })
  const page = await site.newPage()
  const complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`))
  await page.goto(site.origin)
  return {
    page,
    press: (key) => page.keyboard.press(key),
    picture: (name) => page.screenshot({ path: join(PICTURES, `${example}-${name}.png`) }),
    heading: (text) => page.locator('h1', { hasText: text }).waitFor({ state: 'attached' }),
    lit: () => page.evaluate(() => document.activeElement.textContent),
    async code() {
      const code = page.locator('#code', { hasText: /\w{4}/ })
      await code.waitFor({ state: 'attached' })
      return code.textContent()
    },
    async close() {
      await page.close()
      assert.deepEqual(complaints.filter((text) => !/status of 400|favicon/.test(text)), [])
    },
  }
}

// What a phone's camera reads from the screen, by a decoder that the project did not write.
async function scan(page) {
  const picture = (await page.screenshot()).toString('base64')
  const reader = await site.newPage()
  await reader.addScriptTag({ path: require.resolve('jsqr') })
  const found = await reader.evaluate(async (picture) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob())
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d')
    canvas.drawImage(image, 0, 0)
    return jsQR(canvas.getImageData(0, 0, image.width, image.height).data, image.width, image.height)?.data
  }, picture)
  await reader.close()
  return found
}

// RFC 8628 section 3.3.1, and Okta's name of the parameter; letters of a host are no matter of case.
async function assertScanned(shown) {
  const code = await shown.code()
  // A camera looks until it reads: a canvas is drawn some frames after its words are there.
  let read
  for (let look = 0; !read && look < 100; look++) read = await scan(shown.page)
  const address = new URL(read)
  assert.equal(address.searchParams.get('user_code'), code)
  assert.equal(address.origin, new URL(mock.issuers['okta-org']).origin)
  return code
}

test('React: the focus goes where the arrows lead, and somebody signs in', async () => {
  const shown = await show('react')
  const { press, lit } = shown
  await shown.picture('home')
  assert.equal(await lit(), 'Sign in')
  await press('ArrowRight')
  assert.equal(await lit(), 'Browse')
  await press('ArrowDown')
  const below = await lit()
  await press('ArrowRight')
  const beside = await lit()
  assert.notEqual(beside, below)
  await press('ArrowUp')
  assert.equal(await lit(), 'Browse')
  // A row remembers who was lit there.
  await press('ArrowDown')
  assert.equal(await lit(), beside)
  await press('ArrowUp')
  await press('ArrowLeft')
  await press('ArrowLeft')
  assert.equal(await lit(), 'Sign in')
  await press('Enter')
  await shown.code()
  assert.equal(await lit(), 'Not now')
  await press('Escape')
  await shown.heading('Stories from the coast')
  await press('Enter')
  const code = await assertScanned(shown)
  await shown.picture('code')
  await mock.approve(code)
  await shown.heading('Hello, Jane Doe')
  assert.equal(await lit(), 'Continue watching')
  await shown.picture('signed-in')
  await shown.close()
})

for (const example of ['vue', 'lightning']) {
  test(`${example}: a sign-in that was given up begins again by OK`, async () => {
    const shown = await show(example)
    await shown.picture('home')
    await shown.press('Enter')
    await shown.code()
    await shown.press('Escape')
    await shown.heading('Sign-in was given up')
    await shown.picture('ended')
    await shown.press('Enter')
    const code = await assertScanned(shown)
    await shown.picture('code')
    await mock.approve(code)
    await shown.heading('Hello, Jane Doe')
    await shown.picture('signed-in')
    await shown.close()
  })
}
