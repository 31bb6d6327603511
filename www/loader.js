// Starts the page, or says in plain words why it cannot. A classic script in ES5, so that it runs in every engine
// that may have to be told it is too old. Nothing is chosen by the engine's name: it is asked what it can do.
//
// Files come by script elements and XMLHttpRequest, never by `fetch`: packaged apps live on `file:`, where `fetch` reads
// nothing. Where XMLHttpRequest reads nothing there either, scripts still do, and the translation is one.
(function () {
  'use strict'

  // What the page cannot do without: Chromium 42 has all of it, and `app.js` asks for the syntax of 53.
  var NEEDED = ['Promise', 'fetch', 'Request', 'Headers', 'TextDecoder', 'TextEncoder', 'Uint8Array', 'Reflect']

  // What went wrong and what to do, for when the words of a language are what is missing: `texts` has them in all others.
  var ENGLISH = {
    engine_too_old: ['This screen is too old for the sign-in', 'Please sign in on another device, or update the software of this one.'],
    load_failed: ['The sign-in could not be loaded', 'Check the network of this device, then try again.'],
    start_failed: ['The sign-in could not be started', 'Please try again. If that does not help, switch the television off and on.'],
    stopped: ['The sign-in has stopped', 'Please try again.']
  }

  // The languages that there are texts in, filled in by the build.
  var LANGUAGES = DEVICE_LOGIN_LANGUAGES

  var root = document.getElementById('app')
  var settings = {}
  var texts = null
  var hasFailed = false

  // Replaces the picture by what happened, what to do, and the stable code of it.
  function fail(code, detail) {
    if (hasFailed) return
    hasFailed = true
    var what = texts ? texts['loader.' + code] : ENGLISH[code][0]
    var advice = texts ? texts['loader.' + code + '.advice'] : ENGLISH[code][1]
    if (window.console) console.error('device-login: ' + code + (detail ? ': ' + detail : ''))
    var stage = add(null, 'div', 'stage')
    if (texts) {
      stage.lang = texts.lang
      stage.dir = texts.dir
    }
    stage.appendChild(root.querySelector('.brand'))
    var main = add(stage, 'main', 'message')
    add(main, 'h1', null, what)
    add(main, 'p', null, advice)
    add(main, 'p').setAttribute('data-help', '')
    main.id = 'device-login-screen'
    var button = add(add(main, 'div', 'controls'), 'button', 'control lit', texts ? texts.try_again : 'Try again')
    button.setAttribute('aria-describedby', main.id)
    button.onclick = reload
    window.addEventListener('keydown', takeKey, true)
    var reference = add(add(stage, 'footer', 'foot'), 'p', 'reference')
    add(reference, 'span', null, code).setAttribute('data-failure-code', '')
    stage.setAttribute('data-screen', 'failed')
    root.textContent = ''
    root.appendChild(stage)
    showHelp()
    button.focus()
  }

  // Whom to ask may be known before or after a failure.
  function showHelp() {
    var place = root.querySelector('[data-help]')
    if (place) place.textContent = findHelp()
  }

  function findHelp() {
    return settings.help ? (texts ? texts['loader.help'] : 'Help: {help}').replace('{help}', String(settings.help)) : ''
  }

  function reload() { location.reload() }

  // Before anybody else: a page that has stopped still listens, and would take OK away from the button.
  function takeKey(event) {
    event.stopImmediatePropagation()
    if ((event.keyCode === 13 || event.keyCode === 195) && !event.repeat) reload()
  }

  function add(parent, name, className, text) {
    var element = document.createElement(name)
    if (className) element.className = className
    if (text) element.textContent = text
    if (parent) parent.appendChild(element)
    return element
  }

  function failAsTooOld(detail) {
    fail('engine_too_old', detail)
  }

  function failToLoad(what) {
    fail('load_failed', what)
  }

  // Yields the answer, or nothing. A good answer on `file:` has status 0; no MIME type matters.
  function load(path, responseType, done) {
    var request = new XMLHttpRequest()
    function end() {
      var isGood = (request.status >= 200 && request.status < 300) || (request.status === 0 && request.response)
      done(isGood ? request.response : null)
    }
    try {
      request.open('GET', path)
      request.responseType = responseType
      request.onload = end
      request.onerror = function () { done(null) }
      request.send()
    } catch (refused) {
      done(null)
    }
  }

  // The page's policy lets no text name a script but through here (Trusted Types, Chromium 83): what comes are names of
  // our own files.
  var scripts = window.trustedTypes && trustedTypes.createPolicy('device-login', { createScriptURL: String })

  function loadScript(path, done) {
    var script = document.createElement('script')
    script.src = scripts ? scripts.createScriptURL(path) : path
    script.onload = done
    script.onerror = function () { failToLoad(path) }
    document.body.appendChild(script)
  }

  // The block in the page, for apps on `file:`, else the file beside it. What is wrong with it, the page says itself.
  function loadConfig(done) {
    var block = document.getElementById('device-login-config')
    if (block) take(block.textContent)
    else load('config.json', 'text', take)

    function take(config) {
      try { settings = JSON.parse(config) || {} } catch (broken) { /* as above */ }
      setLooks()
      showHelp()
      done(config)
    }
  }

  // The language to speak: of the address, of the configuration, of the television, else English.
  function chooseLanguage() {
    var asked = /[?&]lang=([\w-]+)/.exec(location.search)
    var wishes = [asked && asked[1], settings.language].concat(navigator.languages || navigator.language)
    for (var index = 0; index < wishes.length; index++) {
      var language = findLanguage(String(wishes[index]).toLowerCase())
      if (language) return language
    }
    return 'en'
  }

  // The one that a tag (BCP 47) begins with: `pt` for `pt-BR`. Hebrew had another tag before 1989, and Chinese without a
  // script is written as its country writes it.
  function findLanguage(tag) {
    tag = tag.replace(/^iw\b/, 'he').replace(/^zh(-cn|-sg)?$/, 'zh-hans')
    while (tag) {
      for (var index = 0; index < LANGUAGES.length; index++) {
        if (LANGUAGES[index].toLowerCase() === tag) return LANGUAGES[index]
      }
      tag = tag.replace(/(^|-)[^-]*$/, '')
    }
    return null
  }

  // The configuration first, since it may name the language; then its words, for the picture that already stands there too.
  function prepare(done) {
    loadConfig(function (config) {
      loadScript('texts.' + chooseLanguage() + '.js', function () {
        texts = window.deviceLoginTexts
        var html = document.documentElement
        html.lang = texts.lang
        html.dir = texts.dir
        document.title = texts.sign_in
        var places = root.querySelectorAll('[data-text]')
        for (var index = 0; index < places.length; index++) places[index].textContent = texts[places[index].getAttribute('data-text')]
        showHelp()
        done(config)
      })
    })
  }

  // What Leptos takes for given: Chromium 71 has it; webOS 4 and 5 are 53 and 68, Tizen 4 and 5.5 are 56 and 69.
  // What else is newer than Chromium 53 the page does without; `interfaces.json` says how.
  function fillGaps() {
    if (typeof queueMicrotask === 'undefined') {
      window.queueMicrotask = function (task) {
        // A trap in a task reaches the listener below, as with the real one.
        Promise.resolve().then(task).then(null, function (error) { setTimeout(function () { throw error }) })
      }
    }
  }

  // On this machine `?translated` asks for the translation, so that an engine of today can try it.
  function isTranslationWanted() {
    return /^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname) && /[?&]translated\b/.test(location.search)
  }

  function knowsWebAssembly() {
    // The magic number and the version, and nothing else.
    return typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))
  }

  // Each yields what makes the page's code run: a function of the imports that promises the exports.
  function loadBinary(done) {
    load('app.wasm', 'arraybuffer', function (bytes) {
      if (!bytes) return loadTranslation(done)
      // Compiled before it is bound, because a policy without 'wasm-unsafe-eval' refuses just that (Chromium 97).
      WebAssembly.compile(bytes).then(function (module) {
        done(function (imports) { return WebAssembly.instantiate(module, imports).then(function (instance) { return instance.exports }) })
      }, function () { loadTranslation(done) })
    })
  }

  function loadTranslation(done) {
    loadScript('app.translated.js', function () {
      done(function (imports) { return Promise.resolve(deviceLoginTranslation(imports)) })
    })
  }

  // Samsung: an app asks before it ends ("Terminating Applications"); a page from a server has no say in that.
  function findExit() {
    if (/^http/.test(location.protocol) || !window.tizen || !tizen.application) return
    return function () { tizen.application.getCurrentApplication().exit() }
  }

  // Sets that hand out their keys only when asked.
  function askForKeys() {
    // Xbox: the controller as keys, where it would be a pointer.
    if ('gamepadInputEmulation' in navigator) navigator.gamepadInputEmulation = 'keyboard'
    // HbbTV: arrows, OK and Back together (OIPF volume 5, KeySet.NAVIGATION).
    if (!window.oipfObjectFactory) return
    try {
      var application = oipfObjectFactory.createApplicationManagerObject().getOwnerApplication(document)
      application.show()
      application.privateData.keyset.setValue(16)
    } catch (refused) { /* The set hands out what it likes. */ }
  }

  // What the configuration says about the picture; for whoever sees little the set may say so, too.
  function setLooks() {
    // One rem is 1/67.5 of the height. What is no percentage, the page says itself.
    if (settings.qr_size) root.style.setProperty('--qr', settings.qr_size * 0.675 + 'rem')
    var isWanted = settings.high_contrast || (window.matchMedia && matchMedia('(prefers-contrast: more)').matches)
    if (isWanted) root.setAttribute('data-contrast', 'more')
  }

  function boot() {
    var code, config, isConfigured = false, isBound = false
    function proceed() {
      if (code && isConfigured && isBound) start(code, config)
    }
    ;(knowsWebAssembly() && !isTranslationWanted() ? loadBinary : loadTranslation)(function (loaded) { code = loaded; proceed() })
    prepare(function (text) { config = text; isConfigured = true; proceed() })
    loadScript('app.js', function () { isBound = true; proceed() })
  }

  function start(code, config) {
    // A script that does not parse is loaded all the same.
    if (!window.deviceLoginPage) return failAsTooOld('app.js')
    // The page's own ends say it, too.
    texts.help = findHelp()
    deviceLoginPage(code).then(function (draw) { draw(root, config, texts, findExit()) }).then(null, function (error) {
      fail('start_failed', String(error))
    })
  }

  // A trap leaves a picture that answers no key. Those of WebAssembly and of the translation have the same name.
  window.addEventListener('error', function (event) {
    if (event.error && event.error.name === 'RuntimeError') {
      fail('stopped', String(event.error))
    }
  })

  for (var index = 0; index < NEEDED.length; index++) {
    if (!window[NEEDED[index]]) {
      // Whom to ask stands in the configuration, and in which language.
      prepare(failAsTooOld.bind(null, NEEDED[index]))
      return
    }
  }
  askForKeys()
  fillGaps()
  boot()
})()
