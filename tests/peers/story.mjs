// What a client that the project did not write tells the test: a line of JSON for each step.

import { createInterface } from 'node:readline'

const answers = createInterface({ input: process.stdin })

/** Tells of one step. */
export const say = (step, facts = {}) => console.log(JSON.stringify({ step, ...facts }))

/** Tells of a wait. The test moves the server's clock and sends a line back, so that it takes no time. */
export async function wait(seconds) {
  say('wait', { seconds })
  await new Promise((moved) => answers.once('line', moved))
}

/** The scopes of the story that a server has: not every one knows `offline_access`. */
export const scopeAt = ({ scopes_supported }) =>
  ['openid', 'profile', 'email', 'offline_access'].filter((name) => scopes_supported.includes(name)).join(' ')

/** Runs a client at an issuer: what it throws ends the story, and is part of it. The arguments are the issuer and,
    for a client with a secret, its `token_endpoint_auth_method` and that secret. */
export async function tell(library, story) {
  const [issuer, method = 'none', secret] = process.argv.slice(2)
  const authentications = {
    client_secret_basic: library.ClientSecretBasic,
    client_secret_post: library.ClientSecretPost,
    none: library.None,
  }
  try {
    await story(issuer, authentications[method](secret), secret !== undefined)
  } catch ({ code, status, error, message }) {
    say('thrown', { code, status, error, message })
  }
  answers.close()
}
