// A screen of your own: the core says what there is to show, the page shows it.
import { DeviceLogin } from 'device-login/headless'

const login = new DeviceLogin({ issuer: 'https://id.example', clientId: 'tv' })

const element = (id) => document.getElementById(id)
const show = (title, what = '', code = '', act = '') => {
  element('title').textContent = title
  element('what').textContent = what
  element('code').textContent = code
  element('act').textContent = act
  element('act').hidden = !act
}

const ENDS = { denied: 'Sign-in was declined', expired: 'The code has expired', cancelled: 'Sign-in was given up' }

const screens = {
  idle: () => show('Welcome', 'A phone will do.', '', 'Sign in'),
  connecting: ({ trouble }) => show('One moment', trouble ? `No answer yet; next try in ${trouble.secondsUntilRetry} s` : ''),
  code: (view) => show('Sign in', `Scan the square, or go to ${view.verificationUri} and enter this code (${view.secondsLeft} s):`, view.userCode),
  checking: () => show('Almost there'),
  signedIn: ({ name }) => show(name ? `Hello, ${name}` : 'You are signed in'),
  ended: ({ reason }) => show(ENDS[reason], '', '', 'Try again'),
  failed: ({ error }) => show('That did not work', `${error.userMessage} (${error.code})`, '', 'Try again'),
}

login.onView((view) => {
  screens[view.kind](view)
  const plate = element('plate')
  plate.toggleAttribute('hidden', !view.qr)
  if (view.qr) {
    plate.setAttribute('viewBox', `0 0 ${view.qr.size} ${view.qr.size}`)
    plate.firstElementChild.setAttribute('d', view.qr.path)
  }
})

element('act').onclick = () => login.start()
element('act').focus()

login.tokens.then(({ accessToken }) => {
  // Yours now: for the `Authorization` header of your requests, and for nobody else.
  console.log(`An access token of ${accessToken.length} characters came.`)
}, console.error)
