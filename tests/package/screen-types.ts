// What TypeScript makes of the screen's types: each line that must be refused says so.
import { DeviceLoginError, mount, type Leave, type MountedScreen, type ScreenView, type TokenSet } from 'device-login'
import { DeviceLoginElement } from 'device-login/element'

const screen: MountedScreen = mount(document.body, { issuer: 'https://id.example', clientId: 'tv', lang: 'de', qrSize: 40, keepSignedIn: true })
mount(document.body.attachShadow({ mode: 'open' }), { clientId: 'tv', wasm: new URL('https://tv.example/screen.wasm') })
// @ts-expect-error: a client id is needed
mount(document.body, { issuer: 'https://id.example' })
// @ts-expect-error: a screen sends its requests itself
mount(document.body, { clientId: 'tv', fetch })
// @ts-expect-error: a place is needed
mount(document.querySelector('#place'), { clientId: 'tv' })

// Every kind has its own members, and there are no others: `never` is left over.
function title(view: ScreenView): string {
  switch (view.kind) {
    case 'idle':
    case 'connecting':
    case 'checking':
      return view.kind
    case 'code':
      // @ts-expect-error: the screen draws the symbol itself
      return view.qr
    case 'signedIn':
      // @ts-expect-error: no view holds a token
      return view.accessToken
    case 'ended':
    case 'signedOut':
      return view.reason
    case 'failed':
      return view.error instanceof DeviceLoginError ? view.error.userMessage : ''
    default: {
      const nothing: never = view
      return nothing
    }
  }
}

const stop: () => void = screen.onView((view) => void title(view))
screen.onLeave((by: Leave) => by === 'back' && screen.unmount())
const tokens: Promise<TokenSet> = screen.tokens
const isInner: boolean = screen.back()

const element = document.createElement('device-login')
element.addEventListener('device-login-ended', ({ detail: view }) => {
  // @ts-expect-error: a code is no end
  if (view.kind === 'code') return
  title(view)
})
element.addEventListener('device-login-leave', ({ detail }) => detail.by === 'done')
// @ts-expect-error: no event holds a token
element.addEventListener('device-login-view', ({ detail }) => detail.accessToken)
const same: Promise<TokenSet> = document.querySelector<DeviceLoginElement>('device-login')!.tokens
export { isInner, same, stop, tokens }
