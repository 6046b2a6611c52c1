import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { auditOf, done, mutationSource, run } from '../kit/components';
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
import { insertServerTemplateRevision } from '../kit/revisions';

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
  define(account, 'createServer', { ...ground.server, ...input });
const MISSING = '00000000-0000-4000-8000-000000000000';

const LIST =
  'query($filter: ServerFilter) { servers(filter: $filter) { totalCount edges { node { id name } } } }';
async function find(filter: object): Promise<string[]> {
  const { servers } = await account.query(LIST, { filter });
  expect(servers.totalCount).toBe(servers.edges.length);
  return servers.edges.map((edge: Data) => edge.node.name);
}

test('R-8.1: is created in a deployment with a cloud and a template', async () => {
  const made = await make({ name: 'web', description: 'serves', tags: ['env:stage=live'] });
  expect(made).toMatchObject({
    id: expect.stringMatching(/^srv_/),
    name: 'web',
    description: 'serves',
    tags: ['env:stage=live'],
    version: 1,
    deployment: { id: ground.deployment.id },
    next: { cloud: { id: ground.place.cloud.id }, serverTemplate: { id: ground.template.id } },
  });
  expect(await readDefined(account, 'server', made.id)).toEqual(made);
  const held = (await readDefined(account, 'deployment', ground.deployment.id)).servers.edges;
  expect(held).toEqual([{ node: { id: made.id, name: 'web' } }]);
  expect((await auditOf(account)).at(-1)).toEqual({
    action: 'server.create',
    changes: {
      name: 'web',
      description: 'serves',
      tags: ['env:stage=live'],
      deploymentId: ground.deployment.id,
      cloudId: ground.place.cloud.id,
      serverTemplateId: ground.template.id,
    },
  });
});

test.each([
  ['name', { name: '' }, 'INVALID'],
  ['description', { description: 'x'.repeat(65_537) }, 'INVALID'],
  ['tags', { tags: ['a:b'] }, 'INVALID'],
  ['deploymentId', { deploymentId: `dep_${MISSING}` }, 'NOT_FOUND'],
  ['cloudId', { cloudId: `cld_${MISSING}` }, 'NOT_FOUND'],
  ['serverTemplateId', { serverTemplateId: `stp_${MISSING}` }, 'NOT_FOUND'],
  ['deploymentId', { deploymentId: `cld_${MISSING}` }, 'INVALID'],
  ['serverTemplateId', { serverTemplateId: 'nonsense' }, 'INVALID'],
])('a bad `%s` is refused by its name: %j', async (field, input, code) => {
  expect(await refused('createServer', { ...ground.server, ...input })).toMatchObject({
    code,
    path: ['input', field],
  });
});

test('R-2.2: a deployment or a private cloud of another account is NOT_FOUND', async () => {
  const other = await makeGround(api.dataSource, await api.account());
  const theirs = { ...ground.server, deploymentId: other.deployment.id };
  expect(await refused('createServer', theirs)).toMatchObject({
    code: 'NOT_FOUND',
    path: ['input', 'deploymentId'],
  });
  const owner = await api.account();
  await api.dataSource.query('UPDATE clouds SET account_id = $1 WHERE id = $2', [
    owner.key,
    other.place.cloud.key,
  ]);
  expect(await refused('createServer', { ...ground.server, cloudId: other.place.cloud.id })).toMatchObject({
    code: 'NOT_FOUND',
    path: ['input', 'cloudId'],
  });
});

test('is renamed, described anew and moved; what is left out stays', async () => {
  const made = await make({ description: 'old' });
  const elsewhere = await define(account, 'createDeployment', { name: 'elsewhere' });
  const moved = await define(account, 'updateServer', {
    id: made.id,
    expectedVersion: 1,
    name: 'new',
    deploymentId: elsewhere.id,
  });
  expect(moved).toEqual({ ...made, name: 'new', deployment: { id: elsewhere.id }, version: 2 });
  expect((await auditOf(account)).at(-1)).toEqual({
    action: 'server.update',
    changes: {
      name: { before: 'server', after: 'new' },
      deploymentId: { before: ground.deployment.id, after: elsewhere.id },
    },
  });
  const entries = await auditOf(account);
  const same = { id: made.id, expectedVersion: 2, name: 'new', deploymentId: elsewhere.id };
  expect(await define(account, 'updateServer', same)).toEqual(moved);
  expect(await auditOf(account)).toEqual(entries);
});

test.each([
  [
    { expectedVersion: 2, name: 'x' },
    { code: 'STALE', currentVersion: 1 },
  ],
  [
    { expectedVersion: 1, name: null },
    { code: 'INVALID', path: ['input', 'name'] },
  ],
  [
    { expectedVersion: 1, deploymentId: null },
    { code: 'INVALID', path: ['input', 'deploymentId'] },
  ],
  [
    { expectedVersion: 1, deploymentId: `dep_${MISSING}` },
    { code: 'NOT_FOUND', path: ['input', 'deploymentId'] },
  ],
])('an update with %j is refused', async (input, error) => {
  const { id } = await make();
  expect(await refused('updateServer', { id, ...input })).toMatchObject(error);
});

test('R-8.1: the cloud never changes, also not through SQL', async () => {
  const made = await make();
  const { cloud } = (await makeGround(api.dataSource, account)).place;
  await expect(
    api.dataSource.query('UPDATE servers SET cloud_id = $1 WHERE id = $2', [cloud.key, made.id.slice(4)]),
  ).rejects.toThrow('the cloud never changes');
});

test('R-8.1: editing next never touches what runs', async () => {
  const made = await make();
  await launch(api.dataSource, account, [made]);
  const frozen = () =>
    api.dataSource.query('SELECT * FROM instances WHERE server_id = $1', [made.id.slice(4)]);
  const before = await frozen();
  await define(account, 'updateServerNext', {
    id: made.id,
    expectedVersion: 1,
    choices: { userData: 'other', imageId: ground.place.image.id },
  });
  expect(before).toHaveLength(1);
  expect(await frozen()).toEqual(before);
});

describe('R-8.5: a clone', () => {
  test('is defined alike under a name of its own, and does not run', async () => {
    const made = await make({
      name: 'web',
      description: 'serves',
      tags: ['a'],
      choices: { userData: 'own', none: ['KERNEL_IMAGE'] },
    });
    await launch(api.dataSource, account, [made]);
    const clone = await define(account, 'cloneServer', { id: made.id });
    expect(clone).toEqual({ ...made, id: clone.id, name: 'web v2' });
    expect(clone.id).not.toBe(made.id);
    expect(await find({ state: 'OPERATIONAL' })).toEqual(['web']);
    const elsewhere = await define(account, 'createDeployment', { name: 'elsewhere' });
    const input = { id: made.id, name: 'other', deploymentId: elsewhere.id };
    expect(await define(account, 'cloneServer', input)).toMatchObject({
      name: 'other',
      deployment: { id: elsewhere.id },
      next: { userData: 'own', none: ['KERNEL_IMAGE'] },
    });
    expect((await define(account, 'cloneServer', { id: made.id })).name).toBe('web v3');
    expect((await auditOf(account)).at(-1)).toEqual({
      action: 'server.clone',
      changes: { clonedFromId: made.id, name: 'web v3', deploymentId: ground.deployment.id },
    });
  });

  test('takes what could not be chosen any more: its resolution tells', async () => {
    const made = await make();
    await done(account, 'deleteServerTemplate', { id: ground.template.id });
    const clone = await define(account, 'cloneServer', { id: made.id });
    expect(clone.next).toEqual(made.next);
  });

  test('into a deployment that is not there, or of nothing, is refused', async () => {
    const { id } = await make();
    expect(await refused('cloneServer', { id, deploymentId: `dep_${MISSING}` })).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'deploymentId'],
    });
    expect(await refused('cloneServer', { id: `srv_${MISSING}` })).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'id'],
    });
    expect(await refused('cloneServer', { id, name: ' ' })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'name'],
    });
  });
});

describe('a deletion', () => {
  test.each(['PENDING', 'BOOTING', 'OPERATIONAL', 'STRANDED', 'DECOMMISSIONING'] as const)(
    'is refused while an instance is %s',
    async (state) => {
      const made = await make();
      await launch(api.dataSource, account, [made], { state });
      expect(await refused('deleteServer', { id: made.id })).toMatchObject({
        code: 'ALREADY_RUNNING',
        path: ['input', 'id'],
        message: 'The server has 1 running instance: terminate first, and delete once nothing runs.',
      });
    },
  );

  test('keeps the server for those who ask for deleted ones', async () => {
    const made = await make();
    await launch(api.dataSource, account, [made], { state: 'TERMINATED', terminatedAt: new Date() });
    expect(await define(account, 'deleteServer', { id: made.id })).toBe(made.id);
    expect(await find({})).toEqual([]);
    expect(await find({ includeDeleted: true })).toEqual(['server']);
    expect(await readDefined(account, 'server', made.id)).toEqual({
      ...made,
      deletedAt: expect.any(String),
    });
    expect((await auditOf(account)).at(-1)).toEqual({ action: 'server.delete', changes: { name: 'server' } });
    for (const [name, input, code] of [
      ['deleteServer', {}, 'NOT_FOUND'],
      ['cloneServer', {}, 'NOT_FOUND'],
      ['updateServer', { expectedVersion: 1, name: 'x' }, 'NOT_EDITABLE'],
      ['updateServerNext', { expectedVersion: 1, choices: { userData: 'x' } }, 'NOT_EDITABLE'],
    ] as const)
      expect(await refused(name, { id: made.id, ...input })).toMatchObject({ code, path: ['input', 'id'] });
  });
});

describe('servers are found', () => {
  test('by name, words, tag, deployment, cloud, template, lineage and state', async () => {
    const elsewhere = await define(account, 'createDeployment', { name: 'elsewhere' });
    const second = await makeGround(api.dataSource, account);
    const revision = await insertServerTemplateRevision(api.dataSource, ground.template.id);
    await make({ name: 'Web one', description: 'front', tags: ['env:stage=live'] });
    const two = await make({ name: 'Web two', description: 'back', deploymentId: elsewhere.id });
    const three = await make({ name: 'Database', serverTemplateId: revision });
    await define(account, 'createServer', { ...second.server, name: 'Cache' });
    await launch(api.dataSource, account, [two]);
    await launch(api.dataSource, account, [two], { state: 'DECOMMISSIONING' });
    const ended = { state: 'TERMINATED', terminatedAt: new Date() } as const;
    await launch(api.dataSource, account, [two, three], ended);

    expect(await find({})).toEqual(['Cache', 'Database', 'Web one', 'Web two']);
    expect(await find({ name: 'WEB' })).toEqual(['Web one', 'Web two']);
    expect(await find({ search: 'front web' })).toEqual(['Web one']);
    expect(await find({ tag: 'env:stage=*' })).toEqual(['Web one']);
    expect(await find({ deploymentId: elsewhere.id })).toEqual(['Web two']);
    expect(await find({ cloudId: second.place.cloud.id })).toEqual(['Cache']);
    expect(await find({ serverTemplateId: revision })).toEqual(['Database']);
    expect(await find({ serverTemplateId: ground.template.id })).toEqual(['Web one', 'Web two']);
    expect(await find({ lineageId: ground.template.lineageId })).toEqual(['Database', 'Web one', 'Web two']);
    expect(await find({ state: 'OPERATIONAL' })).toEqual(['Web two']);
    expect(await find({ state: 'DECOMMISSIONING' })).toEqual(['Web two']);
    expect(await find({ state: 'TERMINATED' })).toEqual(['Database']);
    expect(await find({ state: 'PENDING' })).toEqual([]);
    expect(await find({ name: 'web', deploymentId: ground.deployment.id })).toEqual(['Web one']);
  });

  test('R-2.2: only in their own account', async () => {
    const made = await make();
    const other = await api.account();
    expect((await other.query(LIST, {})).servers).toEqual({ totalCount: 0, edges: [] });
    expect(await readDefined(other, 'server', made.id)).toBeNull();
    for (const [name, input] of [
      ['updateServer', { expectedVersion: 1, name: 'x' }],
      ['updateServerNext', { expectedVersion: 1 }],
      ['cloneServer', {}],
      ['deleteServer', {}],
    ] as const) {
      const refusal = (id: string) => refusedDefinition(api.dataSource, other, name, { id, ...input });
      const hidden = await refusal(made.id);
      expect(hidden).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'id'] });
      expect(hidden).toEqual(await refusal(`srv_${MISSING}`));
    }
  });
});

describe('R-10.1: tags', () => {
  test.each([
    ['Deployment', 'deployment'],
    ['Server', 'server'],
    ['ServerArray', 'serverArray'],
  ] as const)('of a %s are added and removed, with the version or without', async (type, field) => {
    const input = type === 'Deployment' ? { name: 'd' } : ground[field];
    const made = await define(account, `create${type}`, { ...input, tags: ['Raw'] });
    const added = await run(account, 'addTags', { id: made.id, tags: ['raw', 'ns:p=v'] });
    expect(added).toEqual({
      node: { id: made.id, __typename: type },
      tags: ['Raw', 'ns:p=v'],
      userErrors: [],
    });
    const removed = await run(account, 'removeTags', { id: made.id, tags: ['RAW'], expectedVersion: 2 });
    expect(removed.tags).toEqual(['ns:p=v']);
    expect(await readDefined(account, field, made.id)).toMatchObject({ tags: ['ns:p=v'], version: 3 });
    const stale = await run(account, 'addTags', { id: made.id, tags: ['x'], expectedVersion: 2 });
    expect(stale.userErrors).toMatchObject([{ code: 'STALE', currentVersion: 3 }]);
    expect((await run(account, 'addTags', { id: made.id, tags: ['NS:P=V'] })).userErrors).toMatchObject([
      { code: 'INVALID', path: ['input', 'tags'] },
    ]);
    expect((await auditOf(account)).slice(-2)).toEqual([
      { action: `${field}.addTags`, changes: { tags: { before: ['Raw'], after: ['Raw', 'ns:p=v'] } } },
      { action: `${field}.removeTags`, changes: { tags: { before: ['Raw', 'ns:p=v'], after: ['ns:p=v'] } } },
    ]);
  });

  test('R-2.1: need an actor, of whatever is visible to it', async () => {
    const { id } = await make();
    const input = { id, tags: ['x'] };
    const answer = await api.request(await account.tokenWith(...ALL_BUT_ACTOR), mutationSource('addTags'), {
      input,
    });
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    const hidden = await run(await api.account(), 'addTags', input);
    expect(hidden.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'id'] }]);
    expect((await readDefined(account, 'server', id)).tags).toEqual([]);
  });
});

test('R-2.1: only an actor may', async () => {
  const { id } = await make();
  const entries = await auditOf(account);
  const token = await account.tokenWith(...ALL_BUT_ACTOR);
  for (const [name, input] of [
    ['createServer', ground.server],
    ['updateServer', { id, expectedVersion: 1, name: 'x' }],
    ['updateServerNext', { id, expectedVersion: 1, choices: { userData: 'x' } }],
    ['cloneServer', { id }],
    ['deleteServer', { id }],
  ] as const) {
    const answer = await api.request(token, definitionMutation(name), { input });
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  }
  expect(await auditOf(account)).toEqual(entries);
});
