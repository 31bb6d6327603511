import { DeviceLogin } from 'device-login/headless'

export const login: DeviceLogin = new DeviceLogin({ clientId: 'tv' })
