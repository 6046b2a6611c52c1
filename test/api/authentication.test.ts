import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { GraphQLError } from 'graphql';
import type { CryptoKey, JWTPayload } from 'jose' with { 'resolution-mode': 'import' };
import { createAuthenticator, type Authenticator } from '../../src/http/authentication';
import { startApi, type Answer, type TestAccount, type TestApi } from '../kit/api';

const VIEWER = '{ viewer { roles user { email } account { name } } }';
const AUDIENCE = 'mci-graph';

/** An OpenID provider that knows nobody: it signs what it is told to. */
class Provider {
  issuer = '';
  /** What it answers requests with: 200, or an error. */
  status = 200;
  requests: string[] = [];
  private server: Server;
  private keys: { kid: string; alg: string; privateKey: CryptoKey; publicKey: CryptoKey }[] = [];

  async start(): Promise<void> {
    await this.addKey('rsa', 'RS256');
    this.server = createServer((request, response) => {
      this.requests.push(request.url ?? '');
      void this.answer(request.url ?? '').then((body) => {
        response.writeHead(this.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.issuer = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async addKey(kid: string, alg: string): Promise<void> {
    const { generateKeyPair } = await import('jose');
    this.keys.push({ kid, alg, ...(await generateKeyPair(alg)) });
  }

  stop(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  async sign(claims: JWTPayload, kid = 'rsa'): Promise<string> {
    const { SignJWT } = await import('jose');
    const key = this.keys.find((candidate) => candidate.kid === kid);
    if (key === undefined) throw new Error(`There is no key ${kid}`);
    return new SignJWT({ iss: this.issuer, aud: AUDIENCE, exp: inSeconds(300), ...claims })
      .setProtectedHeader({ alg: key.alg, kid })
      .sign(key.privateKey);
  }

  private async answer(url: string): Promise<object> {
    if (url === '/.well-known/openid-configuration')
      return { issuer: this.issuer, jwks_uri: `${this.issuer}/keys` };
    const { exportJWK } = await import('jose');
    return {
      keys: await Promise.all(
        this.keys.map(async ({ kid, alg, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, alg })),
      ),
    };
  }
}

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

const provider = new Provider();
let api: TestApi;
beforeAll(async () => {
  await provider.start();
  api = await startApi({
    MCI_GRAPH_OPENID_ISSUER: provider.issuer,
    MCI_GRAPH_OPENID_AUDIENCE: AUDIENCE,
  });
});
afterAll(async () => {
  await api.close();
  await provider.stop();
});

const emailOf = (account: TestAccount): string => `${account.userKey}@example.com`;

/** Status, code and reason of a refusal. */
const refusalOf = ({ status, errors }: Answer) => [
  status,
  errors?.[0]?.extensions.code,
  errors?.[0]?.extensions['reason'],
];

async function join(account: TestAccount, userKey: string, roles: string[]): Promise<void> {
  await api.dataSource.query(
    `INSERT INTO memberships (account_id, user_id, name, roles, created_at) VALUES ($1, $2, 'Guest', $3, now())`,
    [account.key, userKey, roles],
  );
}

const setToken = (token: string, change: string) =>
  api.dataSource.query(`UPDATE access_tokens SET ${change} WHERE token_hash = sha256($1::text::bytea)`, [
    token,
  ]);

describe('access tokens over HTTP', () => {
  it('act in their account, which the header may confirm', async () => {
    const account = await api.account();
    const expected = {
      roles: expect.any(Array),
      user: { email: emailOf(account) },
      account: { name: account.name },
    };
    for (const headers of [undefined, { 'x-mci-account': account.id }, { 'x-mci-account': account.name }])
      expect(await api.request(account.token, VIEWER, {}, headers)).toEqual({
        status: 200,
        data: { viewer: expected },
      });
  });

  it('R-2.2 cannot be taken to another account, whether it exists or not', async () => {
    const [account, other] = [await api.account(), await api.account()];
    const ask = (header: string) => api.request(account.token, VIEWER, {}, { 'x-mci-account': header });
    const foreign = await ask(other.id);
    expect(refusalOf(foreign)).toEqual([401, 'UNAUTHENTICATED', 'WRONG_ACCOUNT']);
    expect(foreign.errors?.[0]?.message).toBe(
      'This token does not belong to the account that the header `x-mci-account` names: leave the header out, or use a token of that account.',
    );
    expect(await ask(other.name)).toEqual(foreign);
    expect(await ask('no such account')).toEqual(foreign);
    expect(await ask('acc_00000000-0000-4000-8000-000000000000')).toEqual(foreign);
  });

  it('are refused when expired or revoked, and say so to their holder', async () => {
    const account = await api.account();
    const [expired, revoked] = [await account.tokenWith('ACTOR'), await account.tokenWith('ACTOR')];
    await setToken(expired, `expires_at = '2020-01-01T00:00:00Z'`);
    await setToken(revoked, `revoked_at = now(), expires_at = '2020-01-01T00:00:00Z'`);
    const answer = await api.request(expired, VIEWER);
    expect(refusalOf(answer)).toEqual([401, 'UNAUTHENTICATED', 'EXPIRED']);
    expect(answer.errors?.[0]?.message).toBe(
      'This token expired at 2020-01-01T00:00:00.000Z: make a new one with `createToken`.',
    );
    expect(refusalOf(await api.request(revoked, VIEWER))).toEqual([401, 'UNAUTHENTICATED', 'REVOKED']);
  });

  it('end with the membership of their user', async () => {
    const account = await api.account();
    await api.dataSource.query('DELETE FROM memberships WHERE user_id = $1', [account.userKey]);
    expect(refusalOf(await api.request(account.token, VIEWER))).toEqual([401, 'UNAUTHENTICATED', 'NO_ROLE']);
  });

  it.each([
    ['Basic dXNlcjpwYXNz', 'MALFORMED'],
    ['Bearer', 'MALFORMED'],
    ['Bearer two words', 'MALFORMED'],
    ['', 'MALFORMED'],
    [`Bearer mcig_${'x'.repeat(43)}`, 'UNKNOWN_TOKEN'],
    ['Bearer something', 'UNKNOWN_TOKEN'],
    ['Bearer not.a.token', 'INVALID_TOKEN'],
  ])('`authorization: %s` is refused as %s', async (authorization, reason) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    const answer = (await response.json()) as {
      data?: unknown;
      errors: { message: string; extensions: object }[];
    };
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer realm="mci-graph", error="${reason === 'MALFORMED' ? 'invalid_request' : 'invalid_token'}"`,
    );
    expect(answer).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED', reason } }],
    });
  });

  it('leave what needs none without them', async () => {
    expect(await api.request(null, '{ __typename _service { __typename } }')).toEqual({
      status: 200,
      data: { __typename: 'Query', _service: { __typename: '_Service' } },
    });
    expect((await api.request(null, VIEWER)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('R-2.3 make the operator of INFRASTRUCTURE in the operator account, of nobody else', async () => {
    const [operator, other] = [await api.account({ operator: true }), await api.account()];
    const authenticate = authenticatorOf([]);
    const isOperator = async (token: string) =>
      (await authenticate({ authorization: `Bearer ${token}` }, new Date()))?.operator;
    expect(await isOperator(await operator.tokenWith('INFRASTRUCTURE'))).toBe(true);
    expect(await isOperator(await operator.tokenWith('ADMIN', 'DESIGNER'))).toBe(false);
    expect(await isOperator(operator.token)).toBe(false);
    expect(await isOperator(await other.tokenWith('INFRASTRUCTURE'))).toBe(false);
  });
});

describe('tokens of an OpenID provider', () => {
  const signIn = async (claims: JWTPayload, headers: Record<string, string> = {}, kid?: string) =>
    api.request(await provider.sign(claims, kid), VIEWER, {}, headers);
  const subjectOf = async (userKey: string): Promise<string | null> => {
    const rows: { subject: string | null }[] = await api.dataSource.query(
      'SELECT openid_subject AS subject FROM users WHERE id = $1',
      [userKey],
    );
    return rows[0]?.subject ?? null;
  };
  const linksOf = async (account: TestAccount) => {
    const { auditEntries } = await account.query(
      '{ auditEntries(filter: { action: "user.linkIdentity" }) { edges { node { actor changes user { email } } } } }',
    );
    return auditEntries.edges;
  };

  it('recognize a user by a verified e-mail address once, and by the subject from then on', async () => {
    const account = await api.account();
    const email = emailOf(account);
    const first = await signIn({ sub: account.key, email: email.toUpperCase(), email_verified: true });
    expect(first).toEqual({
      status: 200,
      data: {
        viewer: {
          roles: expect.arrayContaining(['ADMIN']),
          user: { email },
          account: { name: account.name },
        },
      },
    });
    expect(await subjectOf(account.userKey)).toBe(`${provider.issuer}#${account.key}`);
    expect(await signIn({ sub: account.key, email: 'changed@example.com', email_verified: true })).toEqual(
      first,
    );
    expect(await signIn({ sub: account.key })).toEqual(first);
    expect(await linksOf(account)).toEqual([
      { node: { actor: email, changes: { identity: 'linked' }, user: { email } } },
    ]);
  });

  it('link once when the first requests come at the same time', async () => {
    const account = await api.account();
    const claims = { sub: account.key, email: emailOf(account), email_verified: true };
    const answers = await Promise.all(Array.from({ length: 6 }, () => signIn(claims)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(await linksOf(account)).toHaveLength(1);
  });

  it.each([[false], ['true'], [undefined]])(
    'do not trust an address with email_verified %p',
    async (verified) => {
      const account = await api.account();
      const answer = await signIn({ sub: account.key, email: emailOf(account), email_verified: verified });
      expect(refusalOf(answer)).toEqual([401, 'UNAUTHENTICATED', 'UNKNOWN_USER']);
      expect(await subjectOf(account.userKey)).toBeNull();
    },
  );

  it('do not let another identity take over an address', async () => {
    const account = await api.account();
    const claims = { email: emailOf(account), email_verified: true };
    await signIn({ ...claims, sub: account.key });
    expect(refusalOf(await signIn({ ...claims, sub: 'somebody else' }))).toEqual([
      401,
      'UNAUTHENTICATED',
      'UNKNOWN_USER',
    ]);
    expect(await subjectOf(account.userKey)).toBe(`${provider.issuer}#${account.key}`);
  });

  it('tell who is unknown to ask an admin', async () => {
    const answer = await signIn({ sub: 'x', email: 'stranger@example.com', email_verified: true });
    expect(answer.errors?.[0]?.message).toBe(
      'Nobody here is known by stranger@example.com: an admin of the account must create the user first, with `createUser`.',
    );
  });

  it('choose among several accounts by the header, live with the roles there', async () => {
    const [home, other, foreign] = [await api.account(), await api.account(), await api.account()];
    await join(other, home.userKey, ['OBSERVER', 'LIBRARY']);
    const claims = { sub: home.key, email: emailOf(home), email_verified: true };
    const unsaid = await signIn(claims);
    expect(refusalOf(unsaid)).toEqual([401, 'UNAUTHENTICATED', 'ACCOUNT_NEEDED']);
    expect(unsaid.errors?.[0]?.message).toContain(`"${home.name}"`);
    expect(unsaid.errors?.[0]?.message).not.toContain(foreign.name);
    expect(await subjectOf(home.userKey)).toBeNull();
    for (const header of [other.id, other.name])
      expect((await signIn(claims, { 'x-mci-account': header })).data.viewer).toMatchObject({
        account: { name: other.name },
        roles: ['OBSERVER', 'LIBRARY'],
      });
    expect(refusalOf(await signIn(claims, { 'x-mci-account': foreign.id }))).toEqual([
      401,
      'UNAUTHENTICATED',
      'WRONG_ACCOUNT',
    ]);
    await api.dataSource.query(`UPDATE memberships SET roles = '{}' WHERE account_id = $1`, [other.key]);
    expect((await signIn(claims)).data.viewer.account).toEqual({ name: home.name });
  });

  it.each([
    ['EXPIRED', { exp: inSeconds(-60) }],
    ['INVALID_TOKEN', { exp: undefined }],
    ['INVALID_TOKEN', { sub: undefined }],
    ['INVALID_TOKEN', { sub: '' }],
    ['INVALID_TOKEN', { sub: 'nul\0' }],
    ['INVALID_TOKEN', { aud: 'something else' }],
    ['INVALID_TOKEN', { iss: 'https://elsewhere.example' }],
    // Far ahead: this is read long before the test runs.
    ['INVALID_TOKEN', { nbf: inSeconds(1_000_000) }],
  ])('are refused as %s with %j', async (reason, claims) => {
    const account = await api.account();
    const answer = await signIn({
      sub: account.key,
      email: emailOf(account),
      email_verified: true,
      ...claims,
    });
    expect(refusalOf(answer)).toEqual([401, 'UNAUTHENTICATED', reason]);
  });

  it('are allowed clocks that differ by less than 30 seconds', async () => {
    const account = await api.account();
    const claims = { sub: account.key, email: emailOf(account), email_verified: true };
    expect((await signIn({ ...claims, exp: inSeconds(-5), nbf: inSeconds(5) })).status).toBe(200);
  });

  it('are refused with a signature of somebody else, a symmetric one, or none', async () => {
    const claims = { iss: provider.issuer, aud: AUDIENCE, exp: inSeconds(300), sub: 'x' };
    const { generateKeyPair, SignJWT } = await import('jose');
    const { privateKey } = await generateKeyPair('RS256');
    const foreign = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'rsa' })
      .sign(privateKey);
    const symmetric = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
      .sign(new TextEncoder().encode('a shared secret of 32 bytes at least'));
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none' })}.${part(claims)}.`;
    for (const token of [foreign, symmetric, unsigned])
      expect(refusalOf(await api.request(token, VIEWER))).toEqual([401, 'UNAUTHENTICATED', 'INVALID_TOKEN']);
  });

  it('say that there is no provider, where there is none', async () => {
    const error = await refusalBy(authenticatorOf([]), await provider.sign({ sub: 'x' }));
    expect(error.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'INVALID_TOKEN' });
    expect(error.message).toContain('no OpenID provider is set up here');
  });

  it('are UNAVAILABLE, not refused, while the provider does not answer; and then it is asked again', async () => {
    const account = await api.account();
    const logged: unknown[] = [];
    const token = await provider.sign({ sub: account.key, email: emailOf(account), email_verified: true });
    for (const jwksUrl of [undefined, `${provider.issuer}/keys`]) {
      const authenticate = authenticatorOf(logged, { issuer: provider.issuer, audience: AUDIENCE, jwksUrl });
      provider.status = 500;
      logged.length = 0;
      const error = await refusalBy(authenticate, token);
      expect(error.extensions).toMatchObject({ code: 'UNAVAILABLE', http: { status: 503 } });
      expect(logged).toEqual([{ err: expect.objectContaining({ reason: 'UNAVAILABLE' }) }]);
      provider.status = 200;
      const principal = await authenticate({ authorization: `Bearer ${token}` }, new Date());
      expect(principal?.accountId).toBe(account.key);
    }
  });

  it('find the keys where the configuration says, else where the provider says, and keep them', async () => {
    const account = await api.account();
    const token = await provider.sign({ sub: account.key, email: emailOf(account), email_verified: true });
    const config = { issuer: provider.issuer, audience: AUDIENCE };
    for (const [jwksUrl, expected] of [
      [undefined, ['/.well-known/openid-configuration', '/keys']],
      [`${provider.issuer}/elsewhere`, ['/elsewhere']],
    ] as const) {
      const authenticate = authenticatorOf([], { ...config, jwksUrl });
      provider.requests = [];
      for (let count = 0; count < 3; count += 1)
        await authenticate({ authorization: `Bearer ${token}` }, new Date());
      expect(provider.requests).toEqual(expected);
    }
  });

  it('of a provider that names another issuer are not believed', async () => {
    const logged: { err: { cause: Error } }[] = [];
    const issuer = `${provider.issuer}/`;
    const error = await refusalBy(
      authenticatorOf(logged, { issuer, audience: AUDIENCE }),
      await provider.sign({ iss: issuer, sub: 'x' }),
    );
    expect(error.extensions).toMatchObject({ code: 'UNAVAILABLE' });
    expect(logged[0]?.err.cause.message).toContain('names another issuer');
  });

  it.each(['ES256', 'PS256', 'EdDSA'])('may be signed by %s', async (alg) => {
    const account = await api.account();
    await provider.addKey(alg, alg);
    const token = await provider.sign(
      { sub: account.key, email: emailOf(account), email_verified: true },
      alg,
    );
    const authenticate = authenticatorOf([], { issuer: provider.issuer, audience: AUDIENCE });
    const principal = await authenticate({ authorization: `Bearer ${token}` }, new Date());
    expect(principal).toMatchObject({ userId: account.userKey, tokenId: null, operator: false });
  });
});

function authenticatorOf(
  logged: unknown[],
  openId: { issuer: string; audience: string; jwksUrl?: string } | null = null,
): Authenticator {
  const log = { error: (details: object) => void logged.push(details) };
  return createAuthenticator({ dataSource: api.dataSource, openId, log });
}

async function refusalBy(authenticate: Authenticator, token: string): Promise<GraphQLError> {
  try {
    await authenticate({ authorization: `Bearer ${token}` }, new Date());
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}
