// An app whose people stay signed in: a session that survives a reload, requests with its token, and a sign-out.
import { DeviceLogin } from 'device-login/headless'
import { Session } from 'device-login/session'

// `offline_access` asks for a refresh token, without which a session ends with its first access token.
const server = { issuer: 'https://id.example', clientId: 'tv', scope: 'openid profile offline_access' }
// Your API. Here the server's own, which says who is signed in.
const ME = 'https://id.example/userinfo'

// Every script of this origin can read it, and whoever comes next is taken for whoever was here before: ask people first.
const storage = {
  load: () => localStorage.getItem('session'),
  save: (record) => localStorage.setItem('session', record),
  clear: () => localStorage.removeItem('session'),
}
const options = { ...server, storage, origins: [new URL(ME).origin] }

const element = (id) => document.getElementById(id)

function show(title, text = '', code = '', label = '', act) {
  element('title').textContent = title
  element('text').textContent = text
  element('code').textContent = code
  element('act').textContent = label
  element('act').hidden = !label
  element('act').onclick = act
  element('act').focus()
}

function signIn() {
  const login = new DeviceLogin(server)
  login.onView((view) => {
    if (view.kind === 'code') show('Sign in', `Go to ${view.verificationUri} and enter`, view.userCode)
    if (view.kind === 'ended') show('Sign-in has ended', view.reason, '', 'Try again', () => login.start())
    if (view.kind === 'failed') show('That did not work', `${view.error.userMessage} (${view.error.code})`, '', 'Try again', signIn)
  })
  login.start()
  login.tokens.then((tokens) => {
    login.dispose()
    home(new Session(tokens, options))
  }, console.error)
}

async function home(session) {
  session.ended.then(({ reason }) => show('You are signed out', reason, '', 'Sign in', signIn))
  try {
    const answer = await session.fetch(ME)
    if (!answer.ok) throw Error(`${ME} answers with ${answer.status}`)
    const { sub } = await answer.json()
    show(`Hello, ${session.state.name}`, `The API knows you as ${sub}.`, '', 'Sign out', () => session.signOut())
  } catch (error) {
    // Without a network the session lives; once it has ended, it has said so above.
    if (session.state.kind === 'active') show('No answer', error.userMessage || String(error), '', 'Try again', () => home(session))
  }
}

Session.restore(options).then(
  (session) => (session ? home(session) : show('Welcome', '', '', 'Sign in', signIn)),
  (error) => show('That did not work', error.userMessage, '', 'Sign in', signIn),
)
