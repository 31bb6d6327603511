// The QR code of any address. The encoder is inside of the core, which draws what a server tells it to show: so one is
// told to, by a server that is none. `null` for an address that is too long for any.
export async function symbolOf(DeviceLogin, address) {
  const answer = { device_code: 'none', user_code: 'none', verification_uri: address, expires_in: 60 }
  const login = new DeviceLogin({
    clientId: 'none',
    scope: 'none',
    deviceAuthorizationEndpoint: 'https://localhost/',
    tokenEndpoint: 'https://localhost/',
    // It may be what the person allowed.
    allowInsecureHttp: true,
    fetch: async () => Response.json(answer),
  })
  const symbol = new Promise((resolve) => login.onView(({ kind, qr = null }) => (kind === 'code' || kind === 'failed') && resolve(qr)))
  login.start()
  return symbol.finally(() => login.dispose())
}
