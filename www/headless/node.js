// For Node, Deno and Bun, where the module is a file.
import { readFile } from 'node:fs/promises'
import { makeClass } from './device-login.js'

export { DeviceLoginError } from './error.js'
export const DeviceLogin = makeClass(() => readFile(new URL('./headless.wasm', import.meta.url)))
