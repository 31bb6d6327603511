// The same for `require`.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeClass } from './device-login.js'

export { DeviceLoginError } from './error.js'
export const DeviceLogin = makeClass(() => readFile(join(__dirname, 'headless.wasm')))
