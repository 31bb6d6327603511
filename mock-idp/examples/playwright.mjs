// The person's side with Playwright: a browser opens the address, enters the code, signs in and approves.
//
//   cargo install --path mock-idp
//   npm install playwright-core
//   CHROMIUM=/usr/bin/chromium node --test playwright.mjs

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { chromium } from 'playwright-core'

let program, browser, ready

before(async () => {
  program = spawn('mock-idp', ['serve', '--json', '--free-ports'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: program.stdout }), 'line')
  ready = JSON.parse(line)
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' })
})

after(async () => {
  await browser?.close()
  program.kill()
})

const post = async (url, form) => (await fetch(url, { method: 'POST', body: new URLSearchParams(form) })).json()

test('a person approves on a phone', async () => {
  const okta = `${ready.issuers['okta-org']}/oauth2/v1`
  const started = await post(`${okta}/device/authorize`, { client_id: 'tv', scope: 'openid profile' })

  const page = await browser.newPage({ viewport: { width: 360, height: 720 } })
  await page.goto(started.verification_uri)
  await page.fill('[name=user_code]', started.user_code)
  await page.press('[name=user_code]', 'Enter')
  await page.fill('[name=username]', 'jane')
  await page.fill('[name=password]', 'password')
  await page.press('[name=password]', 'Enter')
  await page.click('[name=decision][value=approve]')
  await page.getByText('Device activated').waitFor()

  const tokens = await post(`${okta}/token`, {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    client_id: 'tv',
    device_code: started.device_code,
  })
  assert.equal(tokens.token_type, 'Bearer')
})
