// A sign-in for a television as small as its authors get it with libraries.
import { generate } from 'lean-qr'
import { useEffect, useRef, useState } from 'preact/hooks'
import { signIn } from './sign-in.js'

export function App() {
  const [screen, setScreen] = useState({ kind: 'idle' })
  const start = async () => {
    setScreen({ kind: 'connecting' })
    try {
      const claims = await signIn((started) => setScreen({ kind: 'code', started, ends: Date.now() + started.expires_in * 1000 }))
      setScreen({ kind: 'signed-in', name: claims.name ?? claims.sub })
    } catch (error) {
      setScreen({ kind: 'failed', message: error.error_description ?? error.message })
    }
  }
  switch (screen.kind) {
    case 'idle':
      return <Message title="Sign in with your phone" text="A phone or a computer will do." button="Sign in" onPress={start} />
    case 'connecting':
      return <Message title="One moment" text="Asking for a code." />
    case 'code':
      return <Code started={screen.started} ends={screen.ends} />
    case 'signed-in':
      return <Message title={<>Hello, <span data-name>{screen.name}</span></>} text="You are signed in." />
    default:
      return <Message title="That did not work" text={screen.message} button="Try again" onPress={start} />
  }
}

function Message({ title, text, button, onPress }) {
  return (
    <main class="message">
      <h1>{title}</h1>
      <p data-failure>{text}</p>
      {button && <button autofocus onClick={onPress}>{button}</button>}
    </main>
  )
}

function Code({ started, ends }) {
  return (
    <main class="code">
      <section>
        <h1>Sign in with your phone</h1>
        <p>Scan the picture, or go to <b>{started.verification_uri}</b> and enter:</p>
        <p class="letters" data-user-code>{started.user_code}</p>
      </section>
      <section>
        <Qr address={started.verification_uri_complete ?? started.verification_uri} />
        <Countdown ends={ends} />
      </section>
    </main>
  )
}

function Qr({ address }) {
  const canvas = useRef(null)
  useEffect(() => {
    generate(address).toCanvas(canvas.current)
    canvas.current.dataset.qr = 'drawn'
  }, [address])
  return <canvas ref={canvas} class="qr" />
}

function Countdown({ ends }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const left = Math.max(0, Math.ceil((ends - now) / 1000))
  return <p>Valid for {Math.floor(left / 60)}:{String(left % 60).padStart(2, '0')}</p>
}
