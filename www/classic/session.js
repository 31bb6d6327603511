// `deviceLogin.Session`, for pages without modules.
import { DeviceLoginError } from '../headless/error.js'
import { makeClass } from '../session/session.js'
import { share } from 'script'

share({ Session: makeClass(() => 'session'), DeviceLoginError })
