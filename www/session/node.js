// For Node, Deno and Bun, where the module is a file.
import { readFile } from 'node:fs/promises'
import { makeClass } from './session.js'

export { DeviceLoginError } from '../headless/error.js'
export const Session = makeClass(() => readFile(new URL('./session.wasm', import.meta.url)))
