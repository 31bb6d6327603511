// The sign-in, and everything that needs its tokens.
import { DeviceLogin } from './node_modules/device-login/headless.js'

const login = new DeviceLogin({ issuer: 'https://id.example', clientId: 'tv' })

login.onView((view) => {
  // An error cannot be sent with all that it has.
  const { error, ...rest } = view
  postMessage(error ? { ...rest, code: error.code, message: error.userMessage } : rest)
})
login.start()
login.tokens.then(({ accessToken }) => console.log(`An access token of ${accessToken.length} characters came.`), console.error)
