// oidc-provider for one television, as fast as it goes: records in maps, the approval through its own models.
// Prints one line of JSON once it answers: {"issuer":"http://127.0.0.1:PORT","control":"http://127.0.0.1:PORT"}.
// Control is two calls of mock-idp's: POST /grants/{user_code}/approve and POST /reset. Ends with its standard input.

import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { testKey } from './test-key.mjs';

// Its own adapter forgets all but the last 500 to 1,000 grants. This one forgets nothing, not even what has expired.
const records = new Map();
class Records {
  constructor(model) {
    this.model = model;
  }
  key(id) {
    return `${this.model}:${id}`;
  }
  async upsert(id, payload) {
    records.set(this.key(id), payload);
    if (payload.userCode) records.set(`userCode:${payload.userCode}`, payload);
  }
  async find(id) {
    return records.get(this.key(id));
  }
  async findByUserCode(userCode) {
    return records.get(`userCode:${userCode}`);
  }
  async consume(id) {
    records.get(this.key(id)).consumed = Math.floor(Date.now() / 1000);
  }
  async destroy(id) {
    records.delete(this.key(id));
  }
  async findByUid() {}
  async revokeByGrantId() {}
}

const server = createServer({ keepAliveTimeout: 60_000 });
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  adapter: Records,
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
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['for tests only'] },
  features: { deviceFlow: { enabled: true }, devInteractions: { enabled: false } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: 'Jane Doe', preferred_username: id }) }),
  jwks: { keys: [testKey] },
});

// What its interaction does at the end of the person's pages, without the pages.
async function approve(typed) {
  const code = await provider.DeviceCode.findByUserCode(typed.replace(/\W/g, ''));
  if (!code) return 404;
  const scope = code.params.scope;
  const grant = new provider.Grant({ accountId: 'jane', clientId: code.clientId });
  grant.addOIDCScope(scope);
  const authTime = Math.floor(Date.now() / 1000);
  Object.assign(code, { accountId: 'jane', authTime, grantId: await grant.save(), scope });
  await code.save();
  return 204;
}

const answer = provider.callback();
server.on('request', async (request, response) => {
  const approved = /^\/grants\/([^/]+)\/approve$/.exec(request.url);
  if (approved) {
    response.writeHead(await approve(approved[1])).end();
  } else if (request.url === '/reset') {
    records.clear();
    response.writeHead(204).end();
  } else {
    answer(request, response);
  }
});
process.stdin.resume().on('end', () => process.exit());
console.log(JSON.stringify({ issuer, control: issuer }));
