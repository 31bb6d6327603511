// A command that stays signed in: its session rests in a file that nobody else on this machine can read.
//
//   node session.mjs            says who is signed in, and signs somebody in if nobody is
//   node session.mjs sign-out   ends that, here and at the server
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { DeviceLogin } from 'device-login/headless'
import { Session } from 'device-login/session'

const server = { issuer: 'https://id.example', clientId: 'tv', scope: 'openid profile offline_access' }
// Your API. Here the server's own, which says who is signed in.
const ME = 'https://id.example/userinfo'

const FILE = 'session.json'
const storage = {
  load: () => readFile(FILE, 'utf8').catch((error) => (error.code === 'ENOENT' ? null : Promise.reject(error))),
  // Beside it first: a crash leaves one or the other.
  save: (record) => writeFile(`${FILE}.new`, record, { mode: 0o600 }).then(() => rename(`${FILE}.new`, FILE)),
  clear: () => rm(FILE, { force: true }),
}
const options = { ...server, storage, origins: [new URL(ME).origin] }

async function signIn() {
  const login = new DeviceLogin(server)
  let shown
  login.onView((view) => {
    if (view.kind !== 'code' || view.userCode === shown) return
    shown = view.userCode
    console.log(`Go to ${view.verificationUri} and enter ${shown}`)
  })
  login.start()
  return new Session(await login.tokens, options)
}

const session = (await Session.restore(options)) ?? (await signIn())
if (process.argv[2] === 'sign-out') {
  // Its `endSessionUrl` ends the session at the server too. It holds the ID token, so it is for a browser and for no log.
  const { reason } = await session.signOut()
  console.log(reason)
} else {
  const answer = await session.fetch(ME)
  if (!answer.ok) throw Error(`${ME} answers with ${answer.status}: is it the right address?`)
  console.log(`Hello, ${session.state.name}. The API knows you as ${(await answer.json()).sub}.`)
  session.dispose()
}
