// The whole screen beside a menu of your own: who has the focus is agreed upon by arrows and Back.
import { mount } from 'device-login'

const place = document.querySelector('#place')
const menu = Array.from(document.querySelectorAll('nav button'))

const screen = mount(place, { issuer: 'https://id.example', clientId: 'tv', brand: 'Example TV', accent: '#ff7a59' })

// Nobody is led out of a sign-in by accident: this is told only beyond its buttons, and where Back means nothing in it.
screen.onLeave((by) => {
  if (by === 'left' || by === 'back') menu[0].focus()
})

menu.forEach((button, index) => {
  button.onkeydown = ({ key }) => {
    if (key === 'ArrowRight') screen.focus()
    if (key === 'ArrowDown' && menu[index + 1]) menu[index + 1].focus()
    if (key === 'ArrowUp' && index > 0) menu[index - 1].focus()
  }
})

screen.tokens.then(({ name, accessToken }) => {
  // Yours now: for the `Authorization` header of your requests, and for nobody else.
  console.log(`An access token of ${accessToken.length} characters came.`)
  screen.unmount()
  place.appendChild(document.createElement('h1')).textContent = `Hello, ${name}`
}, console.error)
