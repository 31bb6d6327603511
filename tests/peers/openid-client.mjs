// `openid-client`, as its documentation shows it, signs in by the device grant, refreshes, introspects and revokes.

import * as client from 'openid-client'
import { say, scopeAt, tell, wait } from './story.mjs'

// Between polls the library waits by this function: its waits are the test's to shorten, all others are real.
const { setTimeout } = globalThis
globalThis.setTimeout = (run, milliseconds, ...rest) =>
  new Error().stack.includes('/openid-client/')
    ? void wait(milliseconds / 1000).then(run)
    : setTimeout(run, milliseconds, ...rest)

await tell(client, async (issuer, authentication, hasSecret) => {
  const checked = [client.allowInsecureRequests, client.enableNonRepudiationChecks]
  const config = await client.discovery(new URL(issuer), 'tv', undefined, authentication, { execute: checked })
  say('metadata', config.serverMetadata())

  const started = await client.initiateDeviceAuthorization(config, { scope: scopeAt(config.serverMetadata()) })
  say('device_authorization', started)

  const tokens = await client.pollDeviceAuthorizationGrant(config, started)
  say('tokens', { ...tokens, claims: tokens.claims() })

  say('userinfo', await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub))

  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token)
  say('refreshed', { ...refreshed, claims: refreshed.claims() })
  // Without a new one, the old one stays (RFC 6749 section 6).
  const kept = refreshed.refresh_token ?? tokens.refresh_token

  // Not every server explains tokens to a client without a secret.
  const introspect = () => (hasSecret ? client.tokenIntrospection(config, kept) : {})
  if (hasSecret) say('introspected', await introspect())

  await client.tokenRevocation(config, kept)
  say('revoked', await introspect())

  await client.refreshTokenGrant(config, kept)
})
