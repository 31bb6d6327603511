// Where a session is kept between two runs, as far as the app wants that: its storage, and how several pages share it.

// Ours: a storage that takes longer than this counts as broken.
const STORAGE_PATIENCE = 10000
// Ours: another page may hold the lock while it refreshes; one that holds it for longer is no longer waited for.
const LOCK_PATIENCE = 60000

export const within = (act) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(Error('the storage does not answer')), STORAGE_PATIENCE)
    const leave = (settle) => (value) => {
      clearTimeout(timer)
      settle(value)
    }
    Promise.resolve().then(act).then(leave(resolve), leave(reject))
  })

// Web Locks where there are (Chromium 69, Node 24, Deno), which end with their page; elsewhere the core copes. Yields what
// gives the lock back.
const takeLock = (name) =>
  new Promise((resolve) => {
    const none = () => {}
    const locks = typeof navigator === 'object' && navigator.locks
    if (!locks) return resolve(none)
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      resolve(none)
    }, LOCK_PATIENCE)
    const hold = () => {
      clearTimeout(timer)
      if (!isLate) return new Promise((release) => resolve(release))
    }
    locks.request(name, hold).then(none, () => {
      clearTimeout(timer)
      resolve(none)
    })
  })

// `changed` hears when another page has kept or cleared something.
export const makePlace = (name, storage, changed) => {
  let [held, isKept, hasLeft] = [undefined, false, false]
  const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(name) : undefined
  if (channel) {
    channel.onmessage = changed
    if (channel.unref) channel.unref()
  }

  const write = (act, keeps) =>
    within(act).then(
      () => {
        isKept = keeps
        if (channel && !hasLeft) channel.postMessage('changed')
        return (core) => core.stored(true)
      },
      () => (core) => core.stored(false),
    )

  const release = () => {
    if (held) held()
    held = undefined
  }

  return {
    isKept: () => isKept,
    release,
    lock: () =>
      (held ? Promise.resolve(held) : takeLock(name)).then((lock) => {
        const answer = (act) => {
          // Nobody is there any more who would give it back.
          if (hasLeft) lock()
          return (core) => {
            // Not before: until its answer is there the core does not know that it has the lock.
            held = lock
            return act(core)
          }
        }
        return within(() => storage.load()).then(
          (record) => answer((core) => core.locked(typeof record === 'string' ? record : undefined, false)),
          () => answer((core) => core.locked(undefined, true)),
        )
      }),
    save: (record) => write(() => storage.save(record), true),
    clear: () => write(() => storage.clear(), false),
    leave() {
      hasLeft = true
      release()
      if (channel) channel.close()
    },
  }
}
