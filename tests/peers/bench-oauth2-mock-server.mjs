// oauth2-mock-server as its README starts it, with a key that is there already, which is quicker than making one.
// Prints one line of JSON once it answers: {"issuer":"http://127.0.0.1:PORT"}. Ends with its standard input.

import { OAuth2Server } from 'oauth2-mock-server';
import { testKey } from './test-key.mjs';

const server = new OAuth2Server();
await server.issuer.keys.add(testKey);
await server.start(0, '127.0.0.1');

process.stdin.resume().on('end', () => process.exit());
console.log(JSON.stringify({ issuer: `http://127.0.0.1:${server.address().port}` }));
