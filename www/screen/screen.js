// For pages and bundlers, which understand this way to name a file beside a module.
import { makeMount } from './mount.js'

export { DeviceLoginError } from '../headless/error.js'
export const mount = makeMount(() => new URL('./screen.wasm', import.meta.url))
