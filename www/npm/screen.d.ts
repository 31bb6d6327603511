/**
 * The whole sign-in screen, as a part of your page: drawn, spoken in ten languages and driven by a remote control, inside
 * of a shadow root.
 *
 * ```js
 * import { mount } from 'device-login'
 *
 * const screen = mount(document.querySelector('#sign-in'), { issuer: 'https://id.example', clientId: 'tv' })
 * const { accessToken } = await screen.tokens
 * screen.unmount()
 * ```
 *
 * The screen is as large as the node; where that has no height it is 16:9. In the page's style sheet it can be changed by
 * custom properties, inherited from anywhere above: `--device-login-accent`, `-ground`, `-glow`, `-text`, `-muted`,
 * `-surface`, `-on-surface`, `-alert`, `-on-alert` (colours) and `-font` (families); and by `::part(…)` of the node's child:
 * `stage`, `brand`, `mark`, `trouble`, `message`, `split`, `how`, `steps`, `address`, `code`, `scan`, `plate`, `left`,
 * `bar`, `controls`, `control`, `lit`, `foot`, `reference`, `warning`, `tick`.
 *
 * Keys are arrows, OK and Back, by whatever name a remote control gives them, and are heard while the focus is in the
 * screen. Those that mean something there go no further. All others reach the page: beyond the last button and back from the
 * first screen `onLeave` says so as well, and who has the focus next is for the page to say.
 *
 * @module
 */

import type { CodeView, DeviceLoginError, DeviceLoginOptions, SignInView, TokenSet } from './headless.js'

export { DeviceLoginError } from './headless.js'
export type {
  CheckingView, ConnectingView, EndedView, FailedView, FailureCode, IdTokenCode, IdleView, ServerError, SignedInView, TokenSet, Trouble, TroubleCode, Vouched,
} from './headless.js'

/** What a screen needs to know. Members that are not listed here are refused: a misspelt one would be lost. */
export interface ScreenOptions extends Omit<DeviceLoginOptions, 'fetch' | 'userMessage' | 'wasm'> {
  /** What stands in the upper corner. */
  brand?: string
  /** The one colour that is not grey, as `#rrggbb`; `--device-login-accent` if absent. */
  accent?: string
  /** Side of the QR code's room in percent of the screen's height, from 20 to 60; 53 if absent. */
  qrSize?: number
  /** Black, white and lines, as where the device says so itself (`prefers-contrast`). */
  highContrast?: boolean
  /** Whom to ask, such as an address; shown where a sign-in was declined, ran out or failed. */
  help?: string
  /** Language of the words, as a BCP 47 tag; the device's if absent, or if there are no words in this one. */
  lang?: string
  /**
   * Whoever signed in stays signed in after a restart, and signs out on this screen. The session is kept in IndexedDB,
   * under a key that no script can read out; without this nothing is stored. The refresh token then stays with the screen:
   * `tokens` resolves with an access token that can be used, at every mount, and without a refresh token.
   */
  keepSignedIn?: boolean
  /**
   * The WebAssembly, where it cannot be found as `screen.wasm` beside the script that holds this module: its address, a
   * `fetch` of it, its bytes, or the compiled module. All screens share what the first one loads.
   */
  wasm?: DeviceLoginOptions['wasm']
}

/** What a screen shows. */
export type ScreenView = Exclude<SignInView, CodeView> | ShownCodeView | SignedOutView

/** The person's turn. The screen draws the QR code itself. */
export type ShownCodeView = Omit<CodeView, 'qr'>

/** With `keepSignedIn`: the session has ended. */
export interface SignedOutView {
  readonly kind: 'signedOut'
  /** By the person, by another window, or by the server, in its own word. */
  readonly reason: 'signed_out' | 'signed_out_not_revoked' | 'signed_out_elsewhere' | 'session_expired' | (string & {})
}

/** How somebody wants to leave: by an arrow beyond the last button, by Back at the first screen, or by the button "Done". */
export type Leave = 'up' | 'down' | 'left' | 'right' | 'back' | 'done'

/** A screen in its place. */
export interface MountedScreen {
  /**
   * Resolves once somebody has signed in; the only way tokens leave. Denial, expiry and a person who goes back leave it
   * waiting, a failure and `unmount` reject it with a `DeviceLoginError`. A new sign-in after it was settled makes a new one.
   */
  readonly tokens: Promise<TokenSet>

  /** What there is to see; nothing in it is secret. */
  readonly view: ScreenView

  /** Calls `listener` at once, and whenever there is something else to see. Yields what ends that. */
  onView(listener: (view: ScreenView) => void): () => void

  /** Calls `listener` whenever somebody wants to leave. Yields what ends that. */
  onLeave(listener: (by: Leave) => void): () => void

  /** Begins to sign in, as the button does, where a button would. RFC 8628 wants a person to ask for it. */
  start(): void

  /** Goes one screen back, for a Back that is no key, such as that of a router; `false` at the first one. */
  back(): boolean

  /** Takes the focus. A screen that is mounted while nothing has the focus takes it by itself. */
  focus(): void

  /** Takes the screen away, with its timers, requests, listeners and memory. */
  unmount(): void
}

/**
 * Puts a screen into `node`, after what stands there; into a shadow root as it is, for those who make elements of their own.
 *
 * What cannot work, such as plain `http` to another machine, is the view `failed`.
 *
 * @throws {DeviceLoginError} `config_missing` or `config_invalid`, for what names and types can tell.
 */
export function mount(node: Element | ShadowRoot, options: ScreenOptions): MountedScreen
