// The sign-in as a class: a shell around the compiled core (`client-wasm/src/headless.rs`), which takes all decisions.
import { Headless, bind } from 'glue'
import { isUnderWay, readView } from './view.js'
import { DeviceLoginError } from './error.js'
import { readOptions } from './options.js'
import { LONGEST_TIMER, lifecycle } from './lifecycle.js'
import { listen, tellOne } from './listeners.js'
import { load } from './module.js'
import { makeResult } from './result.js'
import { seeTo } from './asks.js'

export const makeClass = (usual) =>
  class DeviceLogin {
    constructor(options) {
      const { settings, wasm, userMessage, fetch } = readOptions(options)
      const listeners = new Set()
      const result = makeResult()
      let core, timer, redraw, abort, symbol
      let [view, isDisposed, isWanted] = [{ kind: 'idle' }, false, false]

      const fail = (code, details, host) => {
        const error = new DeviceLoginError(code, details, host, userMessage)
        result.reject(error)
        return error
      }

      // What is under way ends, and nobody listens to what comes of it.
      const drop = () => {
        clearTimeout(timer)
        clearTimeout(redraw)
        if (abort) abort()
        abort = undefined
      }

      const publish = (next) => {
        view = next
        wakeful(isUnderWay(view))
        for (const listener of Array.from(listeners)) tellOne(listener, view)
      }

      // Calls the core at this moment. A trap is the end of this core, not of the app.
      const ask = (act) => {
        try {
          core.at(performance.now(), Date.now())
          return JSON.parse(act(core))
        } catch (error) {
          core = undefined
          drop()
          publish({ kind: 'failed', error: fail('stopped', [String(error)]) })
        }
      }

      const tell = (act) => {
        if (!core) return
        const next = ask(act)
        if (!next) return
        clearTimeout(timer)
        if (next.wakeIn !== undefined && lifecycle.isVisible()) timer = setTimeout(() => tell((core) => core.wake()), Math.min(next.wakeIn, LONGEST_TIMER))
        const work = seeTo(next, fetch)
        if (work) {
          if (abort) abort()
          let isCurrent = true
          abort = () => {
            isCurrent = false
            work.abort()
          }
          work.answer.then((answer) => isCurrent && tell(answer))
        }
        draw()
      }

      const draw = () => {
        if (!core) return
        const told = ask((core) => core.view())
        if (!told) return
        if (told.userCode !== undefined && (!symbol || symbol.code !== told.userCode)) {
          symbol = { code: told.userCode, told: ask((core) => core.symbol()) }
        }
        const next = readView(told, symbol && symbol.told, (failed) => fail(failed.code, failed.details ? failed.details.split('\n') : [], failed.host))
        clearTimeout(redraw)
        const left = told.kind === 'code' ? told.left : told.retryIn
        if (left > 0 && lifecycle.isVisible()) redraw = setTimeout(draw, left % 1000 || 1000)
        if (!isUnderWay(next)) drop()
        if (next.kind === 'signedIn') result.resolve(ask((core) => core.tokens()))
        publish(next)
      }

      const wakeful = lifecycle.wakeful(() => tell((core) => core.wake()))

      Object.defineProperties(this, {
        tokens: { enumerable: true, get: () => result.promise },
        view: { enumerable: true, get: () => view },
      })

      this.start = () => {
        if (isDisposed || isUnderWay(view)) return
        result.renew()
        isWanted = true
        publish({ kind: 'connecting', trouble: null })
        load(wasm, usual, bind).then(
          () => {
            if (!isWanted || isDisposed) return
            const seed = settings.pkce ? crypto.getRandomValues(new Uint8Array(32)) : new Uint8Array(0)
            core = core || new Headless(JSON.stringify(settings), seed)
            tell((core) => core.start())
          },
          (error) => isWanted && !isDisposed && publish({ kind: 'failed', error: fail('load_failed', [String(error)]) }),
        )
      }

      this.cancel = () => {
        if (isDisposed || !isUnderWay(view)) return
        isWanted = false
        if (core) tell((core) => core.cancel())
        else publish({ kind: 'ended', reason: 'cancelled', description: null })
      }

      this.onView = (listener) => {
        const end = listen(listeners, listener)
        tellOne(listener, view)
        return end
      }

      this.dispose = () => {
        if (isDisposed) return
        isDisposed = true
        drop()
        wakeful(false)
        listeners.clear()
        if (core) core.free()
        core = undefined
        fail('disposed', [])
      }
    }
  }
