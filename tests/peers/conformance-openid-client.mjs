// `openid-client`, as its documentation shows it, signs in by the device grant. It exits with 0 once it is signed in.

import * as client from 'openid-client'

try {
  const [issuer, clientId] = process.argv.slice(2)
  const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), {
    execute: [client.allowInsecureRequests],
  })
  const started = await client.initiateDeviceAuthorization(config, { scope: 'openid' })
  console.log(`${started.verification_uri}\n${started.user_code}`)
  await client.pollDeviceAuthorizationGrant(config, started)
  console.log('signed in')
} catch ({ code, error, message }) {
  console.error([code, error, message].filter(Boolean).join(': '))
  process.exit(1)
}
