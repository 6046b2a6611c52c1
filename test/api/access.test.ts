import { startApi, type TestAccount, type TestApi } from '../kit/api';

const USER_ERRORS = 'userErrors { __typename code message path }';
const CREATE_USER = `mutation ($input: CreateUserInput!) {
  createUser(input: $input) { user { id email name } ${USER_ERRORS} } }`;
const SET_ROLES = `mutation ($input: SetRolesInput!) {
  setRoles(input: $input) { user { id email } roles ${USER_ERRORS} } }`;
const CREATE_TOKEN = `mutation ($input: CreateTokenInput!) {
  createToken(input: $input) { accessToken { id name roles expiresAt revokedAt user { email } } token ${USER_ERRORS} } }`;
const REVOKE_TOKEN = `mutation ($input: RevokeTokenInput!) {
  revokeToken(input: $input) { accessToken { id revokedAt } ${USER_ERRORS} } }`;
const AUDIT =
  '{ auditEntries(first: 100) { edges { node { action objectType actor changes user { email } } } } }';
const VIEWER = '{ viewer { roles user { email } account { id } } }';
const MISSING_USER = 'usr_00000000-0000-4000-8000-000000000000';
const MISSING_TOKEN = 'tok_00000000-0000-4000-8000-000000000000';

let api: TestApi;
let serial = 0;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const newEmail = () => `person${(serial += 1)}@example.com`;

async function createUser(account: TestAccount, roles: string[], email = newEmail()): Promise<string> {
  const { createUser: answer } = await account.query(CREATE_USER, {
    input: { email, name: 'Someone', roles },
  });
  expect(answer.userErrors).toEqual([]);
  return answer.user.id;
}

async function audit(account: TestAccount): Promise<{ action: string; changes: unknown }[]> {
  const { auditEntries } = await account.query(AUDIT);
  return auditEntries.edges.map((edge: { node: object }) => edge.node);
}

const refusal = (code: string, field: string) => expect.objectContaining({ code, path: ['input', field] });

describe('R-2.1 createUser', () => {
  it('lets a person in, with OBSERVER beside the roles given, and writes it down (R-2.4)', async () => {
    const account = await api.account();
    const { createUser: answer } = await account.query(CREATE_USER, {
      input: { email: 'Grace@Example.com', name: 'Grace Hopper', roles: ['DESIGNER', 'DESIGNER'] },
    });
    expect(answer).toEqual({
      user: { id: expect.stringMatching(/^usr_/), email: 'grace@example.com', name: 'Grace Hopper' },
      userErrors: [],
    });
    expect(await audit(account)).toEqual([
      {
        action: 'user.create',
        objectType: 'User',
        actor: `${account.userKey}@example.com`,
        user: { email: `${account.userKey}@example.com` },
        changes: { email: 'grace@example.com', name: 'Grace Hopper', roles: ['OBSERVER', 'DESIGNER'] },
      },
    ]);
  });

  it('R-2.2 does not show whether another account knows the person', async () => {
    const [first, second] = [await api.account(), await api.account()];
    const known = newEmail();
    const knownId = await createUser(first, ['ADMIN'], known);
    const ask = async (email: string) => {
      const { createUser: answer } = await second.query(CREATE_USER, {
        input: { email, name: 'Named here', roles: ['ACTOR'] },
      });
      return answer;
    };
    const unknown = newEmail();
    const toUnknown = await ask(unknown);
    expect(await ask(known.toUpperCase())).toEqual({
      ...toUnknown,
      user: { id: knownId, email: known, name: 'Named here' },
    });
    expect(toUnknown.user).toEqual({ id: expect.any(String), email: unknown, name: 'Named here' });
    const { node } = await first.query('query ($id: ID!) { node(id: $id) { ... on User { name } } }', {
      id: knownId,
    });
    expect(node).toEqual({ name: 'Someone' });
  });

  it('refuses who is in already, whatever the case of the address, and changes nothing', async () => {
    const account = await api.account();
    const email = newEmail();
    await createUser(account, ['ACTOR'], email);
    const before = await audit(account);
    const { createUser: answer } = await account.query(CREATE_USER, {
      input: { email: email.toUpperCase(), name: 'Again', roles: ['ADMIN'] },
    });
    expect(answer).toEqual({
      user: null,
      userErrors: [
        {
          __typename: 'ValidationError',
          code: 'INVALID',
          path: ['input', 'email'],
          message: `\`email\`: ${email} is a user of this account already: change what they may do with \`setRoles\`.`,
        },
      ],
    });
    expect(await audit(account)).toEqual(before);
    const { users } = await account.query('{ users { totalCount edges { node { email name } } } }');
    expect(users.totalCount).toBe(2);
    expect(users.edges).toContainEqual({ node: { email, name: 'Someone' } });
  });

  it.each([
    ['email', { email: 'nobody', name: 'N', roles: ['ACTOR'] }],
    ['name', { email: 'a@example.com', name: '  ', roles: ['ACTOR'] }],
    ['roles', { email: 'a@example.com', name: 'N', roles: [] }],
  ])('names `%s` when it is wrong', async (field, input) => {
    const account = await api.account();
    const { createUser: answer } = await account.query(CREATE_USER, { input });
    expect(answer).toEqual({ user: null, userErrors: [refusal('INVALID', field)] });
    expect(await audit(account)).toEqual([]);
  });

  it('makes one person of several requests at once', async () => {
    const account = await api.account();
    const email = newEmail();
    const others = await Promise.all([api.account(), api.account(), api.account(), api.account()]);
    const input = { email, name: 'Someone', roles: ['ACTOR'] };
    const answers = await Promise.all(
      [account, account, ...others].map(
        async (each) => (await each.query(CREATE_USER, { input })).createUser,
      ),
    );
    const made = answers.filter((answer) => answer.user !== null);
    expect(new Set(made.map((answer) => answer.user.id)).size).toBe(1);
    expect(made).toHaveLength(5);
    expect(answers.filter((answer) => answer.user === null).map((answer) => answer.userErrors)).toEqual([
      [refusal('INVALID', 'email')],
    ]);
  });
});

describe('R-2.1 setRoles', () => {
  it('holds from the next request on, also for tokens made before, and is written down (R-2.4)', async () => {
    const account = await api.account();
    const userId = await createUser(account, ['ACTOR']);
    const { createToken } = await account.query(CREATE_TOKEN, { input: { name: 'laptop', userId } });
    const rolesSeen = async () => (await api.request(createToken.token, VIEWER)).data?.viewer.roles;
    expect(await rolesSeen()).toEqual(['OBSERVER', 'ACTOR']);

    const { setRoles } = await account.query(SET_ROLES, {
      input: { userId, roles: ['LIBRARY', 'DESIGNER'] },
    });
    expect(setRoles).toEqual({
      user: { id: userId, email: expect.any(String) },
      roles: ['OBSERVER', 'DESIGNER', 'LIBRARY'],
      userErrors: [],
    });
    expect(await rolesSeen()).toEqual(['OBSERVER', 'DESIGNER', 'LIBRARY']);
    expect((await audit(account))[0]).toMatchObject({
      action: 'user.setRoles',
      changes: {
        roles: { before: ['OBSERVER', 'ACTOR'], after: ['OBSERVER', 'DESIGNER', 'LIBRARY'] },
      },
    });
  });

  it('shuts a user out by an empty list, and lets them in again', async () => {
    const account = await api.account();
    const userId = await createUser(account, ['ACTOR']);
    const { createToken } = await account.query(CREATE_TOKEN, { input: { name: 'laptop', userId } });
    const { setRoles } = await account.query(SET_ROLES, { input: { userId, roles: [] } });
    expect(setRoles.roles).toEqual([]);
    const refused = await api.request(createToken.token, VIEWER);
    expect(refused.status).toBe(401);
    expect(refused.errors?.[0]).toMatchObject({
      message:
        "The token's user has none of its roles in this account any more: an admin can give some with `setRoles`.",
      extensions: { code: 'UNAUTHENTICATED', reason: 'NO_ROLE' },
    });
    const { createToken: another } = await account.query(CREATE_TOKEN, { input: { name: 'other', userId } });
    expect(another).toEqual({ accessToken: null, token: null, userErrors: [refusal('INVALID', 'userId')] });
    await account.query(SET_ROLES, { input: { userId, roles: ['OBSERVER'] } });
    expect((await api.request(createToken.token, VIEWER)).data.viewer.roles).toEqual(['OBSERVER']);
  });

  it('writes nothing down when nothing changes (R-2.4)', async () => {
    const account = await api.account();
    const userId = await createUser(account, ['ACTOR']);
    const before = await audit(account);
    const { setRoles } = await account.query(SET_ROLES, { input: { userId, roles: ['ACTOR', 'OBSERVER'] } });
    expect(setRoles).toMatchObject({ roles: ['OBSERVER', 'ACTOR'], userErrors: [] });
    expect(await audit(account)).toEqual(before);
  });

  it('keeps the last admin', async () => {
    const account = await api.account();
    const userId = `usr_${account.userKey}`;
    const { setRoles } = await account.query(SET_ROLES, { input: { userId, roles: ['DESIGNER'] } });
    expect(setRoles).toEqual({
      user: null,
      roles: null,
      userErrors: [
        {
          __typename: 'ValidationError',
          code: 'INVALID',
          path: ['input', 'roles'],
          message:
            'This is the last admin of the account: give another user the role ADMIN first, with `setRoles` or `createUser`.',
        },
      ],
    });
    expect((await account.query(VIEWER)).viewer.roles).toContain('ADMIN');
    expect(await audit(account)).toEqual([]);
  });

  it('keeps one of two admins when both are taken the role at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const account = await api.account();
      const machine = await account.tokenWith('ADMIN');
      const admins = [`usr_${account.userKey}`, await createUser(account, ['ADMIN'])];
      const answers = await Promise.all(
        admins.map((userId) => api.request(machine, SET_ROLES, { input: { userId, roles: ['OBSERVER'] } })),
      );
      const results = answers.map(({ data }) => data.setRoles);
      expect(results.filter(({ roles }) => roles !== null)).toHaveLength(1);
      expect(results.flatMap(({ userErrors }) => userErrors)).toEqual([refusal('INVALID', 'roles')]);
      const rows: { count: number }[] = await api.dataSource.query(
        `SELECT count(*)::int AS count FROM memberships WHERE account_id = $1 AND 'ADMIN' = ANY(roles)`,
        [account.key],
      );
      expect(rows).toEqual([{ count: 1 }]);
    }
  });

  it('R-2.2 answers alike for who is in another account and who does not exist', async () => {
    const [account, other] = [await api.account(), await api.account()];
    const foreign = await createUser(other, ['ACTOR']);
    const ask = async (userId: string) =>
      (await account.query(SET_ROLES, { input: { userId, roles: ['OBSERVER'] } })).setRoles;
    const missing = await ask(MISSING_USER);
    expect(missing).toEqual({ user: null, roles: null, userErrors: [refusal('NOT_FOUND', 'userId')] });
    expect(await ask(foreign)).toEqual(missing);
    expect(await ask('nonsense')).toEqual({ ...missing, userErrors: [refusal('INVALID', 'userId')] });
  });
});

describe('createToken', () => {
  it('shows the secret once, keeps its hash only, and acts for a machine', async () => {
    const account = await api.account();
    const expiresAt = '2099-01-01T00:00:00.000Z';
    const { createToken } = await account.query(CREATE_TOKEN, {
      input: { name: 'feeder', roles: ['INFRASTRUCTURE'], expiresAt },
    });
    expect(createToken).toEqual({
      accessToken: {
        id: expect.stringMatching(/^tok_/),
        name: 'feeder',
        roles: ['OBSERVER', 'INFRASTRUCTURE'],
        expiresAt,
        revokedAt: null,
        user: null,
      },
      token: expect.stringMatching(/^mcig_[\w-]{43}$/),
      userErrors: [],
    });
    expect((await api.request(createToken.token, VIEWER)).data.viewer).toEqual({
      roles: ['OBSERVER', 'INFRASTRUCTURE'],
      user: null,
      account: { id: account.id },
    });
    const entries = await audit(account);
    expect(entries).toEqual([
      expect.objectContaining({
        action: 'accessToken.create',
        changes: { name: 'feeder', roles: ['OBSERVER', 'INFRASTRUCTURE'], expiresAt, userId: null },
      }),
    ]);
    const stored: { found: boolean }[] = await api.dataSource.query(
      `SELECT EXISTS (SELECT FROM access_tokens AS t WHERE strpos(row_to_json(t)::text, $1) > 0)
           OR EXISTS (SELECT FROM audit_entries AS e WHERE strpos(row_to_json(e)::text, $1) > 0) AS found`,
      [createToken.token],
    );
    expect(stored).toEqual([{ found: false }]);
  });

  it('acts for a user, limited to roles that they have', async () => {
    const account = await api.account();
    const email = newEmail();
    const userId = await createUser(account, ['ACTOR', 'DESIGNER'], email);
    const { createToken } = await account.query(CREATE_TOKEN, {
      input: { name: 'narrow', userId, roles: ['DESIGNER'] },
    });
    expect((await api.request(createToken.token, VIEWER)).data.viewer).toEqual({
      roles: ['OBSERVER', 'DESIGNER'],
      user: { email },
      account: { id: account.id },
    });
  });

  it('refuses roles that the user lacks', async () => {
    const account = await api.account();
    const userId = await createUser(account, ['ACTOR']);
    const input = { name: 'wide', userId, roles: ['ACTOR', 'ADMIN'] };
    const { createToken } = await account.query(CREATE_TOKEN, { input });
    expect(createToken).toEqual({
      accessToken: null,
      token: null,
      userErrors: [
        expect.objectContaining({
          code: 'INVALID',
          path: ['input', 'roles'],
          message:
            'The user does not have ADMIN: leave that out of `roles`, or give it with `setRoles` first.',
        }),
      ],
    });
  });

  it.each([
    ['roles', 'INVALID', { name: 'machine without roles' }],
    ['expiresAt', 'INVALID', { name: 'old', roles: ['ACTOR'], expiresAt: '2020-01-01T00:00:00.000Z' }],
    ['name', 'INVALID', { name: '', roles: ['ACTOR'] }],
    ['userId', 'NOT_FOUND', { name: 'nobody', userId: MISSING_USER }],
    ['userId', 'INVALID', { name: 'nonsense', userId: MISSING_TOKEN }],
  ])('names `%s` with %s', async (field, code, input) => {
    const account = await api.account();
    const { createToken } = await account.query(CREATE_TOKEN, { input });
    expect(createToken).toEqual({ accessToken: null, token: null, userErrors: [refusal(code, field)] });
    expect(await audit(account)).toEqual([]);
  });

  it('R-2.2 finds nobody of another account', async () => {
    const [account, other] = [await api.account(), await api.account()];
    const { createToken } = await account.query(CREATE_TOKEN, {
      input: { name: 'theirs', userId: `usr_${other.userKey}` },
    });
    expect(createToken.userErrors).toEqual([refusal('NOT_FOUND', 'userId')]);
  });
});

describe('revokeToken', () => {
  it('ends a token at once, only the first time written down', async () => {
    const account = await api.account();
    const { createToken } = await account.query(CREATE_TOKEN, { input: { name: 'm', roles: ['ACTOR'] } });
    const input = { id: createToken.accessToken.id };
    const { revokeToken } = await account.query(REVOKE_TOKEN, { input });
    expect(revokeToken).toEqual({
      accessToken: { id: input.id, revokedAt: expect.any(String) },
      userErrors: [],
    });
    const refused = await api.request(createToken.token, VIEWER);
    expect(refused.status).toBe(401);
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'REVOKED' });
    expect((await account.query(REVOKE_TOKEN, { input })).revokeToken).toEqual(revokeToken);
    expect((await audit(account)).map(({ action }) => action)).toEqual([
      'accessToken.revoke',
      'accessToken.create',
    ]);
  });

  it('R-2.2 answers alike for a token of another account and one that does not exist', async () => {
    const [account, other] = [await api.account(), await api.account()];
    const { createToken } = await other.query(CREATE_TOKEN, { input: { name: 'm', roles: ['ACTOR'] } });
    const ask = async (id: string) => (await account.query(REVOKE_TOKEN, { input: { id } })).revokeToken;
    const missing = await ask(MISSING_TOKEN);
    expect(missing).toEqual({ accessToken: null, userErrors: [refusal('NOT_FOUND', 'id')] });
    expect(await ask(createToken.accessToken.id)).toEqual(missing);
    expect((await api.request(createToken.token, VIEWER)).status).toBe(200);
  });
});

describe('accessTokens', () => {
  const LIST = `query ($after: String) {
    accessTokens(first: 2, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { name user { email } } } } }`;

  it('pages through the tokens of the own account only, newest first', async () => {
    const [account, other] = [await api.account(), await api.account()];
    for (const name of ['one', 'two'])
      await account.query(CREATE_TOKEN, { input: { name, roles: ['ACTOR'] } });
    await other.query(CREATE_TOKEN, { input: { name: 'foreign', roles: ['ACTOR'] } });
    const { accessTokens: first } = await account.query(LIST, {});
    expect(first).toMatchObject({
      totalCount: 3,
      pageInfo: { hasNextPage: true },
      edges: [{ node: { name: 'two', user: null } }, { node: { name: 'one', user: null } }],
    });
    const { accessTokens: second } = await account.query(LIST, { after: first.pageInfo.endCursor });
    expect(second).toMatchObject({
      pageInfo: { hasNextPage: false },
      edges: [{ node: { name: 'test', user: { email: `${account.userKey}@example.com` } } }],
    });
  });

  it('R-2.2 a token is a node for admins of its account only', async () => {
    const [account, other] = [await api.account(), await api.account()];
    const { createToken } = await account.query(CREATE_TOKEN, { input: { name: 'm', roles: ['ACTOR'] } });
    const NODE = 'query ($id: ID!) { node(id: $id) { id } }';
    const { id } = createToken.accessToken;
    expect((await account.query(NODE, { id })).node).toEqual({ id });
    expect((await other.query(NODE, { id })).node).toBeNull();
    expect((await api.request(createToken.token, NODE, { id })).data).toEqual({ node: null });
  });
});
