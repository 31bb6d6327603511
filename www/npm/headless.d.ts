/**
 * Sign-in without a screen of its own: OAuth 2.0 Device Authorization Grant (RFC 8628), with OpenID Connect's ID token
 * checked.
 *
 * ```js
 * import { DeviceLogin } from 'device-login/headless'
 *
 * const login = new DeviceLogin({ issuer: 'https://id.example', clientId: 'tv' })
 * login.onView((view) => {
 *   if (view.kind === 'code') console.log(`Go to ${view.verificationUri} and enter ${view.userCode}`)
 * })
 * login.start()
 * const { accessToken } = await login.tokens
 * ```
 *
 * @module
 */

/** What a sign-in needs to know beforehand. Members that are not listed here are refused: a misspelt one would be lost. */
export interface DeviceLoginOptions {
  /**
   * The authorization server's `issuer`, exactly as its metadata spell it: a trailing slash matters.
   * Needed, unless both endpoints are given and no ID token is asked for.
   */
  issuer?: string
  /** `client_id` of a public client. */
  clientId: string
  /** Space-separated scopes; `openid profile` if absent. Without `openid` there is no ID token. */
  scope?: string
  /** With `tokenEndpoint`: used as given, and no metadata are fetched. */
  deviceAuthorizationEndpoint?: string
  /** With `deviceAuthorizationEndpoint`: used as given. */
  tokenEndpoint?: string
  /** With explicit endpoints: where the keys for ID tokens are. */
  jwksUri?: string
  /** With explicit endpoints: where tokens are taken back (RFC 7009). */
  revocationEndpoint?: string
  /** With explicit endpoints: where a person ends their session at the server. */
  endSessionEndpoint?: string
  /** How many new codes are asked for by themselves, one whenever a code runs out; 0 if absent, 19 at most. */
  renewals?: number
  /** Binds each code to this device by PKCE (RFC 7636), for servers that are known to look at it with this grant. */
  pkce?: boolean
  /** Refuses what the RFCs do not allow though it could be understood. For testing authorization servers. */
  strict?: boolean
  /** Lets everything travel over plain `http` to other machines. For test networks only. */
  allowInsecureHttp?: boolean
  /**
   * The WebAssembly, where it cannot be found as `headless.wasm` beside the script that holds this module: its address,
   * a `fetch` of it, its bytes, or the compiled module. All `DeviceLogin`s share what the first one loads.
   */
  wasm?: string | URL | Response | BufferSource | WebAssembly.Module | PromiseLike<Response | BufferSource | WebAssembly.Module>
  /** Sends requests in place of the global `fetch`, such as through a proxy. */
  fetch?: typeof fetch
  /** Words for the person, in the language of your app; the built-in English ones where it yields nothing. */
  userMessage?: (code: FailureCode, details: readonly string[]) => string | undefined
}

/** What a screen shows. */
export type SignInView = IdleView | ConnectingView | CodeView | CheckingView | SignedInView | EndedView | FailedView

/** Nothing has begun. */
export interface IdleView {
  readonly kind: 'idle'
}

/** Asking the server; nothing to show yet. */
export interface ConnectingView {
  readonly kind: 'connecting'
  readonly trouble: Trouble | null
}

/** The person's turn. */
export interface CodeView {
  readonly kind: 'code'
  /** As the server sent it. May be grouped for the eye, must not be changed. */
  readonly userCode: string
  /** Where to go, as the server sent it. */
  readonly verificationUri: string
  /** The same with the code inside, if the server gave it. */
  readonly verificationUriComplete: string | null
  /** One of the two addresses as a symbol: the one with the code inside unless that is too dense to scan from afar. */
  readonly qr: QrCode | null
  /** What is left of the code's life; a new view comes every second. */
  readonly secondsLeft: number
  /** Seconds from its issue. */
  readonly lifetime: number
  /** The last answer was lost; the code still counts. */
  readonly trouble: Trouble | null
}

/** Approved; the ID token is being checked. */
export interface CheckingView {
  readonly kind: 'checking'
  readonly trouble: Trouble | null
}

/** Done: the tokens are in `tokens`, and nowhere else. */
export interface SignedInView {
  readonly kind: 'signedIn'
  /** What to call the person, if known. */
  readonly name: string | null
  /** What vouches for that name; `null` without an ID token. */
  readonly vouchedBy: Vouched | null
}

/** An end that a person caused. `start` begins anew, and `tokens` is still waiting. */
export interface EndedView {
  readonly kind: 'ended'
  readonly reason: 'denied' | 'expired' | 'cancelled'
  /** The server's own words about a denial, if any. */
  readonly description: string | null
}

/** Something went wrong that is nobody's decision. `tokens` is rejected with the same error; `start` begins anew. */
export interface FailedView {
  readonly kind: 'failed'
  readonly error: DeviceLoginError
}

/** A lost answer; another try is coming. */
export interface Trouble {
  readonly code: TroubleCode
  readonly secondsUntilRetry: number
}

/** A QR code with the light border that readers need, as plain data: it can be sent to another thread. */
export interface QrCode {
  /** What it says. */
  readonly address: string
  /** Modules on each side, border included: the length of `rows` and of each row. */
  readonly size: number
  /** 1 for dark, 0 for light. */
  readonly rows: readonly (readonly (0 | 1)[])[]
  /** The dark modules as the `d` of one SVG path, for `viewBox="0 0 size size"`. Draw it dark on a light plate. */
  readonly path: string
}

/** What vouches for an ID token: its signature, or where there is no WebCrypto TLS, or over plain `http` nothing. */
export type Vouched = 'signature' | 'tls' | 'none'

/** The tokens as the server sent them, and who they are for. Absent is what the server did not send. */
export interface TokenSet {
  readonly accessToken: string
  /** How to use it, such as `Bearer`. */
  readonly tokenType: string
  /** Lifetime of the access token in seconds. */
  readonly expiresIn?: number
  readonly refreshToken?: string
  readonly idToken?: string
  /** Granted scope. */
  readonly scope?: string
  /** `sub` of the checked ID token: the one stable name of a person at this issuer. */
  readonly subject?: string
  readonly name?: string
  readonly preferredUsername?: string
  readonly email?: string
  readonly vouchedBy?: Vouched
}

/** Why an answer was lost. In a browser an unknown host and an untrusted certificate both are `unreachable`. */
export type TroubleCode =
  | 'answer_unreadable'
  | 'body_too_large'
  /** The server does not let this page read its answers (CORS). */
  | 'cross_origin_refused'
  | 'interrupted'
  | 'name_not_found'
  | 'offline'
  | 'server_unavailable'
  | 'timed_out'
  | 'tls'
  | 'unreachable'

/** What is wrong with an ID token (OpenID Connect Core 1.0 section 3.1.3.7). */
export type IdTokenCode =
  | 'id_token_access_token_mismatch'
  | 'id_token_algorithm_refused'
  | 'id_token_audience_mismatch'
  | 'id_token_authorized_party_mismatch'
  | 'id_token_critical_header'
  | 'id_token_expired'
  | 'id_token_issued_in_the_future'
  | 'id_token_issuer_mismatch'
  | 'id_token_key_not_found'
  | 'id_token_malformed'
  | 'id_token_missing'
  | 'id_token_not_yet_valid'
  | 'id_token_signature_invalid'
  | 'id_token_signature_unchecked'
  | 'id_token_subject_missing'

/** Stable names of failures. */
export type FailureCode =
  | TroubleCode
  | IdTokenCode
  /** Plain `http` to another machine, without `allowInsecureHttp`. */
  | 'config_insecure'
  /** An option that is not what it needs to be, or is not known; thrown by the constructor where it can be seen there. */
  | 'config_invalid'
  /** An option that is not there; thrown by the constructor where it can be seen there. */
  | 'config_missing'
  /** With `strict`: the server did what an RFC does not allow. */
  | 'deviates'
  | 'device_grant_not_offered'
  /** With `pkce`: this page has no SHA-256, as it is on plain `http`. */
  | 'digest_unavailable'
  /** By `dispose`. */
  | 'disposed'
  /** The server does not call itself as `issuer` says. */
  | 'issuer_mismatch'
  /** The WebAssembly could not be loaded. */
  | 'load_failed'
  | 'member_missing'
  | 'member_not_usable'
  /** The server redirects elsewhere, which is not followed. */
  | 'redirected'
  /** A defect of this package. */
  | 'stopped'
  /** The server's own `error`, as it stands (RFC 6749 section 5.2). */
  | ServerError

/** Such as `invalid_client`. */
export type ServerError = string & {}

/** Why nobody was signed in. */
export class DeviceLoginError extends Error {
  private constructor()
  readonly name: 'DeviceLoginError'
  readonly code: FailureCode
  /** The names, values and words of the server that it is about; for developers, as is `message`. */
  readonly details: readonly string[]
  /** The host of the authorization server, once one was asked. */
  readonly host: string | null
  /** What the person can do about it. */
  readonly userMessage: string
}

/** One device's sign-in. Nothing is loaded, sent or listened to before `start`. */
export class DeviceLogin {
  /** @throws {DeviceLoginError} `config_missing` or `config_invalid`, for what names and types can tell. */
  constructor(options: DeviceLoginOptions)

  /**
   * Begins, or begins anew after an end; does nothing while a sign-in is under way, and after `dispose`.
   * RFC 8628 wants a person to ask for it: call it from a button.
   */
  start(): void

  /** Ends what is under way: the view is `ended`, `cancelled`. */
  cancel(): void

  /** Calls `listener` at once, and whenever there is something else to see. Yields what ends that. */
  onView(listener: (view: SignInView) => void): () => void

  /** What there is to see. */
  readonly view: SignInView

  /**
   * Resolves once somebody has signed in; the only way tokens leave. Denial, expiry and `cancel` leave it waiting, a
   * failure and `dispose` reject it with a `DeviceLoginError`. A `start` after it was settled makes a new one.
   */
  readonly tokens: Promise<TokenSet>

  /** Ends everything, for good: timers, requests, listeners, memory. */
  dispose(): void
}
