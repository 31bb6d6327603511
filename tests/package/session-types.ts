// What TypeScript makes of the types of a session: each line that must be refused says so.
import type { TokenSet } from 'device-login/headless'
import { DeviceLoginError, Session, type EndReason, type SessionEnd, type SessionState } from 'device-login/session'

declare const tokens: TokenSet
const server = { issuer: 'https://id.example', clientId: 'tv', scope: 'openid offline_access' }
const storage = { load: () => localStorage.getItem('session'), save: (record: string) => localStorage.setItem('session', record), clear: () => localStorage.removeItem('session') }

const session = new Session(tokens, { ...server, origins: ['https://api.example'], storage, userMessage: (code) => (code === 'origin_refused' ? 'Nein.' : undefined) })
// @ts-expect-error: tokens are needed
new Session({ ...server })
// @ts-expect-error: a client id is needed
new Session(tokens, { issuer: 'https://id.example' })
// @ts-expect-error: a misspelt option
new Session(tokens, { ...server, origin: 'https://api.example' })
// @ts-expect-error: what cannot be cleared is no storage
new Session(tokens, { ...server, storage: { load: () => null, save() {} } })
// @ts-expect-error: without a storage there is nothing to restore
void Session.restore(server)
// @ts-expect-error: errors are made by the package
new DeviceLoginError()

// Every kind has its own members, and there are no others: `never` is left over.
function title(state: SessionState): string {
  switch (state.kind) {
    case 'active':
      // @ts-expect-error: no state holds a token
      void state.accessToken
      return `${state.name ?? ''} ${state.trouble?.code ?? ''} ${state.isKept}`
    case 'ended':
      // @ts-expect-error: nobody is signed in any more
      void state.name
      return state.reason
    default: {
      const nothing: never = state
      return nothing
    }
  }
}

const stop: () => void = session.onState((state) => void title(state))
const restored: Promise<Session | null> = Session.restore({ ...server, storage })
const answer: Promise<Response> = session.fetch(new URL('https://api.example/me'), { method: 'POST', body: '{}' })
const token: Promise<string> = session.accessToken()
const end: Promise<SessionEnd> = session.signOut()
void end.then(({ reason, endSessionUrl }: { reason: EndReason; endSessionUrl: string | null }) => [reason, endSessionUrl])
// @ts-expect-error: an end is not replaced
session.ended = end
export { answer, restored, stop, token }
