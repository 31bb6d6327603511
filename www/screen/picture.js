// What stands there before the screen's own code does, or in its place: the same elements, for the same style.

const element = (parent, name, classes, text) => {
  const made = document.createElement(name)
  if (classes) {
    made.className = classes
    made.setAttribute('part', classes)
  }
  if (text) made.textContent = text
  parent.appendChild(made)
  return made
}

// `act` is what the button does; without it there is nothing to press yet. `code` is the stable one of a failure.
export function draw(app, texts, brand, { title, lines, button, act, code }) {
  app.textContent = ''
  const stage = element(app, 'div', 'stage')
  stage.lang = texts.lang
  stage.dir = texts.dir
  const header = element(stage, 'header', 'brand')
  element(header, 'i', 'mark')
  element(header, 'span', '', brand || texts.product)
  const main = element(stage, 'main', 'message')
  main.id = 'device-login-screen'
  element(main, 'h1', '', title)
  for (const line of lines) element(main, 'p', '', line)
  const pressed = element(element(main, 'div', 'controls'), 'button', act ? 'control lit' : 'control', button)
  pressed.type = 'button'
  pressed.disabled = !act
  pressed.onclick = act
  pressed.setAttribute('aria-describedby', main.id)
  const foot = element(stage, 'footer', 'foot')
  if (code) {
    stage.setAttribute('data-screen', 'failed')
    element(element(foot, 'p', 'reference'), 'span', '', code).setAttribute('data-failure-code', '')
  }
  return pressed
}
