import headless = require('device-login/headless')

export const login: headless.DeviceLogin = new headless.DeviceLogin({ clientId: 'tv' })
