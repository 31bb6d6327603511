// `deviceLogin.DeviceLogin`, for pages without modules.
import { makeClass } from '../headless/device-login.js'
import { DeviceLoginError } from '../headless/error.js'
import { share } from 'script'

share({ DeviceLogin: makeClass(() => 'headless'), DeviceLoginError })
