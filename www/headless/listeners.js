// Who is told what there is to see.

export const tellOne = (listener, told) => {
  try {
    listener(told)
  } catch (error) {
    // Its own affair, in the console or the program's handler; the sign-in goes on.
    setTimeout(() => {
      throw error
    })
  }
}

// Yields what ends that.
export const listen = (listeners, listener) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
