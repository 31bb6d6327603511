// For pages, workers and bundlers, which understand this way to name a file beside a module.
import { makeClass } from './session.js'

export { DeviceLoginError } from '../headless/error.js'
export const Session = makeClass(() => new URL('./session.wasm', import.meta.url))
