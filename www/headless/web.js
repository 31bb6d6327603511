// For pages, workers and bundlers, which understand this way to name a file beside a module.
import { makeClass } from './device-login.js'

export { DeviceLoginError } from './error.js'
export const DeviceLogin = makeClass(() => new URL('./headless.wasm', import.meta.url))
