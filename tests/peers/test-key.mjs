// The published test-only key of mock-idp as a JWK, so that every server in a comparison signs with the same one.

import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

const der = readFileSync(new URL('../../mock-idp/keys/test-only.pkcs8.der', import.meta.url));
const { kty, n, e, d, p, q, dp, dq, qi } = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });

export const testKey = { kty, n, e, d, p, q, dp, dq, qi, kid: 'test-only', alg: 'RS256', use: 'sig' };
