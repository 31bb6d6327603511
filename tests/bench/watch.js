// Injected into every contestant's page: presses the first button that can be pressed, and notes when what counts is
// painted. In the syntax of Chromium 53.
(function () {
  'use strict'
  var NOTE = 'bench:'
  var start = performance.timing.navigationStart
  var isPressed = false
  var noted = {}

  function note(what, value) {
    console.debug(NOTE, what, JSON.stringify(value))
  }

  // After the frame that shows it has been handed over.
  function painted(what, tell) {
    if (noted[what]) return
    noted[what] = true
    requestAnimationFrame(function () {
      setTimeout(function () { note(what, tell(performance.now())) }, 0)
    })
  }

  function textOf(selector) {
    var element = document.querySelector(selector)
    return element && element.textContent
  }

  // Where the time went: on files, on starting up to the first request, on the server, on drawing its answer.
  function phases(now) {
    var entries = performance.getEntriesByType('resource')
    function of(form) { return entries.filter(function (entry) { return form.test(entry.name) })[0] }
    var metadata = of(/well-known/)
    var answer = of(/device_?authoriz|device\/auth/)
    if (!metadata || !answer) return null
    var files = entries.filter(function (entry) { return entry.startTime < metadata.startTime })
    var loaded = Math.max.apply(null, files.map(function (entry) { return entry.responseEnd }))
    return [loaded, metadata.startTime - loaded, answer.responseEnd - metadata.startTime, now - answer.responseEnd]
  }

  function look() {
    var button = !isPressed && document.querySelector('button:not([disabled])')
    if (button) {
      isPressed = true
      // Not in the middle of somebody's drawing.
      setTimeout(function () { button.click() }, 0)
    }
    var code = textOf('[data-user-code]')
    if (code && document.querySelector('[data-qr=drawn], svg path[d]')) {
      painted('code', function (now) { return { code: code, at: now, phases: phases(now) } })
    }
    if (textOf('[data-name]')) {
      painted('greeting', function (now) {
        var tokens = performance.getEntriesByType('resource').filter(function (entry) { return /token$/.test(entry.name) })
        return { at: now, clock: start + now, answered: tokens.length ? tokens[tokens.length - 1].responseEnd : null }
      })
    }
  }

  new MutationObserver(look).observe(document, { attributes: true, characterData: true, childList: true, subtree: true })
})()
