// Starts the page, or says in plain words why it cannot. A classic script in ES5, so that it runs in every engine
// that may have to be told it is too old. Nothing is chosen by the engine's name: it is asked what it can do.
(function () {
  'use strict'

  // What the page cannot do without; WebAssembly needs Chromium 57, its text decoder 38.
  var NEEDED = ['WebAssembly', 'Promise', 'fetch', 'Request', 'Headers', 'TextDecoder', 'Uint8Array']

  var root = document.getElementById('app')
  var hasFailed = false

  // Replaces the picture by what happened, what to do, and the stable code of it.
  function fail(code, what, advice, detail) {
    if (hasFailed) return
    hasFailed = true
    if (window.console) console.error('device-login: ' + code + (detail ? ': ' + detail : ''))
    var stage = add(null, 'div', 'stage')
    stage.appendChild(root.querySelector('.brand'))
    var main = add(stage, 'main', 'message')
    add(main, 'h1', '', what)
    add(main, 'p', '', advice)
    main.id = 'device-login-screen'
    var button = add(add(main, 'div', 'controls'), 'button', 'control lit', 'Try again')
    button.setAttribute('aria-describedby', main.id)
    button.onclick = reload
    window.addEventListener('keydown', takeKey, true)
    var reference = add(add(stage, 'footer', 'foot'), 'p', 'reference')
    add(reference, 'span', '', code).setAttribute('data-failure-code', '')
    stage.setAttribute('data-screen', 'failed')
    root.textContent = ''
    root.appendChild(stage)
    button.focus()
  }

  function reload() { location.reload() }

  // Before anybody else: a page that has stopped still listens, and would take OK away from the button.
  function takeKey(event) {
    event.stopImmediatePropagation()
    if ((event.keyCode === 13 || event.keyCode === 195) && !event.repeat) reload()
  }

  function add(parent, name, className, text) {
    var element = document.createElement(name)
    element.className = className
    if (text) element.textContent = text
    if (parent) parent.appendChild(element)
    return element
  }

  function failToLoad(what) {
    fail('load_failed', 'The sign-in could not be loaded', 'Check the network of this device, then try again.', what)
  }

  // XMLHttpRequest, because packaged apps live on `file:`, where `fetch` reads nothing and a good answer has status 0.
  // It also does not mind a server that knows no MIME type for WebAssembly.
  function load(path, responseType, done, failed) {
    var request = new XMLHttpRequest()
    request.open('GET', path)
    request.responseType = responseType
    request.onload = function () {
      var isGood = (request.status >= 200 && request.status < 300) || (request.status === 0 && request.response)
      if (isGood) done(request.response)
      else failed('status ' + request.status)
    }
    request.onerror = function () { failed('no answer') }
    request.send()
  }

  function loadScript(path, done, failed) {
    var script = document.createElement('script')
    script.src = path
    script.onload = done
    script.onerror = failed
    document.body.appendChild(script)
  }

  // Chromium 71 has both; webOS 5 is 68.
  function fillGaps() {
    if (typeof globalThis === 'undefined') window.globalThis = window
    if (typeof queueMicrotask === 'undefined') {
      window.queueMicrotask = function (task) { Promise.resolve().then(task) }
    }
  }

  function start(binary, config) {
    wasm_bindgen({ module_or_path: binary }).then(function () {
      wasm_bindgen.start(root, config)
    }).then(null, function (error) {
      fail('start_failed', 'The sign-in could not be started', 'Please try again. If that does not help, switch the television off and on.', String(error))
    })
  }

  function boot() {
    var binary, config, isConfigured = false, isBound = false
    function proceed() {
      if (binary && isConfigured && isBound) start(binary, config)
    }
    load('app.wasm', 'arraybuffer', function (bytes) { binary = bytes; proceed() }, function (why) { failToLoad('app.wasm: ' + why) })
    // What is wrong with the configuration, the page says itself.
    load('config.json', 'text', function (text) { config = text; isConfigured = true; proceed() }, function () { isConfigured = true; proceed() })
    loadScript('app.js', function () { isBound = true; proceed() }, function () { failToLoad('app.js') })
  }

  // A trap in WebAssembly leaves a picture that answers no key.
  window.addEventListener('error', function (event) {
    if (typeof WebAssembly === 'object' && event.error instanceof WebAssembly.RuntimeError) {
      fail('stopped', 'The sign-in has stopped', 'Please try again.', String(event.error))
    }
  })

  for (var index = 0; index < NEEDED.length; index++) {
    if (!window[NEEDED[index]]) {
      fail('engine_too_old', 'This screen is too old for the sign-in', 'Please sign in on another device, or update the software of this one.', NEEDED[index])
      return
    }
  }
  fillGaps()
  boot()
})()
