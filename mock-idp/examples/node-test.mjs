// mock-idp in a test of Node: started by it, and gone with it.
//
//   cargo install --path mock-idp
//   node --test node-test.mjs

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before, beforeEach, test } from 'node:test'

let program, control, metadata

before(async () => {
  program = spawn('mock-idp', ['serve', '--json', '--free-ports'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: program.stdout }), 'line')
  const ready = JSON.parse(line)
  control = ready.control
  metadata = await (await fetch(`${ready.issuers['okta-org']}/.well-known/openid-configuration`)).json()
})

after(() => program.kill())

beforeEach(() => tell('/reset'))

/** A call of the control listener. */
const tell = (path, body) => fetch(control + path, { method: 'POST', body: body && JSON.stringify(body) })

/** A request of the client, with a form, as OAuth wants it. Here your own client would stand. */
async function ask(endpoint, form) {
  const body = new URLSearchParams({ client_id: 'tv', ...form })
  return (await fetch(metadata[`${endpoint}_endpoint`], { method: 'POST', body })).json()
}

const start = () => ask('device_authorization', { scope: 'openid profile' })
const poll = ({ device_code }) =>
  ask('token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code })

test('tokens come once somebody has approved', async () => {
  const started = await start()
  assert.equal((await poll(started)).error, 'authorization_pending')
  await tell(`/grants/${started.user_code}/approve`, { user: 'jane' })
  await tell('/clock/advance', { seconds: started.interval })
  const tokens = await poll(started)
  assert.equal(tokens.token_type, 'Bearer')
})

test('a code that nobody enters ends', async () => {
  const started = await start()
  await tell('/clock/advance', { seconds: started.expires_in })
  assert.equal((await poll(started)).error, 'expired_token')
})
