import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { auditOf } from '../kit/components';
import { asked } from '../kit/marketplace';
import { deniedWithoutTrace } from '../kit/marketplace-rows';
import { statementsDuring } from '../kit/statements';

let api: TestApi;
let account: TestAccount;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

const MISSING = 'eul_00000000-0000-4000-8000-000000000000';

const change = async (name: string, input: object): Promise<Data> =>
  (await asked(account, name, input)).eulaRevision;
const create = (name = 'Terms', text = 'first'): Promise<Data> => change('createEula', { name, text });
const archive = (id: string): Promise<Data> => asked(account, 'archiveEula', { id });
const eulas = async (selection = 'id name revision', of = account, args = ''): Promise<Data[]> =>
  (await of.query(`{ eulas${args} { edges { node { ${selection} } } } }`)).eulas.edges.map(
    ({ node }: Data) => node,
  );
const read = async (id: string, of = account): Promise<Data> =>
  (
    await of.query(
      'query($id: ID!) { node(id: $id) { ... on EulaRevision { name revision text archivedAt } } }',
      { id },
    )
  ).node;
const denied = (name: string, input: object, of = account): Promise<Data> =>
  deniedWithoutTrace(api.dataSource, of, name, input);

test('R-9.7: is made with revision 1, and revised; every text stays', async () => {
  const one = await create();
  expect(one).toEqual({ id: expect.stringMatching(/^eul_/), name: 'Terms', revision: 1, text: 'first' });
  const two = await change('reviseEula', { id: one.id, text: 'second' });
  expect(two).toMatchObject({ name: 'Terms', revision: 2, text: 'second' });
  // Any revision names the agreement.
  const three = await change('reviseEula', { id: one.id, text: 'third' });
  expect(three).toMatchObject({ revision: 3, text: 'third' });
  expect(await Promise.all([one, two, three].map(({ id }) => read(id)))).toEqual(
    ['first', 'second', 'third'].map((text, index) => ({
      name: 'Terms',
      revision: index + 1,
      text,
      archivedAt: null,
    })),
  );
  expect(await eulas()).toEqual([{ id: three.id, name: 'Terms', revision: 3 }]);
  expect(await auditOf(account)).toEqual([
    { action: 'eula.create', changes: { name: 'Terms', revision: 1 } },
    { action: 'eula.revise', changes: { name: 'Terms', revision: 2 } },
    { action: 'eula.revise', changes: { name: 'Terms', revision: 3 } },
  ]);
});

test('R-2.4: the newest text over again makes no revision and leaves no trace; an earlier one does', async () => {
  const one = await create();
  expect(await change('reviseEula', { id: one.id, text: 'first' })).toEqual(one);
  const two = await change('reviseEula', { id: one.id, text: 'second' });
  expect(await change('reviseEula', { id: one.id, text: 'first' })).toMatchObject({ revision: 3 });
  expect(two.revision).toBe(2);
  expect(await auditOf(account)).toHaveLength(3);
});

test('R-9.7: at most 500,000 characters of text and 50 of name', async () => {
  const longest = await create('x'.repeat(50), 'x'.repeat(500_000));
  expect(longest.text).toHaveLength(500_000);
  for (const [field, input] of [
    ['name', { name: 'x'.repeat(51), text: 'x' }],
    ['name', { name: ' ', text: 'x' }],
    ['text', { name: 'x', text: 'x'.repeat(500_001) }],
    ['text', { name: 'x', text: ' \n' }],
  ] as const)
    expect(await denied('createEula', input)).toMatchObject({ code: 'INVALID', path: ['input', field] });
  for (const text of ['', 'x'.repeat(500_001)])
    expect(await denied('reviseEula', { id: longest.id, text })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'text'],
    });
});

test('R-9.7: of many revisions at once there is no gap and no number twice', async () => {
  const one = await create();
  const made = await Promise.all(
    Array.from({ length: 10 }, (_none, index) => change('reviseEula', { id: one.id, text: `text ${index}` })),
  );
  expect(made.map(({ revision }) => revision).sort((left, right) => left - right)).toEqual(
    Array.from({ length: 10 }, (_none, index) => index + 2),
  );
});

test('R-9.7: is archived once, keeps its texts, gets no more, and is listed only on request', async () => {
  const kept = await create('kept');
  const one = await create('gone');
  await archive(one.id);
  const { archivedAt } = await read(one.id);
  expect(archivedAt).not.toBeNull();
  await archive(one.id);
  expect(await read(one.id)).toEqual({ name: 'gone', revision: 1, text: 'first', archivedAt });
  expect(await denied('reviseEula', { id: one.id, text: 'second' })).toMatchObject({
    code: 'NOT_EDITABLE',
    path: ['input', 'id'],
    message: expect.stringContaining('createEula'),
  });
  expect((await eulas()).map(({ id }) => id)).toEqual([kept.id]);
  expect(await eulas('name archivedAt', account, '(includeArchived: true)')).toEqual([
    { name: 'gone', archivedAt },
    { name: 'kept', archivedAt: null },
  ]);
  expect((await auditOf(account)).slice(2)).toEqual([
    { action: 'eula.archive', changes: { name: 'gone', archivedAt } },
  ]);
});

test('R-9.7: of archiving and revising at once, what is archived gets no text afterwards', async () => {
  for (let round = 0; round < 10; round++) {
    const one = await create();
    const revise = account.query(
      `mutation($id: ID!) { reviseEula(input: { id: $id, text: "second" }) { eulaRevision { createdAt } userErrors { code } } }`,
      { id: one.id },
    );
    const [{ reviseEula }] = await Promise.all([revise, archive(one.id)]);
    const listed = (await eulas('name revision', account, '(includeArchived: true, last: 100)')).length;
    expect(listed).toBe(round + 1);
    expect(reviseEula.userErrors.map(({ code }: Data) => code)).toEqual(
      reviseEula.eulaRevision === null ? ['NOT_EDITABLE'] : [],
    );
  }
});

test('R-9.7: a text never changes and is never deleted, whoever asks the database', async () => {
  await create();
  for (const statement of [
    `UPDATE eula_revisions SET text = 'other'`,
    'DELETE FROM eula_revisions',
    'TRUNCATE eula_revisions CASCADE',
  ])
    await expect(api.dataSource.query(statement)).rejects.toThrow('what is recorded never changes');
});

test('R-2.2: foreign ones are as if they did not exist', async () => {
  const { id } = await create();
  const other = await api.account();
  expect(await read(id, other)).toBeNull();
  expect(await eulas('id', other)).toEqual([]);
  for (const [name, input] of [
    ['reviseEula', { text: 'x' }],
    ['archiveEula', {}],
  ] as const) {
    const refusal = await denied(name, { id, ...input }, other);
    expect(refusal).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'id'] });
    expect(await denied(name, { id: MISSING, ...input }, other)).toEqual(refusal);
  }
});

test('texts are read only by who selects them, all of a page in one statement', async () => {
  for (const name of ['a', 'b', 'c']) await create(name, `${name}${'x'.repeat(1000)}`);
  const readers = (statements: string[]) => statements.filter((statement) => statement.includes('"text"'));
  const without = await statementsDuring(() => eulas());
  const withTexts = await statementsDuring(() => eulas('text'));
  expect(readers(without)).toEqual([]);
  expect(readers(withTexts)).toHaveLength(1);
  expect(withTexts).toHaveLength(without.length + 1);
});
