// What an app does that draws its own screen.
import { DeviceLogin } from 'device-login/headless'

export function signIn({ issuer, client_id: clientId, scope }, onCode) {
  const login = new DeviceLogin({ issuer, clientId, scope })
  let shown
  login.onView((view) => {
    if (view.kind !== 'code' || view.userCode === shown) return
    shown = view.userCode
    onCode({ userCode: view.userCode, path: view.qr.path, size: view.qr.size })
  })
  login.start()
  return login.tokens
}
