// Everything after which time may have passed unseen, or the network may be back. A wake too many is harmless.

// `setTimeout` takes a signed 32-bit number and rings at once for more. Waking early is harmless.
export const LONGEST_TIMER = 0x7fffffff

const targets = () => [
  [typeof self === 'object' && self, ['pageshow', 'online']],
  [typeof document === 'object' && document, ['visibilitychange', 'webOSRelaunch']],
]

export const lifecycle = {
  // Nobody waits for what nobody sees: on return one wake makes up for all that were missed.
  isVisible: () => typeof document !== 'object' || !document.hidden,

  // Yields a switch that calls `wake` with each of these events while it is on.
  wakeful(wake) {
    let isOn = false
    return (on) => {
      if (on === isOn) return
      isOn = on
      for (const [target, names] of targets()) {
        for (const name of names) if (target && target.addEventListener) target[on ? 'addEventListener' : 'removeEventListener'](name, wake)
      }
    }
  },
}
