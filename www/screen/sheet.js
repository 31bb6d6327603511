// The screen's style, in a shadow root alone.
import { style } from 'style'

let shared

// Puts the style into `root`; yields what takes it away again.
export function dress(root) {
  // Chromium 73: no Content-Security-Policy forbids this one, and all screens share it.
  if ('adoptedStyleSheets' in root) {
    if (!shared) (shared = new CSSStyleSheet()).replaceSync(style)
    root.adoptedStyleSheets = Array.from(root.adoptedStyleSheets).concat(shared)
    return () => (root.adoptedStyleSheets = Array.from(root.adoptedStyleSheets).filter((sheet) => sheet !== shared))
  }
  const element = document.createElement('style')
  element.textContent = style
  root.appendChild(element)
  return () => element.remove()
}
