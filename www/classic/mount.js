// The `mount` of `screen.classic.js`, for the element beside it.
export const mount = (...both) => deviceLogin.mount(...both)
