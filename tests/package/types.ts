// What TypeScript makes of the types: each line that must be refused says so.
import { DeviceLogin, DeviceLoginError, type SignInView, type TokenSet } from 'device-login/headless'

const login = new DeviceLogin({ issuer: 'https://id.example', clientId: 'tv', userMessage: (code) => (code === 'offline' ? 'Kein Netz.' : undefined) })
// @ts-expect-error: a client id is needed
new DeviceLogin({ issuer: 'https://id.example' })
// @ts-expect-error: a misspelt option
new DeviceLogin({ isuer: 'https://id.example', clientId: 'tv' })
// @ts-expect-error: errors are made by the package
new DeviceLoginError()

// Every kind has its own members, and there are no others: `never` is left over.
function title(view: SignInView): string {
  switch (view.kind) {
    case 'idle':
    case 'connecting':
    case 'checking':
      // @ts-expect-error: there is no code yet
      return view.userCode
    case 'code':
      return `${view.userCode} ${view.qr?.rows[0]?.[0] === 1} ${view.secondsLeft.toFixed()}`
    case 'signedIn':
      // @ts-expect-error: no view holds a token
      return view.accessToken
    case 'ended':
      // @ts-expect-error: nobody can fail by decision
      return view.reason === 'failed' ? '' : (view.description ?? view.reason)
    case 'failed':
      return view.error.code === 'invalid_client' ? view.error.userMessage : view.error.message
    default: {
      const nothing: never = view
      return nothing
    }
  }
}

const stop: () => void = login.onView((view) => void title(view))
const tokens: Promise<TokenSet> = login.tokens
// @ts-expect-error: tokens are not replaced
login.tokens = tokens
stop()
