// How large the screen is: as large as its host, and 16:9 where that has a width and no height.

// Keeps `app` the size of `host` and calls `fit` whenever that changes; yields what ends it.
export function keepSize(host, app, fit) {
  const measure = () => {
    app.style.height = ''
    const { clientWidth: width, clientHeight } = host
    const height = clientHeight || (width * 9) / 16
    if (!clientHeight) app.style.height = `${height}px`
    // One is 1/67.5 of the height, or where the room is narrower than 16:9 of what the height would be then.
    app.style.setProperty('--rem', `${Math.min(height / 67.5, width / 120)}px`)
    fit()
  }
  measure()
  // Chromium 64; before that the window alone tells.
  if (typeof ResizeObserver === 'function') {
    const observer = new ResizeObserver(measure)
    observer.observe(host)
    return () => observer.disconnect()
  }
  addEventListener('resize', measure)
  return () => removeEventListener('resize', measure)
}
