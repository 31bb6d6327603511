// What is put into every contestant's page before its own scripts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

// Presses and looks.
export const watch = readFileSync(join(import.meta.dirname, 'watch.js'), 'utf8')

// Lets all clocks and timers of the page run so many times faster, and counts what wakes it.
export const quickly = (faster) => `(${quicken})(${faster})`

/* global performance, document, Event */
function quicken(faster) {
  const { setTimeout, setInterval, requestAnimationFrame, fetch, Date, performance } = window
  const [nowOf, dateOf] = [performance.now.bind(performance), Date.now.bind(Date)]
  const [start, startDate] = [nowOf(), dateOf()]
  performance.now = () => start + (nowOf() - start) * faster
  Date.now = () => startDate + (dateOf() - startDate) * faster
  let [wakes, requests, since] = [0, 0, nowOf()]
  // Timers keep whole milliseconds: one that rang early would be set once more for the rest.
  const shortened = (span) => Math.ceil(span / faster)
  const counted = (act) => (...rest) => {
    wakes++
    act(...rest)
  }
  window.setTimeout = (act, span = 0, ...rest) => setTimeout(counted(act), shortened(span), ...rest)
  window.setInterval = (act, span = 0, ...rest) => setInterval(counted(act), shortened(span), ...rest)
  window.requestAnimationFrame = (act) => requestAnimationFrame(counted(act))
  window.fetch = (...rest) => {
    requests++
    return fetch(...rest)
  }
  window.bench = {
    reset: () => ([wakes, requests, since] = [0, 0, nowOf()]),
    count() {
      const minutes = ((nowOf() - since) * faster) / 60_000
      return { wakes: wakes / minutes, requests: requests / minutes }
    },
    hide() {
      Object.defineProperty(document, 'hidden', { configurable: true, value: true })
      Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' })
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    },
  }
}
