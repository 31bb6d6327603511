import { useEffect, useRef, useState } from 'react'
import { DeviceLogin } from 'device-login/headless'

// A sign-in that lives as long as the component: what there is to see, and what a person can do about it.
// `onTokens` is called with the tokens; they stand in no state, so that no screen and no developer tool shows them.
export function useDeviceLogin(options, onTokens) {
  const login = useRef(null)
  const [view, setView] = useState({ kind: 'idle' })

  useEffect(() => {
    const made = new DeviceLogin(options)
    login.current = made
    made.tokens.then(onTokens, () => {})
    made.onView(setView)
    return () => made.dispose()
    // One sign-in for each life of the component, whatever is rendered meanwhile.
  }, [])

  return { view, start: () => login.current.start(), cancel: () => login.current.cancel() }
}
