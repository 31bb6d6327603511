// The whole screen as an element: what it is told stands in its attributes.
import 'device-login/element'

const element = document.querySelector('device-login')

// For whoever wants to know how far it is; no event holds a token.
element.addEventListener('device-login-ended', ({ detail: view }) => console.log(`The sign-in has come to ${view.kind}.`))

element.tokens.then(({ name, accessToken }) => {
  // Yours now: for the `Authorization` header of your requests, and for nobody else.
  console.log(`An access token of ${accessToken.length} characters came.`)
  const title = document.createElement('h1')
  title.textContent = `Hello, ${name}`
  element.replaceWith(title)
}, console.error)
