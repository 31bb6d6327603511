// The least page around it.
import { signIn } from 'sign-in'

const config = await (await fetch('config.json')).json()
signIn(config, ({ userCode, path, size }) => {
  document.querySelector('p').textContent = userCode
  document.querySelector('svg').setAttribute('viewBox', `-4 -4 ${size + 8} ${size + 8}`)
  document.querySelector('path').setAttribute('d', path)
})
