// The mock as a program, and a person who approves whatever a set shows.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'

const PROGRAM = process.env.MOCK_IDP ?? join(import.meta.dirname, '../../target/debug/mock-idp')

// Polls a second apart, told and meant, so that nobody waits for long: the usual five are a matter of simulated time.
const QUICK = { steps: [{ facts: { interval: 1 } }] }

export async function startMock(...options) {
  const program = spawn(PROGRAM, ['serve', '--json', '--free-ports', ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: program.stdout }), 'line')
  const { control, issuers } = JSON.parse(line)
  const tell = async (path, body) => {
    const answer = await fetch(control + path, { method: 'POST', body: body && JSON.stringify(body) })
    if (!answer.ok) throw Error(`${path}: ${await answer.text()}`)
  }
  await tell('/scripts', QUICK)
  return {
    issuers,
    approve: (code) => tell(`/grants/${code}/approve`),
    deny: (code) => tell(`/grants/${code}/deny`),
    // From now on polls are five seconds apart, as usual.
    slow: () => fetch(`${control}/scenarios`, { method: 'DELETE' }),
    // By the mock's clock, which `Date` headers tell too.
    advance: (seconds) => tell('/clock/advance', { seconds }),
    stop: () => program.kill(),
  }
}
