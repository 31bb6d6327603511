// What TypeScript makes of the global of the classic scripts.
import type {} from 'device-login/classic'

const login = new deviceLogin.DeviceLogin({ issuer: 'https://id.example', clientId: 'tv' })
const session = login.tokens.then((tokens) => new deviceLogin.Session(tokens, { issuer: 'https://id.example', clientId: 'tv' }))
// @ts-expect-error: a place is needed
deviceLogin.mount({ clientId: 'tv' })
// @ts-expect-error: there is nothing else
deviceLogin.DeviceLoginElement
export { session }
