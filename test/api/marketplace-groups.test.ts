import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { auditOf } from '../kit/components';
import { ask, asked, groupOf, join, organize } from '../kit/marketplace';
import { deniedWithoutTrace, marketplaceRows } from '../kit/marketplace-rows';

let api: TestApi;
let publisher: TestAccount;
let partner: TestAccount;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  [publisher, partner] = [await api.account(), await api.account()];
});

const MISSING = 'grp_00000000-0000-4000-8000-000000000000';
const GROUP = `id name description version createdAt updatedAt accounts { totalCount edges { node { id name tags organization { name } } } }
  publications { totalCount }`;

const groups = async (account: TestAccount): Promise<Data[]> =>
  (await account.query(`{ accountGroups { edges { node { ${GROUP} } } } }`)).accountGroups.edges.map(
    ({ node }: Data) => node,
  );
const group = async (account: TestAccount, id: string): Promise<Data> =>
  (await account.query(`query($id: ID!) { accountGroup(id: $id) { ${GROUP} } }`, { id })).accountGroup;
const membersOf = async (id: string): Promise<string[]> =>
  (await group(publisher, id)).accounts.edges.map(({ node }: Data) => node.id);
const codeOf = async (id: string): Promise<string> =>
  (await asked(publisher, 'inviteToAccountGroup', { id })).membershipCode;
const accept = (account: TestAccount, membershipCode: string): Promise<Data> =>
  ask(account, 'acceptInvitation', { membershipCode });
const denied = (account: TestAccount, name: string, input: object): Promise<Data> =>
  deniedWithoutTrace(api.dataSource, account, name, input);
const codesOf = (payloads: readonly Data[]): string[] =>
  payloads.flatMap(({ userErrors }) => userErrors.map(({ code }: Data) => code));

describe('R-9.5: groups', () => {
  test('are made, listed by name, read by id and node; only the publisher sees them', async () => {
    const made = [];
    for (const name of ['b', 'a', 'c'])
      made.push(
        (await asked(publisher, 'createAccountGroup', { name, description: `${name}!` })).accountGroup,
      );
    expect(made[0]).toEqual({ id: expect.stringMatching(/^grp_/), name: 'b', description: 'b!', version: 1 });
    expect((await groups(publisher)).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    const { id } = made[0];
    expect(await group(publisher, id)).toMatchObject({
      name: 'b',
      accounts: { totalCount: 0, edges: [] },
      publications: { totalCount: 0 },
    });
    expect(await groups(partner)).toEqual([]);
    expect(await group(partner, id)).toBeNull();
    expect((await partner.query('query($id: ID!) { node(id: $id) { id } }', { id })).node).toBeNull();
    expect((await auditOf(publisher))[0]).toEqual({
      action: 'accountGroup.create',
      changes: { name: 'b', description: 'b!' },
    });
  });

  test.each([
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(256) }],
    ['description', { name: 'x', description: 'x'.repeat(65_537) }],
  ])('a wrong %s is refused', async (field, input) => {
    expect(await denied(publisher, 'createAccountGroup', input)).toMatchObject({
      code: 'INVALID',
      path: ['input', field],
    });
  });

  test('are renamed and described anew, by who saw the present version; the same over again leaves no trace', async () => {
    const id = await groupOf(publisher, [], 'old');
    const update = async (input: object): Promise<Data> =>
      (await asked(publisher, 'updateAccountGroup', { id, ...input })).accountGroup;
    expect(await update({ expectedVersion: 1, name: 'new' })).toEqual({
      id,
      name: 'new',
      description: null,
      version: 2,
    });
    expect(await update({ expectedVersion: 2, description: 'd' })).toMatchObject({ name: 'new', version: 3 });
    expect(await update({ expectedVersion: 3, name: 'new', description: 'd' })).toMatchObject({ version: 3 });
    expect((await auditOf(publisher)).slice(1)).toEqual([
      { action: 'accountGroup.update', changes: { name: { before: 'old', after: 'new' } } },
      { action: 'accountGroup.update', changes: { description: { before: null, after: 'd' } } },
    ]);
    expect(
      await denied(publisher, 'updateAccountGroup', { id, expectedVersion: 1, name: 'x' }),
    ).toMatchObject({
      __typename: 'StaleVersionError',
      code: 'STALE',
      path: ['input', 'expectedVersion'],
    });
    expect(
      await denied(publisher, 'updateAccountGroup', { id, expectedVersion: 3, name: null }),
    ).toMatchObject({
      code: 'INVALID',
      path: ['input', 'name'],
    });
  });

  test('of several editors at once one is right, and the others are STALE', async () => {
    const id = await groupOf(publisher, []);
    const payloads = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        ask(publisher, 'updateAccountGroup', { id, expectedVersion: 1, name }),
      ),
    );
    expect(codesOf(payloads)).toEqual(['STALE', 'STALE', 'STALE']);
    expect(await group(publisher, id)).toMatchObject({ version: 2 });
  });

  test.each([
    ['updateAccountGroup', { expectedVersion: 1, name: 'x' }],
    ['deleteAccountGroup', {}],
    ['inviteToAccountGroup', {}],
    ['revokeAccountGroupAccess', { accountId: 'acc_00000000-0000-4000-8000-000000000000' }],
  ])('R-2.2: %s of a foreign group is NOT_FOUND, as that of a missing one', async (name, input) => {
    const foreign = await groupOf(publisher, [partner]);
    const refusal = await denied(partner, name, { id: foreign, ...input });
    expect(refusal).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'id'] });
    expect(await denied(partner, name, { id: MISSING, ...input })).toEqual(refusal);
  });
});

describe('R-9.5: invitations', () => {
  test('a code gives one account access, which the publisher sees; the code is kept nowhere', async () => {
    await organize(publisher, 'Acme');
    const id = await groupOf(publisher, [], 'SECRET GROUP');
    const payload = await publisher.query(
      `mutation($id: ID!) { inviteToAccountGroup(input: { id: $id }) { membershipCode expiresAt userErrors { code } } }`,
      { id },
    );
    const { membershipCode, expiresAt } = payload.inviteToAccountGroup;
    // 256 bits in base64url.
    expect(membershipCode).toMatch(/^mcigg_[\w-]{43}$/);
    const days = (new Date(expiresAt).getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(5.9);
    expect(days).toBeLessThanOrEqual(6);
    expect(JSON.stringify(await marketplaceRows(api.dataSource))).not.toContain(membershipCode);

    const accepted = await partner.query(
      `mutation($code: String!) { acceptInvitation(input: { membershipCode: $code }) { organization { name email } userErrors { code } } }`,
      { code: ` ${membershipCode}\n` },
    );
    expect(accepted.acceptInvitation).toEqual({
      organization: { name: 'Acme', email: 'contact@publisher.example' },
      userErrors: [],
    });
    await partner.query(
      `mutation($id: ID!) { addTags(input: { id: $id, tags: ["secret"] }) { userErrors { code } } }`,
      { id: partner.id },
    );
    await organize(partner, 'Partner');
    // Tags are the account's own affair, and it has published nothing.
    expect((await group(publisher, id)).accounts).toEqual({
      totalCount: 1,
      edges: [{ node: { id: partner.id, name: partner.name, tags: [], organization: null } }],
    });
    expect(await auditOf(publisher)).toContainEqual({
      action: 'accountGroup.invite',
      changes: { expiresAt },
    });
    const [joined] = await auditOf(partner);
    expect(joined).toEqual({ action: 'accountGroup.join', changes: { publisher: 'Acme' } });
    expect(JSON.stringify(await auditOf(partner))).not.toContain('SECRET GROUP');
  });

  test('each code is another one, and works once', async () => {
    const id = await groupOf(publisher, []);
    const codes = [await codeOf(id), await codeOf(id)];
    expect(new Set(codes).size).toBe(2);
    const [first] = codes;
    expect((await accept(partner, first ?? '')).userErrors).toEqual([]);
    expect(codesOf([await accept(await api.account(), first ?? '')])).toEqual(['NOT_FOUND']);
    expect(await membersOf(id)).toEqual([partner.id]);
  });

  test('a code that never was, was used or has expired is refused in the same words', async () => {
    const id = await groupOf(publisher, []);
    const [used, expired] = [await codeOf(id), await codeOf(id)];
    await asked(await api.account(), 'acceptInvitation', { membershipCode: used });
    await api.dataSource.query(
      `UPDATE account_group_invitations SET expires_at = now() WHERE used_at IS NULL`,
    );
    const unknown = await denied(partner, 'acceptInvitation', { membershipCode: 'mcigg_x' });
    expect(unknown).toMatchObject({
      __typename: 'NotFoundError',
      code: 'NOT_FOUND',
      path: ['input', 'membershipCode'],
      message: expect.stringContaining('Ask the publisher for a new one'),
    });
    for (const membershipCode of [used, expired, '', 'x'.repeat(10_000)])
      expect(await denied(partner, 'acceptInvitation', { membershipCode })).toEqual(unknown);
    // Not even the publisher, or who used it, learns more of it.
    expect(await denied(publisher, 'acceptInvitation', { membershipCode: expired })).toEqual(unknown);
  });

  test('the publisher itself and who has access are refused; the code stays good', async () => {
    const id = await groupOf(publisher, [partner]);
    const membershipCode = await codeOf(id);
    for (const account of [publisher, partner])
      expect(await denied(account, 'acceptInvitation', { membershipCode })).toMatchObject({
        code: 'INVALID',
        path: ['input', 'membershipCode'],
      });
    const third = await api.account();
    await asked(third, 'acceptInvitation', { membershipCode });
    expect((await membersOf(id)).sort()).toEqual([partner.id, third.id].sort());
  });

  test('of many accounts that use one code at once, one gets access', async () => {
    const id = await groupOf(publisher, []);
    const membershipCode = await codeOf(id);
    const accounts = await Promise.all(Array.from({ length: 8 }, () => api.account()));
    const payloads = await Promise.all(accounts.map((account) => accept(account, membershipCode)));
    expect(codesOf(payloads)).toEqual(Array(7).fill('NOT_FOUND'));
    const winner = accounts[payloads.findIndex(({ userErrors }) => userErrors.length === 0)];
    expect(await membersOf(id)).toEqual([winner?.id]);
  });

  test('of one account that uses many codes at once, one is used, and the others stay good', async () => {
    const id = await groupOf(publisher, []);
    const codes = await Promise.all(Array.from({ length: 6 }, () => codeOf(id)));
    const payloads = await Promise.all(codes.map((code) => accept(partner, code)));
    expect(codesOf(payloads)).toEqual(Array(5).fill('INVALID'));
    expect(await membersOf(id)).toEqual([partner.id]);
    for (const [index, { userErrors }] of payloads.entries())
      if (userErrors.length > 0)
        expect((await accept(await api.account(), codes[index] ?? '')).userErrors).toEqual([]);
  });
});

describe('R-9.5: revocation and deletion', () => {
  test('access ends, and can be given again', async () => {
    const id = await groupOf(publisher, [partner]);
    const { accountGroup } = await asked(publisher, 'revokeAccountGroupAccess', {
      id,
      accountId: partner.id,
    });
    expect(accountGroup).toEqual({ id });
    expect(await membersOf(id)).toEqual([]);
    expect((await auditOf(publisher)).at(-1)).toEqual({
      action: 'accountGroup.revokeAccess',
      changes: { accountId: partner.id },
    });
    await join(publisher, id, partner);
    expect(await membersOf(id)).toEqual([partner.id]);
  });

  test('R-2.2: an account without access is NOT_FOUND, whether or not it exists', async () => {
    const id = await groupOf(publisher, [partner]);
    const other = await api.account();
    const refusal = await denied(publisher, 'revokeAccountGroupAccess', { id, accountId: other.id });
    expect(refusal).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'accountId'] });
    const accountId = 'acc_00000000-0000-4000-8000-000000000000';
    expect(await denied(publisher, 'revokeAccountGroupAccess', { id, accountId })).toEqual(refusal);
  });

  test('a group goes only once no account has access; its codes then give none', async () => {
    const id = await groupOf(publisher, [partner], 'gone');
    const membershipCode = await codeOf(id);
    expect(await denied(publisher, 'deleteAccountGroup', { id })).toMatchObject({
      code: 'IN_USE',
      path: ['input', 'id'],
      message: expect.stringContaining('revokeAccountGroupAccess'),
    });
    await asked(publisher, 'revokeAccountGroupAccess', { id, accountId: partner.id });
    expect(await asked(publisher, 'deleteAccountGroup', { id })).toMatchObject({ deletedId: id });
    expect(await group(publisher, id)).toBeNull();
    expect((await auditOf(publisher)).at(-1)).toEqual({
      action: 'accountGroup.delete',
      changes: { name: 'gone' },
    });
    expect(await denied(partner, 'acceptInvitation', { membershipCode })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await denied(publisher, 'deleteAccountGroup', { id })).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('of deleting and joining at once one wins: never access through a group that is gone', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await groupOf(publisher, []);
      const membershipCode = await codeOf(id);
      const [deleted, joined] = await Promise.all([
        ask(publisher, 'deleteAccountGroup', { id }),
        accept(partner, membershipCode),
      ]);
      const outcome = codesOf([deleted, joined]).join();
      expect(['IN_USE', 'NOT_FOUND']).toContain(outcome);
      expect(await group(publisher, id)).toEqual(outcome === 'IN_USE' ? expect.anything() : null);
    }
  });
});

test('R-2.1: who may not publish sees the groups of the account by id, but not their members', async () => {
  const id = await groupOf(publisher, [partner]);
  const token = await publisher.tokenWith('DESIGNER');
  const answer = await api.request(
    token,
    'query($id: ID!) { node(id: $id) { ... on AccountGroup { name accounts { totalCount } } } }',
    { id },
  );
  expect(answer).toEqual({ status: 200, data: { node: { name: 'Partners', accounts: null } } });
});
