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
} from '../kit/definitions';

let api: TestApi;
let account: TestAccount;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

const refused = (name: string, input: object): Promise<Data> =>
  refusedDefinition(api.dataSource, account, name, input);
const names = (connection: Data): string[] => connection.edges.map((edge: Data) => edge.node.name);
const MISSING = 'dep_00000000-0000-4000-8000-000000000000';

test('R-2.4: a deployment is created, and the audit log tells so', async () => {
  const made = await define(account, 'createDeployment', {
    name: 'web',
    description: 'all of it',
    tags: ['env:stage=live'],
  });
  expect(made).toEqual({
    id: expect.stringMatching(/^dep_/),
    name: 'web',
    description: 'all of it',
    tags: ['env:stage=live'],
    version: 1,
    deletedAt: null,
    servers: { edges: [] },
    serverArrays: { edges: [] },
  });
  expect(await readDefined(account, 'deployment', made.id)).toEqual(made);
  expect(await auditOf(account)).toEqual([
    {
      action: 'deployment.create',
      changes: { name: 'web', description: 'all of it', tags: ['env:stage=live'] },
    },
  ]);
});

test('is renamed and described anew; what is left out stays', async () => {
  const made = await define(account, 'createDeployment', { name: 'web', description: 'old' });
  const renamed = await define(account, 'updateDeployment', {
    id: made.id,
    expectedVersion: 1,
    name: 'shop',
  });
  expect(renamed).toEqual({ ...made, name: 'shop', version: 2 });
  const cleared = await define(account, 'updateDeployment', {
    id: made.id,
    expectedVersion: 2,
    description: null,
  });
  expect(cleared).toEqual({ ...renamed, description: null, version: 3 });
  expect((await auditOf(account)).slice(1)).toEqual([
    { action: 'deployment.update', changes: { name: { before: 'web', after: 'shop' } } },
    { action: 'deployment.update', changes: { description: { before: 'old', after: null } } },
  ]);
});

test('R-2.4: an update that changes nothing leaves no trace', async () => {
  const made = await define(account, 'createDeployment', { name: 'web' });
  const same = { id: made.id, expectedVersion: 1, name: 'web', description: null };
  expect(await define(account, 'updateDeployment', same)).toEqual(made);
  expect(await auditOf(account)).toHaveLength(1);
});

test.each([
  [
    { expectedVersion: 7, name: 'x' },
    { code: 'STALE', currentVersion: 1, path: ['input', 'expectedVersion'] },
  ],
  [
    { expectedVersion: 1, name: null },
    { code: 'INVALID', path: ['input', 'name'] },
  ],
  [
    { expectedVersion: 1, name: ' ' },
    { code: 'INVALID', path: ['input', 'name'] },
  ],
  [
    { expectedVersion: 1, name: 'x'.repeat(256) },
    { code: 'INVALID', path: ['input', 'name'] },
  ],
])('an update with %j is refused', async (input, error) => {
  const { id } = await define(account, 'createDeployment', { name: 'web' });
  expect(await refused('updateDeployment', { id, ...input })).toMatchObject(error);
});

test('is deleted once it holds nothing; servers and arrays in it are named until then', async () => {
  const ground = await makeGround(api.dataSource, account);
  const { id } = ground.deployment;
  const server = await define(account, 'createServer', ground.server);
  const array = await define(account, 'createServerArray', ground.serverArray);
  expect(await refused('deleteDeployment', { id })).toEqual({
    __typename: 'DeploymentInUseError',
    code: 'IN_USE',
    message:
      'The deployment still has servers or server arrays: delete them, or move them to another deployment.',
    path: ['input', 'id'],
    servers: [{ id: server.id }],
    serverArrays: [{ id: array.id }],
  });
  await define(account, 'deleteServer', { id: server.id });
  expect(await refused('deleteDeployment', { id })).toMatchObject({
    servers: [],
    serverArrays: [{ id: array.id }],
  });
  await define(account, 'deleteServerArray', { id: array.id });
  expect(await define(account, 'deleteDeployment', { id })).toBe(id);
  expect((await auditOf(account)).at(-1)).toEqual({
    action: 'deployment.delete',
    changes: { name: 'deployment' },
  });
});

test('a deleted one is only found when asked for, and takes nothing more', async () => {
  const { deployment, ...ground } = await makeGround(api.dataSource, account);
  const { id } = deployment;
  await define(account, 'deleteDeployment', { id });
  const LIST =
    'query($all: Boolean) { deployments(filter: { includeDeleted: $all }) { edges { node { id } } } }';
  expect((await account.query(LIST, {})).deployments.edges).toEqual([]);
  expect((await account.query(LIST, { all: true })).deployments.edges).toEqual([{ node: { id } }]);
  expect(await readDefined(account, 'deployment', id)).toMatchObject({ deletedAt: expect.any(String) });
  expect(await refused('deleteDeployment', { id })).toMatchObject({
    code: 'NOT_FOUND',
    path: ['input', 'id'],
  });
  expect(await refused('cloneDeployment', { id })).toMatchObject({
    code: 'NOT_FOUND',
    path: ['input', 'id'],
  });
  expect(await refused('updateDeployment', { id, expectedVersion: 1, name: 'x' })).toMatchObject({
    code: 'NOT_EDITABLE',
    path: ['input', 'id'],
  });
  expect(await refused('createServer', ground.server)).toMatchObject({
    code: 'NOT_FOUND',
    path: ['input', 'deploymentId'],
  });
});

test('a deletion and a new server at once: one of them is refused', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { deployment, ...ground } = await makeGround(api.dataSource, account);
    const [deletion, creation] = await Promise.all([
      account.query(definitionMutation('deleteDeployment'), { input: { id: deployment.id } }),
      account.query(definitionMutation('createServer'), { input: ground.server }),
    ]);
    const codes = [deletion.deleteDeployment, creation.createServer].map(({ userErrors }) =>
      userErrors.map(({ code }: Data) => code),
    );
    expect([
      [[], ['NOT_FOUND']],
      [['IN_USE'], []],
    ]).toContainEqual(codes);
  }
});

describe('R-8.5: a clone', () => {
  test('has all servers as they are defined, no arrays, and none of it runs', async () => {
    const ground = await makeGround(api.dataSource, account);
    const { deployment } = ground;
    await define(account, 'updateDeployment', {
      id: deployment.id,
      expectedVersion: 1,
      description: 'described',
    });
    const kept = await define(account, 'createServer', {
      ...ground.server,
      name: 'kept',
      description: 'a server',
      tags: ['a:b=c'],
      choices: { imageId: ground.place.image.id, userData: 'own', none: ['KERNEL_IMAGE'] },
    });
    await launch(api.dataSource, account, [kept]);
    await define(account, 'createServerArray', ground.serverArray);
    const gone = await define(account, 'createServer', { ...ground.server, name: 'gone' });
    await define(account, 'deleteServer', { id: gone.id });

    const clone = await define(account, 'cloneDeployment', { id: deployment.id });
    expect(clone).toMatchObject({
      name: 'deployment v2',
      description: 'described',
      version: 1,
      serverArrays: { edges: [] },
    });
    expect(names(clone.servers)).toEqual(['kept']);
    const copied = await readDefined(account, 'server', clone.servers.edges[0].node.id);
    expect(copied).toEqual({ ...kept, id: copied.id, deployment: { id: clone.id } });
    expect(copied.id).not.toBe(kept.id);
    const [{ running }] = await api.dataSource.query(
      'SELECT count(*)::int AS running FROM instances WHERE server_id = $1',
      [copied.id.slice(4)],
    );
    expect(running).toBe(0);
    expect((await auditOf(account)).at(-1)).toEqual({
      action: 'deployment.clone',
      changes: { clonedFromId: deployment.id, name: 'deployment v2', servers: 1 },
    });
    const unchanged = await readDefined(account, 'deployment', deployment.id);
    expect([names(unchanged.servers), names(unchanged.serverArrays)]).toEqual([['kept'], ['array']]);
  });

  test('R-6.4: gets the name that it is given, else counts on', async () => {
    const { id } = await define(account, 'createDeployment', { name: 'web v8' });
    expect((await define(account, 'cloneDeployment', { id, name: 'other' })).name).toBe('other');
    expect((await define(account, 'cloneDeployment', { id })).name).toBe('web v9');
    expect((await define(account, 'cloneDeployment', { id })).name).toBe('web v10');
    expect(await refused('cloneDeployment', { id, name: '' })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'name'],
    });
  });
});

test('R-10.1: deployments are found by name and tag, in the order of their names', async () => {
  await define(account, 'createDeployment', { name: 'Web two', tags: ['env:stage=live'] });
  await define(account, 'createDeployment', { name: 'Web one', tags: ['env:stage=test'] });
  await define(account, 'createDeployment', { name: 'Database', tags: ['raw'] });
  const find = async (filter: object): Promise<string[]> =>
    names(
      (
        await account.query(
          'query($filter: DeploymentFilter) { deployments(filter: $filter) { edges { node { name } } } }',
          { filter },
        )
      ).deployments,
    );
  expect(await find({})).toEqual(['Database', 'Web one', 'Web two']);
  expect(await find({ name: 'web' })).toEqual(['Web one', 'Web two']);
  expect(await find({ tag: 'env:stage=*' })).toEqual(['Web one', 'Web two']);
  expect(await find({ tag: 'env:stage=live', name: 'WEB' })).toEqual(['Web two']);
});

test('R-2.2: what another account has is as if it did not exist', async () => {
  const other = await api.account();
  const { id } = await define(other, 'createDeployment', { name: 'theirs' });
  expect(await readDefined(account, 'deployment', id)).toBeNull();
  expect((await account.query('{ deployments { totalCount } }')).deployments.totalCount).toBe(0);
  for (const [name, input] of [
    ['updateDeployment', { expectedVersion: 1, name: 'x' }],
    ['deleteDeployment', {}],
    ['cloneDeployment', {}],
  ] as const) {
    const hidden = await refused(name, { id, ...input });
    expect(hidden).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'id'] });
    expect(hidden).toEqual(await refused(name, { id: MISSING, ...input }));
  }
});

test('R-2.1: only an actor may', async () => {
  const { id } = await define(account, 'createDeployment', { name: 'web' });
  const token = await account.tokenWith(...ALL_BUT_ACTOR);
  for (const [name, input] of [
    ['createDeployment', { name: 'x' }],
    ['updateDeployment', { id, expectedVersion: 1, name: 'x' }],
    ['cloneDeployment', { id }],
    ['deleteDeployment', { id }],
  ] as const) {
    const answer = await api.request(token, definitionMutation(name), { input });
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  }
  expect(await auditOf(account)).toHaveLength(1);
});
