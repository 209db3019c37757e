// A real OpenID Connect provider for the tests of kernel/account: one client,
// two people, on a free port of this machine. It prints its address on the
// first line and ends when its standard input closes, so it never outlives the
// test that started it.
//
//   node tools/oidc/server.mjs CALLBACK SIGNED_OUT
//
// The person at the sign-in page is named by the form field "login"; whatever
// the password is, it is taken: the provider is not what is tested.
import http from 'node:http';
import { Provider } from 'oidc-provider';

const [callback, signedOut] = process.argv.slice(2);
const people = {
  wang: { name: '王敏', employee_number: 'G-1001' },
  zhao: { name: '赵强' },
};

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'gongkai',
      client_secret: 'a-secret-only-for-tests',
      redirect_uris: [callback],
      post_logout_redirect_uris: [signedOut],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    }],
    claims: { openid: ['sub'], profile: ['name', 'employee_number'] },
    conformIdTokenClaims: false, // claims stand in the id_token
    cookies: { keys: ['a-key-only-for-tests'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Grant: 600, Interaction: 600, Session: 600 },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, ...people[sub] }),
    }),
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
