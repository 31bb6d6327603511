// `oauth4webapi` signs in by the device grant. The library leaves the loop between polls to its caller. This one is ours:
// the interval, five seconds more after slow_down, and whatever else is thrown ends it.

import * as oauth from 'oauth4webapi'

try {
  const [issuerUrl, clientId] = process.argv.slice(2)
  const insecure = { [oauth.allowInsecureRequests]: true }
  const issuer = new URL(issuerUrl)
  const client = { client_id: clientId }
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
  const answer = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), { scope: 'openid' }, insecure)
  const started = await oauth.processDeviceAuthorizationResponse(server, client, answer)
  console.log(`${started.verification_uri}\n${started.user_code}`)

  let interval = started.interval ?? 5
  for (let tokens; !tokens; ) {
    await new Promise((over) => setTimeout(over, interval * 1000))
    const response = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), started.device_code, insecure)
    try {
      tokens = await oauth.processDeviceCodeResponse(server, client, response)
    } catch (error) {
      if (error.error === 'slow_down') interval += 5
      else if (error.error !== 'authorization_pending') throw error
    }
  }
  console.log('signed in')
} catch ({ code, error, message }) {
  console.error([code, error, message].filter(Boolean).join(': '))
  process.exit(1)
}
