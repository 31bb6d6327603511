// What an app waits for: a promise that can be made anew once it was settled, and that nobody has to look at.
export const makeResult = () => {
  let resolve, reject
  const settle = (how) => (value) => {
    if (!result.isSettled) how(value)
    result.isSettled = true
  }
  const result = {
    isSettled: true,
    resolve: settle((value) => resolve(value)),
    reject: settle((error) => reject(error)),
    renew() {
      if (!result.isSettled) return
      result.isSettled = false
      result.promise = new Promise((...both) => ([resolve, reject] = both))
      // Whoever does not look at it is not told by the engine either.
      result.promise.catch(() => {})
    },
  }
  result.renew()
  return result
}
