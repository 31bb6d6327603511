// `oauth4webapi`, as its documentation shows it, signs in by the device grant, refreshes and revokes.

import * as oauth from 'oauth4webapi'
import { say, scopeAt, tell, wait } from './story.mjs'

const insecure = { [oauth.allowInsecureRequests]: true }
const client = { client_id: 'tv' }

await tell(oauth, async (issuerUrl, authentication) => {
  const issuer = new URL(issuerUrl)
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
  say('metadata', server)

  const parameters = { scope: scopeAt(server) }
  const answer = await oauth.deviceAuthorizationRequest(server, client, authentication, parameters, insecure)
  const started = await oauth.processDeviceAuthorizationResponse(server, client, answer)
  say('device_authorization', started)

  /** The library leaves the pace to its caller. */
  async function poll() {
    await wait(started.interval ?? 5)
    const response = await oauth.deviceCodeGrantRequest(server, client, authentication, started.device_code, insecure)
    try {
      return [await oauth.processDeviceCodeResponse(server, client, response), response]
    } catch (error) {
      if (error.error !== 'authorization_pending') throw error
      return poll()
    }
  }

  async function refresh(token) {
    const response = await oauth.refreshTokenGrantRequest(server, client, authentication, token, insecure)
    return [await oauth.processRefreshTokenResponse(server, client, response), response]
  }

  /** Tells of tokens whose ID token the library found to be right, signature and all. */
  async function sayChecked(step, [tokens, response]) {
    await oauth.validateApplicationLevelSignature(server, response, insecure)
    say(step, { ...tokens, claims: oauth.getValidatedIdTokenClaims(tokens) })
    return tokens
  }

  const tokens = await sayChecked('tokens', await poll())

  const { sub } = oauth.getValidatedIdTokenClaims(tokens)
  const userinfo = await oauth.userInfoRequest(server, client, tokens.access_token, insecure)
  say('userinfo', await oauth.processUserInfoResponse(server, client, sub, userinfo))

  const refreshed = await sayChecked('refreshed', await refresh(tokens.refresh_token))
  // Without a new one, the old one stays (RFC 6749 section 6).
  const kept = refreshed.refresh_token ?? tokens.refresh_token

  await oauth.processRevocationResponse(
    await oauth.revocationRequest(server, client, authentication, kept, insecure),
  )
  say('revoked')

  await refresh(kept)
})
