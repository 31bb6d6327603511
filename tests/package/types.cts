import headless = require('device-login/headless')

export const login: headless.DeviceLogin = new headless.DeviceLogin({ clientId: 'tv' })

import session = require('device-login/session')

export const restored: Promise<session.Session | null> = session.Session.restore({ clientId: 'tv', storage: { load: () => null, save() {}, clear() {} } })
