// The same by libraries.
import { generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'
import * as client from 'openid-client'

export async function signIn({ issuer, client_id, scope }, onCode) {
  const config = await client.discovery(new URL(issuer), client_id, undefined, client.None(), {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  })
  const started = await client.initiateDeviceAuthorization(config, { scope })
  const symbol = generate(started.verification_uri_complete ?? started.verification_uri)
  onCode({ userCode: started.user_code, path: toSvgPath(symbol), size: symbol.size })
  return client.pollDeviceAuthorizationGrant(config, started)
}
