// A certified authorization server that this project did not write, set up for one television.
// Prints one line of JSON once it answers: {"issuer":"http://127.0.0.1:PORT"}. Ends with its standard input.

import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'tv',
      client_name: 'Living Room TV',
      application_type: 'native',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'none',
    },
  ],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
  // The greeting needs the name in the ID token itself, as Okta and authentik put it there.
  conformIdTokenClaims: false,
  clientBasedCORS: () => true,
  cookies: { keys: ['for tests only'] },
  features: { deviceFlow: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: 'Jane Doe', preferred_username: id }) }),
});

server.on('request', provider.callback());
process.stdin.resume().on('end', () => process.exit());
console.log(JSON.stringify({ issuer }));
