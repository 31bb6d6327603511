// The session as a class: a shell around the compiled core (`client-wasm/src/session.rs`), which takes all decisions.
import { Session as Core, bind } from 'glue'
import { exchange } from '../headless/asks.js'
import { LONGEST_TIMER, lifecycle } from '../headless/lifecycle.js'
import { listen, tellOne } from '../headless/listeners.js'
import { load } from '../headless/module.js'
import { makeErrors } from './error.js'
import { makeFetch } from './fetch.js'
import { makePlace, within } from './place.js'
import { readOptions, readTokens } from './options.js'

// Ours: whoever waits for a token hears of trouble at once if the next try is further away. The core makes one within five
// seconds unless the server has said when.
const SOON = 6000

export const makeClass = (usual) => {
  // Makes a session of `self` that begins as `begin` says. Yields whether there is one, once that is known.
  const keep = (self, { settings, wasm, origins, storage, userMessage, fetch }, begin, known) => {
    const errors = makeErrors(userMessage)
    const [listeners, wishes] = [new Set(), new Set()]
    // The moment that the tokens came.
    const came = [performance.now(), Date.now()]
    let core, timer, abort, starting, over
    let isAtRest = !storage
    let { tokenType, ...state } = Object.assign({ kind: 'active', trouble: null }, known)
    let resolveEnd
    const ended = new Promise((resolve) => (resolveEnd = resolve))

    const publish = (next) => {
      if (JSON.stringify(next) === JSON.stringify(state)) return
      state = next
      for (const listener of Array.from(listeners)) tellOne(listener, state)
    }

    // Calls the core at this moment. A trap is the end of this session, not of the app.
    const tell = (act, isAnswer) => {
      if (!core) return
      try {
        core.at(performance.now(), Date.now())
        hear(JSON.parse(act(core)), isAnswer)
      } catch (error) {
        core = undefined
        finish({ reason: 'stopped', details: String(error) })
      }
    }

    const hear = (told, isAnswer) => {
      clearTimeout(timer)
      if (place && !told.holdsLock) place.release()
      if (told.reason !== undefined) return finish(told)
      const { name = null, subject = null, scope = null, trouble } = told
      tokenType = told.tokenType || tokenType
      // Before its server is found the session knows no more than its tokens say.
      const who = told.tokenType === undefined ? state : { name, subject, scope }
      const isKept = !told.notKept && (state.isKept || !!(place && place.isKept()))
      publish({ kind: 'active', name: who.name, subject: who.subject, scope: who.scope, isKept, trouble: trouble === undefined ? null : { code: trouble, secondsUntilRetry: Math.ceil(told.retryIn / 1000) } })
      // New tokens are at rest before anybody uses them, if that can be done now.
      isAtRest = isAtRest || !(told.lock || told.keep !== undefined || told.holdsLock || (told.url !== undefined && trouble === undefined))
      if (told.token !== undefined && isAtRest) settle('resolve', told.token)
      // Whoever asks while there is trouble learns of it, and may ask again.
      if (told.token === undefined && trouble !== undefined && (isAnswer || told.wakeIn > SOON)) settle('reject', errors.make(trouble, []))
      if (told.wakeIn !== undefined) {
        timer = setTimeout(() => tell((core) => core.wake()), Math.min(told.wakeIn, LONGEST_TIMER))
        // A program is not kept alive by what nobody waits for.
        if (timer.unref && !wishes.size) timer.unref()
      }
      const work = seeTo(told)
      if (!work) return
      abort = work.abort
      work.answer.then((answer) => tell(answer, told.url !== undefined))
    }

    const seeTo = (told) => {
      if (told.url !== undefined) return exchange(told, fetch)
      const answer = told.lock ? place.lock() : told.forget ? place.clear() : told.keep !== undefined && place.save(told.keep)
      return answer && { answer, abort() {} }
    }

    const settle = (how, value) => {
      for (const wish of Array.from(wishes)) wish[how](value)
      wishes.clear()
    }

    const finish = ({ reason, details = '', leftBehind, endSessionUrl = null }) => {
      if (over) return
      const known = details ? details.split('\n') : []
      over = errors.end(reason, known)
      clearTimeout(timer)
      if (abort) abort()
      if (place) place.leave()
      wakeful(false)
      if (core) core.free()
      core = undefined
      publish({ kind: 'ended', reason, details: known })
      settle('reject', over)
      resolveEnd({ reason, details: known, isLeftBehind: !!leftBehind, endSessionUrl })
      listeners.clear()
    }

    const wakeful = lifecycle.wakeful(() => tell((core) => core.wake()))
    const lockName = `device-login ${settings.issuer || settings.token_endpoint} ${settings.client_id}`
    const place = storage && makePlace(lockName, storage, () => tell((core) => core.changed()))

    // Loads the core; a failure is forgotten, so that the next wish tries again.
    const start = () => {
      starting =
        starting ||
        load(wasm, usual, bind).then(
          () => {
            if (over) return false
            core = new Core(JSON.stringify(settings), !!storage)
            core.at(came[0], came[1])
            const told = JSON.parse(begin(core))
            if (told.reason === undefined && told.tokenType === undefined && told.token === undefined && told.url === undefined) return false
            wakeful(true)
            hear(told)
            return true
          },
          (error) => {
            starting = undefined
            const failed = errors.make('load_failed', [String(error)])
            settle('reject', failed)
            throw failed
          },
        )
      starting.catch(() => {})
      return starting
    }

    Object.defineProperties(self, {
      state: { enumerable: true, get: () => state },
      ended: { enumerable: true, value: ended },
    })

    self.accessToken = () =>
      new Promise((resolve, reject) => {
        if (over) return reject(over)
        wishes.add({ resolve, reject })
        start()
        tell((core) => core.wanted())
      })

    self.refused = (token) => tell((core) => core.refused(token))

    const canReplace = (token) => {
      if (!core) return false
      core.at(performance.now(), Date.now())
      return core.canReplace(token)
    }

    self.fetch = makeFetch({ origins, fetch, errors, accessToken: self.accessToken, canReplace, refused: self.refused, tokenType: () => tokenType })

    self.signOut = () => {
      if (over) return ended
      // What cannot be loaded can tell no server, but what is kept here goes.
      start().then(
        () => tell((core) => core.signOut()),
        (error) => (place ? place.clear() : Promise.resolve()).then(() => finish({ reason: 'signed_out_not_revoked', details: error.code })),
      )
      return ended
    }

    self.onState = (listener) => {
      const end = listen(listeners, listener)
      tellOne(listener, state)
      return end
    }

    self.dispose = () => finish({ reason: 'disposed' })

    return { begun: start(), error: () => over }
  }

  return class Session {
    constructor(tokens, options) {
      const given = readOptions(options)
      const { text, known } = readTokens(tokens)
      keep(this, given, (core) => core.begin(text), known)
    }

    static restore(options) {
      const given = readOptions(options)
      const { storage, userMessage } = given
      const errors = makeErrors(userMessage)
      if (!storage) throw errors.make('config_missing', ['storage', 'without one there is nothing to restore'])
      const stored = within(() => storage.load()).catch((error) => Promise.reject(errors.make('storage_failed', [String(error)])))
      return stored.then((record) => {
        if (typeof record !== 'string') return null
        const session = Object.create(Session.prototype)
        const kept = keep(session, given, (core) => core.restore(record), { name: null, subject: null, scope: null, isKept: true })
        return kept.begun.then(
          (isThere) => {
            if (kept.error()) throw kept.error()
            if (isThere) return session
            session.dispose()
            // It is of no use to anybody here.
            const nothing = () => null
            return within(() => storage.clear()).then(nothing, nothing)
          },
          (error) => {
            session.dispose()
            throw error
          },
        )
      })
    }
  }
}
