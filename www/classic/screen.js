// `deviceLogin.mount`, for pages without modules.
import { DeviceLoginError } from '../headless/error.js'
import { makeMount } from '../screen/mount.js'
import { share } from 'script'

share({ mount: makeMount(() => 'screen'), DeviceLoginError })
