// Says in plain words where the demo cannot run, and starts it elsewhere. A classic script: a page from a file runs no other.
(function () {
  var serve = ' Build the site with “npx --yes rust-just docs”, serve it with “python3 -m http.server --directory target/docs”, and open http://localhost:8000/demo/.'
  function say(text) {
    document.getElementById('trouble').textContent = text
  }
  say('Starting…')
  if (location.protocol === 'file:') {
    say('This page was opened as a file, and there the browser has no service workers, which carry the demo’s requests.' + serve)
  } else if (!window.isSecureContext) {
    say('This page came by plain http from another machine, and there the browser has no service workers, which carry the demo’s requests. Open it by https, or on the machine that serves it as http://localhost.')
  } else if (!navigator.serviceWorker) {
    say('This browser has no service workers, or its private windows have none, and they carry the demo’s requests. Try an ordinary window, or another browser.')
  } else if (typeof WebAssembly !== 'object') {
    say('This browser has no WebAssembly, in which the demo’s server runs. Try another browser.')
  } else {
    import('./demo.js').then(function (demo) { return demo.start() }).catch(function (error) {
      say('The demo does not start: ' + (error.message || error))
    })
  }
})()
