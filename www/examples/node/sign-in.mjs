// Sign-in of a command: `node sign-in.mjs`, with Deno `deno run -A sign-in.mjs`, with Bun `bun sign-in.mjs`.
//
//   npm install device-login-0.1.0.tgz
import { DeviceLogin } from 'device-login/headless'

const login = new DeviceLogin({ issuer: 'https://id.example', clientId: 'tv' })

let shown
login.onView((view) => {
  // A new view comes every second, for a countdown; here the code is written once.
  if (view.kind === 'code' && view.userCode !== shown) {
    shown = view.userCode
    console.log(`Go to ${view.verificationUri} and enter ${view.userCode}`)
  }
  if (view.kind === 'ended') login.dispose()
})

login.start()
try {
  const { name, accessToken } = await login.tokens
  console.log(`Hello, ${name}. An access token of ${accessToken.length} characters came.`)
} catch (error) {
  console.error(error.code === 'disposed' ? 'Nobody signed in.' : `${error.message}\n${error.userMessage}`)
  process.exitCode = 1
}
login.dispose()
