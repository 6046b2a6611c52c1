import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { auditOf } from '../kit/components';
import {
  ALL_BUT_ACTOR,
  define,
  definitionMutation,
  launch,
  makeGround,
  readDefined,
  refusedDefinition,
  type Ground,
} from '../kit/definitions';

let api: TestApi;
let account: TestAccount;
let ground: Ground;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
  ground = await makeGround(api.dataSource, account);
});

const refused = (name: string, input: object): Promise<Data> =>
  refusedDefinition(api.dataSource, account, name, input);
const make = (input: object = {}): Promise<Data> =>
  define(account, 'createServerArray', { ...ground.serverArray, ...input });

const LIST =
  'query($filter: ServerFilter) { serverArrays(filter: $filter) { totalCount edges { node { name } } } }';
async function find(filter: object): Promise<string[]> {
  const { serverArrays } = await account.query(LIST, { filter });
  return serverArrays.edges.map((edge: Data) => edge.node.name);
}

test('R-8.5: is created with how many instances it has at least and at most', async () => {
  const made = await make({ tags: ['a'], choices: { userData: 'own' } });
  expect(made).toMatchObject({
    id: expect.stringMatching(/^arr_/),
    name: 'array',
    tags: ['a'],
    version: 1,
    minCount: 1,
    maxCount: 3,
    deployment: { id: ground.deployment.id },
    next: {
      cloud: { id: ground.place.cloud.id },
      userData: 'own',
      resolution: { userData: { value: 'own', source: 'SERVER_ARRAY' } },
    },
  });
  expect(await readDefined(account, 'serverArray', made.id)).toEqual(made);
  expect((await auditOf(account)).at(-1)).toEqual({
    action: 'serverArray.create',
    changes: {
      name: 'array',
      description: null,
      tags: ['a'],
      deploymentId: ground.deployment.id,
      cloudId: ground.place.cloud.id,
      serverTemplateId: ground.template.id,
      userDataBytes: 3,
      minCount: 1,
      maxCount: 3,
    },
  });
});

const BAD_COUNTS: [object, object][] = [
  [{ minCount: -1 }, { code: 'INVALID', path: ['input', 'minCount'] }],
  [{ minCount: 4 }, { code: 'INVALID', path: ['input', 'maxCount'] }],
  [{ maxCount: 0 }, { code: 'INVALID', path: ['input', 'maxCount'] }],
  [{ maxCount: 1001 }, { code: 'LIMIT_EXCEEDED', path: ['input', 'maxCount'] }],
];

test.each(BAD_COUNTS)('R-8.5: counts of %j are refused', async (counts, error) => {
  expect(await refused('createServerArray', { ...ground.serverArray, ...counts })).toMatchObject(error);
  const { id } = await make();
  expect(await refused('updateServerArray', { id, expectedVersion: 1, ...counts })).toMatchObject(error);
});

test('none at least and a thousand at most are counts', async () => {
  expect(await make({ minCount: 0, maxCount: 0 })).toMatchObject({ minCount: 0, maxCount: 0 });
  expect(await make({ minCount: 1000, maxCount: 1000 })).toMatchObject({ minCount: 1000, maxCount: 1000 });
});

test('is renamed, described anew, moved and counted anew; what is left out stays', async () => {
  const made = await make({ description: 'old' });
  const elsewhere = await define(account, 'createDeployment', { name: 'elsewhere' });
  const changed = await define(account, 'updateServerArray', {
    id: made.id,
    expectedVersion: 1,
    name: 'new',
    description: null,
    minCount: 2,
    maxCount: 5,
    deploymentId: elsewhere.id,
  });
  expect(changed).toEqual({
    ...made,
    name: 'new',
    description: null,
    minCount: 2,
    maxCount: 5,
    deployment: { id: elsewhere.id },
    version: 2,
  });
  expect((await auditOf(account)).at(-1)).toEqual({
    action: 'serverArray.update',
    changes: {
      name: { before: 'array', after: 'new' },
      description: { before: 'old', after: null },
      minCount: { before: 1, after: 2 },
      maxCount: { before: 3, after: 5 },
      deploymentId: { before: ground.deployment.id, after: elsewhere.id },
    },
  });
  const one = await define(account, 'updateServerArray', { id: made.id, expectedVersion: 2, maxCount: 2 });
  expect(one).toEqual({ ...changed, maxCount: 2, version: 3 });
  const entries = await auditOf(account);
  const same = { id: made.id, expectedVersion: 3, minCount: 2, maxCount: 2, name: 'new' };
  expect(await define(account, 'updateServerArray', same)).toEqual(one);
  expect(await auditOf(account)).toEqual(entries);
});

test.each([
  [
    { expectedVersion: 3, name: 'x' },
    { code: 'STALE', currentVersion: 1 },
  ],
  [
    { expectedVersion: 1, minCount: null },
    { code: 'INVALID', path: ['input', 'minCount'] },
  ],
  [
    { expectedVersion: 1, maxCount: null },
    { code: 'INVALID', path: ['input', 'maxCount'] },
  ],
])('an update with %j is refused', async (input, error) => {
  const { id } = await make();
  expect(await refused('updateServerArray', { id, ...input })).toMatchObject(error);
});

test('a maximum below what runs ends nothing', async () => {
  const made = await make();
  await launch(api.dataSource, account, [made, made, made]);
  const lowered = { id: made.id, expectedVersion: 1, minCount: 0, maxCount: 1 };
  expect(await define(account, 'updateServerArray', lowered)).toMatchObject({ maxCount: 1 });
  const [{ running }] = await api.dataSource.query(
    "SELECT count(*)::int AS running FROM instances WHERE server_array_id = $1 AND state = 'OPERATIONAL'",
    [made.id.slice(4)],
  );
  expect(running).toBe(3);
});

test('is deleted once nothing of it runs', async () => {
  const made = await make();
  await launch(api.dataSource, account, [made, made]);
  expect(await refused('deleteServerArray', { id: made.id })).toMatchObject({
    code: 'ALREADY_RUNNING',
    path: ['input', 'id'],
    message: 'The server array has 2 running instances: terminate first, and delete once nothing runs.',
  });
  await api.dataSource.query("UPDATE instances SET state = 'TERMINATED', terminated_at = now()");
  expect(await define(account, 'deleteServerArray', { id: made.id })).toBe(made.id);
  expect(await find({})).toEqual([]);
  expect(await find({ includeDeleted: true })).toEqual(['array']);
  expect(await refused('deleteServerArray', { id: made.id })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await refused('updateServerArray', { id: made.id, expectedVersion: 1, name: 'x' })).toMatchObject({
    code: 'NOT_EDITABLE',
  });
});

test("R-8.5: arrays can't be cloned", async () => {
  const { __schema } = await account.query('{ __schema { mutationType { fields { name } } } }');
  const clones = __schema.mutationType.fields
    .map(({ name }: Data) => name)
    .filter((name: string) => name.startsWith('clone'));
  expect(clones.toSorted()).toEqual([
    'cloneDeployment',
    'cloneMultiCloudImage',
    'cloneRightScript',
    'cloneServer',
    'cloneServerTemplate',
  ]);
});

test('are found by the same filter as servers', async () => {
  const elsewhere = await define(account, 'createDeployment', { name: 'elsewhere' });
  await make({ name: 'Web one', description: 'front', tags: ['env:stage=live'] });
  const two = await make({ name: 'Web two', deploymentId: elsewhere.id });
  await launch(api.dataSource, account, [two, two]);
  await define(account, 'createServer', { ...ground.server, name: 'no array' });
  expect(await find({})).toEqual(['Web one', 'Web two']);
  expect(await find({ search: 'front' })).toEqual(['Web one']);
  expect(await find({ tag: 'env:stage=live' })).toEqual(['Web one']);
  expect(await find({ deploymentId: elsewhere.id })).toEqual(['Web two']);
  expect(await find({ state: 'OPERATIONAL' })).toEqual(['Web two']);
  expect(await find({ lineageId: ground.template.lineageId, cloudId: ground.place.cloud.id })).toEqual([
    'Web one',
    'Web two',
  ]);
});

test('R-2.2, R-2.1: only an actor of the account may, and nobody else sees it', async () => {
  const { id } = await make();
  const other = await api.account();
  expect(await readDefined(other, 'serverArray', id)).toBeNull();
  expect((await other.query(LIST, {})).serverArrays.totalCount).toBe(0);
  const entries = await auditOf(account);
  const token = await account.tokenWith(...ALL_BUT_ACTOR);
  for (const [name, input] of [
    ['createServerArray', ground.serverArray],
    ['updateServerArray', { id, expectedVersion: 1, name: 'x' }],
    ['updateServerArrayNext', { id, expectedVersion: 1, choices: { userData: 'x' } }],
    ['deleteServerArray', { id }],
  ] as const) {
    const answer = await api.request(token, definitionMutation(name), { input });
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    if (name !== 'createServerArray')
      expect(await refusedDefinition(api.dataSource, other, name, input)).toMatchObject({
        code: 'NOT_FOUND',
        path: ['input', 'id'],
      });
  }
  expect(await auditOf(account)).toEqual(entries);
});
