// The same for `require`.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeClass } from './session.js'

export { DeviceLoginError } from '../headless/error.js'
export const Session = makeClass(() => readFile(join(__dirname, 'session.wasm')))
