// Errors of a session by their stable codes, which `session.d.ts` lists.
import { DeviceLoginError } from '../headless/error.js'

const NOT_REVOKED = 'This device has forgotten you. To be sure, end its access in your account as well.'
const NOT_SET_UP = 'This app is not set up correctly. Please tell whoever runs it.'

// For the person in front of the screen, where `headless/error.js` has nothing fitting.
const ENDS = { signed_out_not_revoked: NOT_REVOKED, signed_out: 'You can sign in again at any time.', signed_out_elsewhere: 'You can sign in again at any time.' }
// The server's own words, and what is none of these, end a session for want of new tokens.
const IS_OURS = /^(config_|load_failed|id_token_|issuer_m|member_|answer_|redirected|deviates|device_grant)/

export const makeErrors = (userMessage) => {
  const words = (usual) => (code, details) => (userMessage && userMessage(code, details)) || usual
  return {
    make: (code, details) => new DeviceLoginError(code, details, null, words(/^(origin_|token_type_)/.test(code) && NOT_SET_UP)),
    // Why there is no session any more.
    end: (code, details) => new DeviceLoginError(code, details, null, words(ENDS[code] || (!IS_OURS.test(code) && 'Please sign in again.'))),
  }
}
