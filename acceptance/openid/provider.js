// A real OpenID provider for the tests: any name signs in with any password. What it calls people and which groups it
// tells of stands in groups.json of the folder it runs in, read at each sign-in. Prints its issuer; reads the address of the one
// client from its input; prints "ready". Ends with its input.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';

let answer = (_, response) => response.writeHead(503).end();
const server = createServer((request, response) => answer(request, response));
const lines = createInterface({ input: process.stdin });

server.listen(0, '127.0.0.1', () => {
  // A name other than the server's, so that a browser takes the two for different sites.
  const issuer = `http://localhost:${server.address().port}`;
  console.log(issuer);
  lines.once('line', (client) => {
    const provider = new Provider(issuer, {
      clients: [{
        client_id: 'cambium',
        client_secret: 'a secret of the tests',
        redirect_uris: [`${client}/sign-in/openid/callback`],
        post_logout_redirect_uris: [`${client}/sign-in`],
      }],
      claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
      pkce: { required: () => true },
      findAccount: (_, subject) => ({
        accountId: subject,
        claims: () => ({
          sub: subject,
          preferred_username: subject,
          groups: JSON.parse(readFileSync('groups.json', 'utf8'))[subject],
        }),
      }),
    });
    provider.on('server_error', (_, error) => console.error(error));
    answer = provider.callback();
    console.log('ready');
  });
});
lines.on('close', () => process.exit(0));
