import { onScopeDispose, shallowRef } from 'vue'
import { DeviceLogin } from 'device-login/headless'

// A sign-in that lives as long as the component: `view` is what there is to see. Tokens leave by `login.tokens` alone,
// so that no template and no developer tool shows them.
export function useDeviceLogin(options) {
  const login = new DeviceLogin(options)
  const view = shallowRef(login.view)
  login.onView((next) => (view.value = next))
  onScopeDispose(() => login.dispose())
  return { login, view }
}
