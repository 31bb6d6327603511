// The device grant by oauth4webapi, which leaves the loop between polls to its caller.
import * as oauth from 'oauth4webapi'

const wait = (seconds) => new Promise((over) => setTimeout(over, seconds * 1000))

export async function signIn(onCode) {
  const config = await (await fetch('config.json')).json()
  const issuer = new URL(config.issuer)
  const client = { client_id: config.client_id }
  const options = { [oauth.allowInsecureRequests]: true }
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options))
  const answer = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), { scope: config.scope }, options)
  const started = await oauth.processDeviceAuthorizationResponse(server, client, answer)
  onCode(started)
  for (let interval = started.interval ?? 5; ; ) {
    await wait(interval)
    const response = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), started.device_code, options)
    try {
      const tokens = await oauth.processDeviceCodeResponse(server, client, response)
      await oauth.validateApplicationLevelSignature(server, response, options)
      return oauth.getValidatedIdTokenClaims(tokens)
    } catch (error) {
      if (error.error === 'slow_down') interval += 5
      else if (error.error !== 'authorization_pending') throw error
    }
  }
}
