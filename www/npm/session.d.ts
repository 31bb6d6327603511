/**
 * What comes after a sign-in: tokens kept fresh, `fetch` with a valid one attached, sign-out. For those of
 * `device-login/headless` and of `mount` alike.
 *
 * ```js
 * import { Session } from 'device-login/session'
 *
 * const server = { issuer: 'https://id.example', clientId: 'tv' }
 * const session = new Session(await login.tokens, { ...server, origins: ['https://api.example'] })
 *
 * const answer = await session.fetch('https://api.example/me')
 * session.ended.then(({ reason }) => showSignIn(reason))
 * ```
 *
 * @module
 */

import type { DeviceLoginError as SignInError, DeviceLoginOptions, FailureCode, TokenSet, Trouble } from './headless.js'

export type { IdTokenCode, ServerError, TokenSet, Trouble, TroubleCode } from './headless.js'

/**
 * What a session needs to know: the same server and client as the sign-in, whose options may all be given again. Members
 * that are not listed are refused: a misspelt one would be lost.
 */
export interface SessionOptions extends Omit<DeviceLoginOptions, 'userMessage' | 'wasm'> {
  /**
   * Where `fetch` may send the access token, such as `['https://api.example']`; nowhere if absent. Only https, this
   * machine, and with `allowInsecureHttp` anything.
   */
  origins?: readonly string[]
  /** Where the session rests between two starts of the app; nowhere if absent, and then it ends with the page. */
  storage?: SessionStorage
  /**
   * The WebAssembly, where it cannot be found as `session.wasm` beside the script that holds this module: its address, a
   * `fetch` of it, its bytes, or the compiled module. All sessions share what the first one loads.
   */
  wasm?: DeviceLoginOptions['wasm']
  /** Words for the person, in the language of your app; the built-in English ones where it yields nothing. */
  userMessage?: (code: SessionCode, details: readonly string[]) => string | undefined
}

/**
 * Where a session rests: one text, which holds all its tokens in the clear.
 *
 * On a shared television whoever comes next is taken for whoever signed in before, until somebody signs out; and whoever
 * can read the storage has the tokens: on a page that is every script of the origin. So keep it only where people ask for
 * that, and where the platform has a place for secrets, there. `mount` with `keepSignedIn` keeps its own session encrypted.
 *
 * Each function may yield a promise. One that rejects, throws, or takes longer than ten seconds has failed: the session
 * goes on, and `isKept` is `false`.
 */
export interface SessionStorage {
  /** What was saved last; `null` or `undefined` if nothing is there. */
  load(): string | null | undefined | PromiseLike<string | null | undefined>
  /** Puts this in the place of what is there, in one piece; done when it would survive a crash. */
  save(record: string): void | PromiseLike<unknown>
  /** Removes it. */
  clear(): void | PromiseLike<unknown>
}

/** How things are. */
export type SessionState = ActiveSession | EndedSession

/** Somebody is signed in. */
export interface ActiveSession {
  readonly kind: 'active'
  /** What to call the person, if known. */
  readonly name: string | null
  /** `sub` of the checked ID token: the one stable name of a person at this issuer. */
  readonly subject: string | null
  /** Granted scope, where the server said it. */
  readonly scope: string | null
  /** Whether the newest tokens are in the storage. */
  readonly isKept: boolean
  /** The last answer was lost; another try is coming, and the session lives. */
  readonly trouble: Trouble | null
}

/** Nobody is any more; sign in again. */
export interface EndedSession {
  readonly kind: 'ended'
  readonly reason: EndReason
  /** The server's own words, or the cause of a sign-out that the server did not hear of. For developers. */
  readonly details: readonly string[]
}

/** Why a session has ended. */
export type EndReason =
  /** By `signOut`, and the server has taken the tokens back or offers no way to. */
  | 'signed_out'
  /** By `signOut`, but the server could not be told: its tokens run out by themselves. */
  | 'signed_out_not_revoked'
  /** In another page with the same storage: somebody signed out there, or signed in as somebody else. */
  | 'signed_out_elsewhere'
  /** The access token has run out or was refused, and no refresh token was granted (scope `offline_access`). */
  | 'session_expired'
  /** By `dispose`: nothing was revoked and nothing cleared. */
  | 'disposed'
  /**
   * The server gave no new tokens, by its own `error`, such as `invalid_grant`; or the options cannot work, or it is not
   * the server that they describe, by the codes of a sign-in.
   */
  | FailureCode

/** The end of a session. */
export interface SessionEnd {
  readonly reason: EndReason
  readonly details: readonly string[]
  /** The storage could not be cleared: something is left behind there. */
  readonly isLeftBehind: boolean
  /**
   * After a sign-out: where the person can end their session at the server as well, if it has such a page (OpenID Connect
   * RP-Initiated Logout 1.0). It holds the ID token: open it or draw it as a QR code, and keep it out of logs.
   */
  readonly endSessionUrl: string | null
}

/** Stable names of what `accessToken`, `fetch` and `restore` reject with, and what the constructor throws. */
export type SessionCode =
  | EndReason
  /** `fetch` was to go where no token may: the origin is none of `origins`. Nothing was sent. */
  | 'origin_refused'
  /** `storage.load` failed. */
  | 'storage_failed'
  /** The tokens are of a kind that `fetch` does not know (RFC 6749 section 7.1); it knows `Bearer`. */
  | 'token_type_unknown'

/** Why there is no token, or no session. */
export class DeviceLoginError extends Error {
  private constructor()
  readonly name: 'DeviceLoginError'
  readonly code: SessionCode
  /** The names, values and words of the server that it is about; for developers, as is `message`. */
  readonly details: readonly string[]
  readonly host: SignInError['host']
  /** What the person can do about it. */
  readonly userMessage: string
}

/** One sign-in's tokens, kept fresh until somebody or the server ends that. */
export class Session {
  /**
   * Begins with the tokens of a sign-in, at once after it: their lifetime counts from here. With a `storage` they are kept
   * there, in the place of what was.
   *
   * @throws {DeviceLoginError} `config_missing`, `config_invalid` or `config_insecure`, for what names and types can tell.
   */
  constructor(tokens: TokenSet, options: SessionOptions)

  /**
   * Goes on with the session that `storage` holds, without a sign-in; `null` if there is none for this issuer and client.
   *
   * @throws {DeviceLoginError} As the constructor. Rejects with `storage_failed` and `load_failed`: try again later.
   */
  static restore(options: SessionOptions & { storage: SessionStorage }): Promise<Session | null>

  /**
   * An access token that can be used: at once if there is one, else as soon as the server has given another.
   *
   * Rejects with a `DeviceLoginError`: with a `TroubleCode` while the server cannot be reached (the session lives; ask
   * again), with `load_failed`, and with the `EndReason` of a session that has ended.
   */
  accessToken(): Promise<string>

  /**
   * Says that a resource server has refused this access token (401): the next `accessToken` is another one. For those who
   * send requests otherwise than by `fetch`, which says it by itself.
   */
  refused(accessToken: string): void

  /**
   * The global `fetch`, with `Authorization: Bearer` and an access token that can be used.
   *
   * An answer 401 is asked for once more with a new token, if there is a refresh token and the body can be sent twice
   * (anything but a stream). Redirects are not followed, as they could take the token elsewhere: they reject as a network
   * error does, or with `redirect: 'manual'` are yours. A `signal` also ends the wait for a token.
   *
   * Rejects as `accessToken` does, with `origin_refused`, `token_type_unknown`, and as `fetch` does.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>

  /**
   * Ends the session: clears the storage, takes the tokens back at the server (RFC 7009), forgets them. Resolves as `ended`
   * does; without a network after some seconds, as `signed_out_not_revoked`.
   */
  signOut(): Promise<SessionEnd>

  /** Calls `listener` at once, and whenever things have changed. Yields what ends that. */
  onState(listener: (state: SessionState) => void): () => void

  /** How things are; holds no token. */
  readonly state: SessionState

  /** Resolves when there is no session any more, and never rejects. */
  readonly ended: Promise<SessionEnd>

  /** Ends everything here: timers, requests, listeners, memory. The storage and the server keep what they have. */
  dispose(): void
}
