// The least program around it.
import { signIn } from 'sign-in'

const [issuer] = process.argv.slice(2)
signIn({ issuer, client_id: 'tv', scope: 'openid profile' }, ({ userCode, path }) => console.log(JSON.stringify({ userCode, path })))
