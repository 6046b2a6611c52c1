import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { auditOf } from '../kit/components';
import { asked } from '../kit/marketplace';
import { deniedWithoutTrace } from '../kit/marketplace-rows';

let api: TestApi;
let account: TestAccount;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

const set = async (input: object): Promise<Data> =>
  (await asked(account, 'setOrganization', { name: 'Acme', email: 'hello@acme.example', ...input }))
    .organization;
const own = async (of: TestAccount = account): Promise<Data> =>
  (await of.query('{ viewer { account { organization { name email welcomeMessage supportMessage } } } }'))
    .viewer.account.organization;

test('R-9.1: an account has no organization before it said so', async () => {
  expect(await own()).toBeNull();
});

test('R-9.1: is set, and read by the account itself; the e-mail address is the contact that it chose', async () => {
  const made = await set({ email: ' Hello@Acme.example ', welcomeMessage: 'Hi', supportMessage: 'Call' });
  expect(made).toEqual({
    name: 'Acme',
    email: 'hello@acme.example',
    welcomeMessage: 'Hi',
    supportMessage: 'Call',
  });
  expect(await own()).toEqual(made);
  expect(await auditOf(account)).toEqual([{ action: 'organization.set', changes: made }]);
  expect(await own(await api.account())).toBeNull();
});

test('is changed: messages that are left out stay, null clears them', async () => {
  await set({ welcomeMessage: 'Hi', supportMessage: 'Call' });
  const renamed = await set({ name: 'Acme 2', supportMessage: null });
  expect(renamed).toMatchObject({ name: 'Acme 2', welcomeMessage: 'Hi', supportMessage: null });
  expect(await own()).toEqual(renamed);
  expect((await auditOf(account)).slice(1)).toEqual([
    {
      action: 'organization.set',
      changes: {
        name: { before: 'Acme', after: 'Acme 2' },
        supportMessage: { before: 'Call', after: null },
      },
    },
  ]);
});

test('R-2.4: setting what it is already leaves no trace', async () => {
  await set({ welcomeMessage: 'Hi' });
  await set({});
  expect(await auditOf(account)).toHaveLength(1);
});

test.each([...';\\/><&,.'])('R-9.1: a name with %s is refused', async (character) => {
  const input = { name: `Acme${character} Inc`, email: 'hello@acme.example' };
  expect(await deniedWithoutTrace(api.dataSource, account, 'setOrganization', input)).toMatchObject({
    code: 'INVALID',
    path: ['input', 'name'],
    message: expect.stringContaining(`"${character}"`),
  });
});

test.each([
  ['name', { name: ' ' }],
  ['name', { name: 'x'.repeat(256) }],
  ['email', { email: 'nobody' }],
  ['email', { email: 'a@b@c' }],
  ['email', { email: `${'x'.repeat(250)}@acme.example` }],
  ['welcomeMessage', { welcomeMessage: 'x'.repeat(65_537) }],
  ['supportMessage', { supportMessage: 'x'.repeat(65_537) }],
])('R-9.1: a wrong %s is refused, for the first time as later', async (field, wrong) => {
  const input = { name: 'Acme', email: 'hello@acme.example', ...wrong };
  const refusal = { code: 'INVALID', path: ['input', field] };
  const refused = () => deniedWithoutTrace(api.dataSource, account, 'setOrganization', input);
  expect(await refused()).toMatchObject(refusal);
  await set({});
  expect(await refused()).toMatchObject(refusal);
});

test('R-9.1: names of 1 and of 255 characters are names', async () => {
  expect(await set({ name: 'A' })).toMatchObject({ name: 'A' });
  expect(await set({ name: 'x'.repeat(255) })).toMatchObject({ name: 'x'.repeat(255) });
});

test('R-2.4: of many who set it for the first time at once, each is told in the log, and the last one counts', async () => {
  const names = Array.from({ length: 8 }, (_none, index) => `Acme ${index}`);
  await Promise.all(names.map((name) => set({ name })));
  const entries = await auditOf(account);
  expect(entries).toHaveLength(names.length);
  const created = entries.filter(({ changes }) => typeof changes.name === 'string');
  expect(created).toHaveLength(1);
  const renamed = entries
    .filter(({ changes }) => typeof changes.name !== 'string')
    .map(({ changes }) => changes.name);
  // Each name but the last was changed into another one: the entries make one chain.
  const after = new Map(renamed.map(({ before, after: next }) => [before, next]));
  let name = created[0]?.changes.name;
  while (after.has(name)) name = after.get(name);
  expect(after.size).toBe(names.length - 1);
  expect((await own()).name).toBe(name);
});
