/**
 * The whole sign-in screen as an element. Importing this makes `<device-login>` known to the page:
 *
 * ```html
 * <script type="module">import 'device-login/element'</script>
 * <device-login issuer="https://id.example" client-id="tv"></device-login>
 * ```
 *
 * Each option of `mount` is an attribute: `client-id` for `clientId`, `keep-signed-in` for `keepSignedIn`; `wasm` is an
 * address. It shows itself once it has a `client-id`, goes on where it is when it is moved, and begins anew when an
 * attribute changes.
 *
 * It wants Chromium 64, as all modules of the package; `element.classic.js`, in the page after `screen.classic.js`, is the same
 * as a classic script, from Chromium 54 on. Before that there are no elements of one's own, and `mount` is what is left.
 *
 * @module
 */

import type { Leave, MountedScreen, ScreenView } from './screen.js'

/** `<device-login>`. */
export class DeviceLoginElement extends HTMLElement implements Pick<MountedScreen, 'tokens' | 'view' | 'start' | 'back' | 'focus'> {
  /** As `MountedScreen.tokens`; rejected when the element is taken out of the document, and waiting again when it is back. */
  readonly tokens: MountedScreen['tokens']
  readonly view: ScreenView
  start(): void
  back(): boolean
  focus(): void
  addEventListener<K extends keyof DeviceLoginEventMap>(type: K, listener: (this: DeviceLoginElement, event: DeviceLoginEventMap[K]) => void, options?: boolean | AddEventListenerOptions): void
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void
}

/** What it tells; these bubble, and hold no token. */
export interface DeviceLoginEventMap extends HTMLElementEventMap {
  /** There is something else to see. */
  'device-login-view': CustomEvent<ScreenView>
  /** The same for the end of a sign-in or of a session. */
  'device-login-ended': CustomEvent<Extract<ScreenView, { kind: 'signedIn' | 'ended' | 'failed' | 'signedOut' }>>
  /** Somebody wants to leave. */
  'device-login-leave': CustomEvent<{ readonly by: Leave }>
}

declare global {
  interface HTMLElementTagNameMap {
    'device-login': DeviceLoginElement
  }
}
