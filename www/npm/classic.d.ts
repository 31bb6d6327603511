/**
 * The same as classic scripts, for apps on `file:` and for sets without modules or WebAssembly (from Chromium 53 on).
 * Each puts its members into one global, whichever of them a page has:
 *
 * ```html
 * <script src="headless.classic.js"></script>
 * <script>
 *   var login = new deviceLogin.DeviceLogin({ issuer: 'https://id.example', clientId: 'tv' })
 * </script>
 * ```
 *
 * Beside `headless.classic.js` belong `headless.wasm` and `headless.translated.js`, its translation to JavaScript for where
 * there is no WebAssembly; likewise for `session` and `screen`, and beside the latter the folder `texts`.
 * `element.classic.js` after `screen.classic.js` makes `<device-login>` known to the page, from Chromium 54 on.
 *
 * @module
 */

import type { DeviceLogin, DeviceLoginError } from './headless.js'
import type { mount } from './screen.js'
import type { Session } from './session.js'

declare global {
  /** What the scripts of `device-login` share. */
  const deviceLogin: {
    /** By `headless.classic.js`. */
    readonly DeviceLogin: typeof DeviceLogin
    /** By `session.classic.js`. */
    readonly Session: typeof Session
    /** By `screen.classic.js`. */
    readonly mount: typeof mount
    /** By each. Those of another script are told by their `name`. */
    readonly DeviceLoginError: typeof DeviceLoginError
  }
}
