// Focus for a remote control, in the manner of Enact's Spotlight: five keys and Back, a pointer where the set has one.
// An Enact app takes `Spottable` and `SpotlightContainerDecorator` from `@enact/spotlight` instead.
import { useEffect, useRef } from 'react'

// `key` of browsers, else `keyCode`: 461 is Back on LG's sets, 10009 Return on Samsung's.
const KEYS = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down', Enter: 'ok', Escape: 'back', GoBack: 'back', XF86Back: 'back', 461: 'back', 10009: 'back' }

const all = () => Array.from(document.querySelectorAll('.spottable'))
const boxOf = (element) => element.parentElement.closest('.container')

// The last one that was lit in each container.
const lastLit = new WeakMap()

// How far it is from one to the other in a direction; infinite if it lies elsewhere. What is off to the side counts double.
function distance(from, to, direction) {
  const [a, b] = [from.getBoundingClientRect(), to.getBoundingClientRect()]
  const ahead = { left: a.left - b.right, right: b.left - a.right, up: a.top - b.bottom, down: b.top - a.bottom }[direction]
  const [middleA, middleB] = /left|right/.test(direction) ? [a.top + a.bottom, b.top + b.bottom] : [a.left + a.right, b.left + b.right]
  return ahead < -1 ? Infinity : ahead + Math.abs(middleA - middleB)
}

function move(direction) {
  const lit = document.activeElement
  if (!lit.classList.contains('spottable')) return all()[0]?.focus()
  const others = all().filter((other) => other !== lit && distance(lit, other, direction) < Infinity)
  const [nearest] = others.sort((a, b) => distance(lit, a, direction) - distance(lit, b, direction))
  // Beyond the last one nothing happens.
  if (!nearest) return
  const remembered = boxOf(nearest) !== boxOf(lit) && lastLit.get(boxOf(nearest))
  ;(remembered?.isConnected ? remembered : nearest).focus()
}

// Takes the keys for everything inside. `onBack` is absent where Back is the set's own.
export function Spotlight({ onBack, children }) {
  const back = useRef(onBack)
  back.current = onBack

  useEffect(() => {
    const take = (event) => {
      const key = KEYS[event.key] || KEYS[event.keyCode]
      // A button presses itself at OK, and once for each press, however long.
      if (key === 'ok' ? event.repeat : key && (key !== 'back' || back.current)) event.preventDefault()
      if (key === 'back') back.current?.()
      else if (key && key !== 'ok') move(key)
    }
    addEventListener('keydown', take)
    return () => removeEventListener('keydown', take)
  }, [])

  return children
}

// Remembers which of its own was lit last.
export function Container(props) {
  return <div {...props} className={`container ${props.className ?? ''}`} onFocus={(event) => lastLit.set(event.currentTarget, event.target)} />
}

// A button that can be lit; at once if it is the default one.
export function Spottable({ isDefault, ...props }) {
  const button = useRef()
  useEffect(() => {
    if (isDefault) button.current.focus()
  }, [isDefault])
  return <button type="button" {...props} ref={button} className={`spottable ${props.className ?? ''}`} onMouseMove={() => button.current.focus()} />
}
