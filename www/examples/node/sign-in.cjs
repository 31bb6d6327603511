// The same with `require`, in fewer words.
const { DeviceLogin } = require('device-login/headless')

const login = new DeviceLogin({ issuer: 'https://id.example', clientId: 'tv' })
login.onView((view) => {
  if (view.kind === 'code' && view.secondsLeft === view.lifetime) console.log(`Go to ${view.verificationUri} and enter ${view.userCode}`)
})
login.start()
login.tokens.then(({ name }) => console.log(`Hello, ${name}.`)).finally(() => login.dispose())
