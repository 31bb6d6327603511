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

/** Runs a client at the issuer that the first argument names. What it throws ends the story, and is part of it. */
export async function tell(story) {
  try {
    await story(process.argv[2])
  } catch ({ code, status, error, message }) {
    say('thrown', { code, status, error, message })
  }
  answers.close()
}
