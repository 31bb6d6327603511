import { useEffect } from 'react'
import { Container, Spotlight, Spottable } from './Spotlight.jsx'
import { useDeviceLogin } from './useDeviceLogin.js'

const SERVER = { issuer: 'https://id.example', clientId: 'tv' }

const ENDS = { denied: 'Sign-in was declined', expired: 'The code has expired', cancelled: 'Sign-in was given up' }
const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`

// Somebody has pressed "Sign in": a code is asked for at once, and given up with Back.
export function SignIn({ onDone, onLeave }) {
  const { view, start } = useDeviceLogin(SERVER, onDone)
  const isReady = view.kind === 'idle'
  useEffect(() => {
    if (isReady) start()
  }, [isReady])

  return (
    <Spotlight onBack={onLeave}>
      <main className="sign-in">
        <header>Fjord</header>
        {view.kind === 'code' ? <Code view={view} /> : <Message view={view} />}
        <Container className="row">
          {(view.kind === 'ended' || view.kind === 'failed') && <Spottable isDefault onClick={start}>Try again</Spottable>}
          <Spottable isDefault={view.kind === 'code' || view.kind === 'connecting'} onClick={onLeave}>Not now</Spottable>
        </Container>
      </main>
    </Spotlight>
  )
}

function Code({ view }) {
  return (
    <div className="split">
      <div>
        <h1>Sign in with your phone</h1>
        <ol>
          <li>Scan the square, or open <b>{view.verificationUri.replace(/^https?:\/\//, '')}</b></li>
          <li>Check that it shows this code, or enter it:</li>
        </ol>
        <p id="code">{view.userCode}</p>
        {view.trouble && <p className="trouble">No answer yet. Next try in {view.trouble.secondsUntilRetry} s.</p>}
      </div>
      {view.qr && (
        <figure>
          <svg viewBox={`0 0 ${view.qr.size} ${view.qr.size}`} shapeRendering="crispEdges" role="img" aria-label="The same address as a QR code">
            <path d={view.qr.path} />
          </svg>
          <figcaption>Valid for {minutes(view.secondsLeft)}</figcaption>
        </figure>
      )}
    </div>
  )
}

function Message({ view }) {
  if (view.kind === 'ended') return <h1>{ENDS[view.reason]}</h1>
  if (view.kind === 'failed') return <><h1>That did not work</h1><p>{view.error.userMessage}</p><p className="small">{view.error.code}</p></>
  return <h1>{view.kind === 'checking' ? 'Almost there' : 'One moment'}</h1>
}
