import { useState } from 'react'
import { Home } from './Home.jsx'
import { SignIn } from './SignIn.jsx'

export function App() {
  const [isSigningIn, setSigningIn] = useState(false)
  const [name, setName] = useState(null)

  // Yours from here on: for the `Authorization` header of your requests, and for nobody else.
  const welcome = (tokens) => {
    setName(tokens.name ?? 'you')
    setSigningIn(false)
  }

  return isSigningIn ? <SignIn onDone={welcome} onLeave={() => setSigningIn(false)} /> : <Home name={name} onSignIn={() => setSigningIn(true)} />
}
