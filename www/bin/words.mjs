// What went wrong, in the words of `device-flow` (`error.rs`, `view.rs`): the compiled core tells codes alone.
// `tests/data/terminal` holds both to the same text.

// By code, from the details and the status of the last answer; each a sentence without a full stop.
const LOST = {
  answer_unreadable: (_, status) => `the answer cannot be read (status ${status})`,
  body_too_large: () => 'the answer is too large',
  interrupted: () => 'the connection broke off',
  name_not_found: () => 'the host name is not known',
  offline: () => 'this device has no network',
  server_unavailable: (_, status) => `the server is not available (status ${status})`,
  timed_out: () => 'no answer in time',
  tls: () => "no secure connection (certificate, or this device's date)",
  unreachable: () => 'no connection',
}
const MISBEHAVED = {
  answer_unreadable: ([endpoint], status) => `the ${endpoint} answered with status ${status} and nothing readable`,
  deviates: ([endpoint, rule]) => `the ${endpoint} deviates from ${rule}`,
  device_grant_not_offered: () => 'the authorization server does not offer the device grant (grant_types_supported)',
  id_token_access_token_mismatch: () => 'the ID token came with another access token (at_hash)',
  id_token_algorithm_refused: ([algorithm]) => `the ID token is signed with ${quoted(algorithm)}, which this client cannot trust`,
  id_token_audience_mismatch: () => 'the ID token is for another client (aud)',
  id_token_authorized_party_mismatch: () => 'the ID token was not issued to this client (azp)',
  id_token_critical_header: () => 'the ID token demands an extension that this client does not know (crit)',
  id_token_expired: () => 'the ID token has expired (exp)',
  id_token_issued_in_the_future: () => 'the ID token was issued in the future (iat)',
  id_token_issuer_mismatch: ([expected, found]) => `the ID token is from ${quoted(found)}, not from ${quoted(expected)} (iss)`,
  id_token_key_not_found: () => 'the ID token is signed with a key the server does not publish (kid)',
  id_token_malformed: () => 'the ID token cannot be read',
  id_token_missing: () => 'the ID token did not come, though the scope `openid` asked for one',
  id_token_not_yet_valid: () => 'the ID token is not valid yet (nbf)',
  id_token_signature_invalid: () => 'the ID token has a wrong signature',
  id_token_signature_unchecked: () => 'the ID token cannot be checked here: no cryptography and no TLS',
  id_token_subject_missing: () => 'the ID token names nobody (sub)',
  issuer_mismatch: ([expected, found]) => `the issuer is configured as ${quoted(expected)}, but the server calls itself ${quoted(found)}`,
  member_missing: ([endpoint, member]) => `the answer of the ${endpoint} lacks \`${member}\``,
  member_not_usable: ([member, value]) => `\`${member}\` cannot be used: ${quoted(value)}`,
  redirected: ([endpoint], status) => `the ${endpoint} redirects elsewhere (status ${status}), which is not followed`,
}
// What only this program has.
const OURS = {
  digest_unavailable: () => 'this device has no SHA-256 here, which PKCE needs',
  load_failed: ([why]) => `this program is not whole: ${why}`,
  stopped: ([why]) => `this program has a defect: ${why}`,
}

const ADMINISTRATOR = 'Please tell whoever runs this service; the reference below helps them.'
const NETWORK = 'Check the network of this device, then try again.'
const LATER = 'Please try again in a few minutes.'
const CLOCK = 'Check the date and time of this device, then try again.'
const CLIENT = 'The client id must be registered there as a public client with the device grant switched on.'
const TOO_MANY = 'Too many codes were asked for. Please wait a while, then try again.'

const ADVICE = {
  answer_unreadable: LATER,
  body_too_large: NETWORK,
  digest_unavailable: 'The page must come by https, or do without `pkce`.',
  id_token_expired: CLOCK,
  id_token_issued_in_the_future: CLOCK,
  id_token_not_yet_valid: CLOCK,
  interrupted: NETWORK,
  invalid_client: CLIENT,
  invalid_grant: 'This code can no longer be used. Please start again for a new one.',
  invalid_scope: 'A scope in the configuration is not known there.',
  issuer_mismatch: 'The configured issuer must be spelt exactly as the server spells it, with or without a final slash.',
  load_failed: 'Install the package again.',
  name_not_found: 'Check the network of this device and the configured address, then try again.',
  offline: NETWORK,
  server_error: LATER,
  server_unavailable: LATER,
  slow_down: TOO_MANY,
  stopped: 'Please report it.',
  temporarily_unavailable: LATER,
  timed_out: NETWORK,
  tls: CLOCK,
  too_many_user_codes: TOO_MANY,
  unauthorized_client: CLIENT,
  unreachable: NETWORK,
}

export const lost = ({ code, status }) => LOST[code]([], status)

// A server's own `error` is told in its own words, if it has any.
export function failed({ code, details = [], status }) {
  const known = Object.hasOwn(MISBEHAVED, code) && (details.length || !LOST[code]) ? MISBEHAVED : Object.hasOwn(LOST, code) ? LOST : OURS
  const what = Object.hasOwn(known, code) ? known[code](details, status) : (details[0] ?? '').trimEnd().replace(/\.+$/, '').trim() || code
  const advice = known === MISBEHAVED && code === 'answer_unreadable' ? ADMINISTRATOR : Object.hasOwn(ADVICE, code) ? ADVICE[code] : ADMINISTRATOR
  return { what, advice }
}

// As Rust quotes a text.
const ESCAPED = { '\0': '\\0', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const quoted = (text) => `"${text.replace(/["\\]/g, '\\$&').replace(/\p{C}/gu, (letter) => ESCAPED[letter] ?? `\\u{${letter.codePointAt(0).toString(16)}}`)}"`
