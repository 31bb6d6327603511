import { DeviceLogin } from 'device-login/headless'

export const login: DeviceLogin = new DeviceLogin({ clientId: 'tv' })

import { Session } from 'device-login/session'

export const session: Promise<Session | null> = Session.restore({ clientId: 'tv', storage: { load: () => null, save() {}, clear() {} } })
