import { randomUUID } from 'node:crypto';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Known, type KnownImage, type Place } from '../kit/catalog';
import { auditOf, done } from '../kit/components';
import { TestInstances } from '../kit/instances';
import { TestServers, type DefinitionColumns } from '../kit/servers';
import { statementsDuring } from '../kit/statements';
import { commit } from '../kit/version-control';

let api: TestApi;
let catalog: TestCatalog;
let account: TestAccount;
let servers: TestServers;
let instances: TestInstances;
let deployment: Known;
let here: Place;
let there: Place;
/** What revision 2 boots from in `here`. */
let newer: KnownImage;
let template: Data;
/** Supports both clouds. */
let first: Data;
/** Supports only `here`, with another image. */
let second: Data;
/** The MCI that the revisions pin, in its two revisions. */
let mcis: Data[];

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
});
afterAll(() => api.close());

beforeEach(async () => {
  account = await api.account();
  servers = new TestServers(api.dataSource, account);
  instances = new TestInstances(api.dataSource, account);
  deployment = await servers.deployment();
  here = await catalog.place({ cloud: { name: 'Here' } });
  there = await catalog.place({ cloud: { name: 'There' } });
  newer = await catalog.image(here.cloud, { name: 'newer' });
  const mci = await done(account, 'createMultiCloudImage', {
    name: 'base',
    settings: [here.setting, there.setting],
  });
  template = await done(account, 'createServerTemplate', { name: 'web', multiCloudImageIds: [mci.id] });
  first = await commitTemplate(template);
  let edited = await done(account, 'removeMultiCloudImageSetting', {
    multiCloudImageId: mci.id,
    expectedVersion: 1,
    cloudId: there.cloud.id,
  });
  edited = await done(account, 'setMultiCloudImageSetting', {
    multiCloudImageId: mci.id,
    expectedVersion: edited.version,
    ...here.setting,
    imageId: newer.id,
  });
  const rev2 = await commit(account, 'MultiCloudImage', edited);
  const pinned = (await pinsOf(first.id))[0];
  const current = (await templateNow()).version;
  template = await done(account, 'repinServerTemplateMultiCloudImage', {
    serverTemplateId: template.id,
    expectedVersion: current,
    fromId: pinned.id,
    toId: rev2.id,
  });
  second = await commitTemplate(template);
  mcis = [pinned, rev2];
});

const keyOf = (id: string): string => id.slice(4);

const commitTemplate = (head: Data): Promise<Data> =>
  commit(account, 'ServerTemplate', head, 'A commit', true);

async function templateNow(): Promise<Data> {
  const data = await account.query('query($id: ID!) { serverTemplate(id: $id) { version } }', {
    id: template.id,
  });
  return data.serverTemplate;
}

async function pinsOf(id: string): Promise<Data[]> {
  const data = await account.query(
    'query($id: ID!) { serverTemplate(id: $id) { multiCloudImages { multiCloudImage { id } } } }',
    { id },
  );
  return data.serverTemplate.multiCloudImages.map((pin: Data) => pin.multiCloudImage);
}

const UPDATE = `mutation($input: UpdateTemplateRevisionsInput!) { updateTemplateRevisions(input: $input) {
  nextChangedCount instancesChangedCount imagesChangedCount
  preview { name nextChanged instancesChanged imageChanged statusBefore statusAfter item { id } cloud { id }
    imageBefore { resourceUid source value { id } } imageAfter { resourceUid source value { id } }
    advisories { code } }
  userErrors { __typename code message path
    ... on StaleVersionError { currentVersion }
    ... on CloudNotSupportedError { items supportedClouds { id } alternatives { id } } } } }`;

const update = async (input: object, who = account): Promise<Data> =>
  (await who.query(UPDATE, { input })).updateTemplateRevisions;

const itemsOf = (known: readonly Known[], more: object = {}): object[] =>
  known.map(({ id }) => ({ id, expectedVersion: 1, ...more }));

const from = (revision: Data, place = here): DefinitionColumns => ({
  cloudId: place.cloud.key,
  serverTemplateId: keyOf(revision.id),
});

const repeat = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

/** Every row that the update could write. */
async function stored(): Promise<unknown> {
  const tables = ['servers', 'server_arrays', 'instances', 'audit_entries'];
  return Promise.all(
    tables.map((table) =>
      api.dataSource.query(`SELECT * FROM ${table} WHERE account_id = $1 ORDER BY id`, [account.key]),
    ),
  );
}

/** Refused for exactly one reason, with nothing changed; also in a dry run. */
async function refused(input: object): Promise<Data> {
  const before = await stored();
  const nothing = { preview: [], nextChangedCount: 0, instancesChangedCount: 0, imagesChangedCount: 0 };
  const dry = await update({ ...input, dryRun: true });
  const wet = await update(input);
  expect(dry).toEqual(wet);
  expect(wet).toEqual({ ...nothing, userErrors: [expect.anything()] });
  expect(await stored()).toEqual(before);
  return wet.userErrors[0];
}

const nextOf = async (table: 'servers' | 'server_arrays', known: readonly Known[]): Promise<unknown[]> => {
  const rows = await api.dataSource.query(
    `SELECT server_template_id, multi_cloud_image_id, version FROM ${table} WHERE id = ANY ($1)`,
    [known.map(({ key }) => key)],
  );
  return rows.map((row: Data) => [row.server_template_id, row.multi_cloud_image_id, row.version]);
};

const followed = async (known: readonly Known[]): Promise<string[]> => {
  const rows = await api.dataSource.query('SELECT server_template_id FROM instances WHERE id = ANY ($1)', [
    known.map(({ key }) => key),
  ]);
  return rows.map((row: Data) => row.server_template_id);
};

describe('R-8.7: hundreds of servers and arrays', () => {
  test('move next and current at once, with a preview of every image', async () => {
    const some = await servers.servers(deployment, repeat(300, from(first)));
    const arrays = await servers.serverArrays(
      deployment,
      repeat(20, { ...from(first), multiCloudImageId: keyOf(mcis[0].id) }),
    );
    const running = await instances.launch([...some.slice(0, 100), ...arrays, ...arrays]);
    const gone = await instances.launch(arrays, () => ({ state: 'TERMINATED', terminatedAt: new Date() }));
    const ending = await instances.launch(arrays, () => ({ state: 'DECOMMISSIONING' }));
    const input = { toId: second.id, use: 'BOTH', items: itemsOf([...some, ...arrays]) };

    const before = await stored();
    const dry = await update({ ...input, dryRun: true });
    expect(await stored()).toEqual(before);
    const wet = await update(input);
    expect(wet).toEqual(dry);

    expect(wet).toMatchObject({
      userErrors: [],
      nextChangedCount: 320,
      instancesChangedCount: 140,
      imagesChangedCount: 320,
    });
    expect(wet.preview.map((change: Data) => change.item.id)).toEqual(
      [...some, ...arrays].map(({ id }) => id),
    );
    const image = (value: KnownImage) => ({
      resourceUid: value.resourceUid,
      source: 'MULTI_CLOUD_IMAGE',
      value: { id: value.id },
    });
    const change = (one: Known | undefined, instancesChanged: number) => ({
      name: one?.name,
      item: { id: one?.id },
      cloud: { id: here.cloud.id },
      nextChanged: true,
      instancesChanged,
      imageChanged: true,
      imageBefore: image(here.image),
      imageAfter: image(newer),
      statusBefore: 'READY',
      statusAfter: 'READY',
      advisories: [],
    });
    expect(wet.preview[0]).toEqual(change(some[0], 1));
    expect(wet.preview[299]).toEqual(change(some[299], 0));
    expect(wet.preview[300]).toEqual(change(arrays[0], 2));

    const to = keyOf(second.id);
    expect(await nextOf('servers', some)).toEqual(repeat(300, [to, null, 2]));
    expect(await nextOf('server_arrays', arrays)).toEqual(repeat(20, [to, null, 2]));
    expect(await followed(running)).toEqual(repeat(140, to));
    expect(await followed([...gone, ...ending])).toEqual(repeat(40, keyOf(first.id)));

    const audited = (await auditOf(account)).filter(
      ({ action }) => action === 'serverTemplate.updateRevisions',
    );
    expect(audited).toHaveLength(1);
    expect(audited[0]?.changes).toMatchObject({ toId: second.id, use: 'BOTH', items: { length: 320 } });
    expect(audited[0]?.changes.items[300]).toEqual({
      id: arrays[0]?.id,
      from: first.id,
      multiCloudImageId: { before: mcis[0].id, after: null },
      instances: [{ from: first.id, count: 2 }],
    });

    const entries = await auditOf(account);
    const again = await update({
      ...input,
      items: itemsOf([...some, ...arrays], { expectedVersion: 2 }),
    });
    expect(again).toMatchObject({
      userErrors: [],
      nextChangedCount: 0,
      instancesChangedCount: 0,
      imagesChangedCount: 0,
    });
    expect(await nextOf('servers', some)).toEqual(repeat(300, [to, null, 2]));
    expect(await auditOf(account)).toEqual(entries);
  });

  test('takes as many statements as a few', async () => {
    const few = [
      ...(await servers.servers(deployment, [from(first)])),
      ...(await servers.serverArrays(deployment, [from(first)])),
    ];
    const many = [
      ...(await servers.servers(deployment, repeat(300, from(first)))),
      ...(await servers.serverArrays(deployment, repeat(50, from(first)))),
    ];
    await instances.launch([...few, ...many]);
    const count = async (known: readonly Known[]): Promise<number> => {
      const statements = await statementsDuring(async () => {
        const { userErrors } = await update({
          toId: second.id,
          use: 'BOTH',
          items: itemsOf(known, { multiCloudImageId: mcis[1].id }),
        });
        expect(userErrors).toEqual([]);
      });
      return statements.length;
    };
    expect(await count(many)).toBe(await count(few));
  });
});

describe('R-8.4, R-8.7: what moves', () => {
  test('NEXT leaves the running instances alone', async () => {
    const some = await servers.servers(deployment, [from(first)]);
    const running = await instances.launch(some);
    expect(await update({ toId: second.id, use: 'NEXT', items: itemsOf(some) })).toMatchObject({
      nextChangedCount: 1,
      instancesChangedCount: 0,
      imagesChangedCount: 1,
    });
    expect(await nextOf('servers', some)).toEqual([[keyOf(second.id), null, 2]]);
    expect(await followed(running)).toEqual([keyOf(first.id)]);
  });

  test('CURRENT leaves next alone, also its version; the image takes effect at a relaunch', async () => {
    const some = await servers.servers(deployment, [from(first), from(first)]);
    const running = await instances.launch(some.slice(0, 1));
    const payload = await update({ toId: second.id, use: 'CURRENT', items: itemsOf(some) });
    expect(payload).toMatchObject({ nextChangedCount: 0, instancesChangedCount: 1, imagesChangedCount: 0 });
    expect(payload.preview).toMatchObject([
      { nextChanged: false, instancesChanged: 1, imageChanged: false },
      { nextChanged: false, instancesChanged: 0, imageChanged: false },
    ]);
    expect(await nextOf('servers', some)).toEqual(repeat(2, [keyOf(first.id), null, 1]));
    expect(await followed(running)).toEqual([keyOf(second.id)]);
  });

  test('moves to HEAD too, with an MCI for each item, and back to the default of the revision', async () => {
    const some = await servers.servers(deployment, [from(second), from(second)]);
    const [one, two] = some;
    const payload = await update({
      toId: template.id,
      use: 'NEXT',
      items: [
        { id: one?.id, expectedVersion: 1, multiCloudImageId: mcis[0].id },
        { id: two?.id, expectedVersion: 1 },
      ],
    });
    expect(payload.userErrors).toEqual([]);
    expect(payload.preview).toMatchObject([
      {
        imageChanged: true,
        imageAfter: { value: { id: here.image.id } },
        advisories: [{ code: 'HEAD_DEPENDENCY' }, { code: 'MCI_NOT_IN_TEMPLATE' }],
      },
      { imageChanged: false, advisories: [{ code: 'HEAD_DEPENDENCY' }] },
    ]);
    expect(await nextOf('servers', some)).toEqual(
      expect.arrayContaining([
        [keyOf(template.id), keyOf(mcis[0].id), 2],
        [keyOf(template.id), null, 2],
      ]),
    );
    const back = await update({
      toId: template.id,
      use: 'NEXT',
      items: itemsOf(some.slice(0, 1), { expectedVersion: 2, multiCloudImageId: null }),
    });
    expect(back).toMatchObject({ userErrors: [], nextChangedCount: 1, imagesChangedCount: 1 });
  });

  test('what a server overrides stays, and its image does not change', async () => {
    const own = await catalog.image(here.cloud);
    const some = await servers.servers(deployment, [{ ...from(first), imageId: own.key }]);
    const { preview } = await update({ toId: second.id, use: 'NEXT', items: itemsOf(some) });
    expect(preview).toMatchObject([
      { imageChanged: false, imageBefore: { source: 'SERVER' }, imageAfter: { source: 'SERVER' } },
    ]);
  });
});

describe('R-8.7: all or nothing', () => {
  test('R-7.3: CLOUD_NOT_SUPPORTED names the items that the revision does not support', async () => {
    const fine = await servers.servers(deployment, repeat(2, from(first)));
    const some = await servers.servers(
      deployment,
      Array.from({ length: 6 }, (_one, index) => ({ ...from(first, there), name: `far ${index}` })),
    );
    const arrays = await servers.serverArrays(deployment, [{ ...from(first, there), name: 'array' }]);
    const error = await refused({
      toId: second.id,
      use: 'BOTH',
      items: itemsOf([...fine, ...some, ...arrays]),
    });
    expect(error).toEqual({
      __typename: 'CloudNotSupportedError',
      code: 'CLOUD_NOT_SUPPORTED',
      path: ['input', 'items', '2', 'multiCloudImageId'],
      message:
        'The MultiCloud Image that would be used has no setting for the cloud of the server "far 0" in cloud "There", ' +
        'the server "far 1" in cloud "There", the server "far 2" in cloud "There", the server "far 3" in cloud "There", ' +
        'the server "far 4" in cloud "There" and 2 more. ' +
        'Choose another one by `multiCloudImageId`, give it the setting, or leave them out.',
      items: [...some, ...arrays].map(({ id }) => id),
      supportedClouds: [{ id: here.cloud.id }],
      alternatives: [],
    });
    const { userErrors } = await update({
      toId: second.id,
      use: 'BOTH',
      items: [...itemsOf(fine), ...itemsOf([...some, ...arrays], { multiCloudImageId: mcis[0].id })],
    });
    expect(userErrors).toEqual([]);
  });

  test('STALE names the item, with its version', async () => {
    const some = await servers.servers(deployment, repeat(3, from(first)));
    const items = itemsOf(some);
    items[1] = { id: some[1]?.id, expectedVersion: 7 };
    expect(await refused({ toId: second.id, use: 'NEXT', items })).toMatchObject({
      __typename: 'StaleVersionError',
      code: 'STALE',
      currentVersion: 1,
      path: ['input', 'items', '1', 'expectedVersion'],
      message: expect.stringContaining(`"${some[1]?.name}" is at version 1`),
    });
  });

  test('of two at once one moves all, the other is STALE', async () => {
    const some = await servers.servers(deployment, repeat(20, from(first)));
    const input = { toId: second.id, use: 'NEXT', items: itemsOf(some) };
    const payloads = await Promise.all([update(input), update({ ...input, toId: template.id })]);
    const codes = payloads.map(({ userErrors }) => userErrors.map(({ code }: Data) => code));
    expect(codes.toSorted()).toEqual([[], ['STALE']]);
    const winner = codes[0]?.length === 0 ? second : template;
    expect(await nextOf('servers', some)).toEqual(repeat(20, [keyOf(winner.id), null, 2]));
  });

  test('R-8.4: INVALID names what is not on the lineage, by next or by what runs', async () => {
    const [pin] = mcis;
    const stranger = await done(account, 'createServerTemplate', {
      name: 'other',
      multiCloudImageIds: [pin.id],
    });
    const moved = await servers.servers(deployment, [from(first), from(stranger)]);
    const byNext = await refused({ toId: second.id, use: 'BOTH', items: itemsOf(moved) });
    expect(byNext).toMatchObject({ code: 'INVALID', path: ['input', 'items', '1', 'id'] });
    const [array] = await servers.serverArrays(deployment, [from(first)]);
    if (!array) throw new Error('Nothing was defined');
    await instances.launch([array]);
    await instances.launch([array], () => ({ serverTemplateId: keyOf(stranger.id) }));
    for (const use of ['CURRENT', 'BOTH'])
      expect(await refused({ toId: second.id, use, items: itemsOf([array]) })).toMatchObject({
        code: 'INVALID',
        path: ['input', 'items', '0', 'id'],
        message: expect.stringContaining('of another ServerTemplate'),
      });
    const next = await update({ toId: second.id, use: 'NEXT', items: itemsOf([array]) });
    expect(next).toMatchObject({ userErrors: [], nextChangedCount: 1, instancesChangedCount: 0 });
  });

  test('CURRENT takes no MCI', async () => {
    const some = await servers.servers(deployment, [from(first)]);
    const items = itemsOf(some, { multiCloudImageId: mcis[1].id });
    expect(await refused({ toId: second.id, use: 'CURRENT', items })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'items', '0', 'multiCloudImageId'],
    });
  });

  test('1 to 1,000 items, each once and of the right type', async () => {
    const some = await servers.servers(deployment, [from(first)]);
    const input = { toId: second.id, use: 'NEXT' };
    const path = ['input', 'items'];
    expect(await refused({ ...input, items: [] })).toMatchObject({ code: 'INVALID', path });
    const many = Array.from({ length: 1001 }, () => ({ id: `srv_${randomUUID()}`, expectedVersion: 1 }));
    expect(await refused({ ...input, items: many })).toMatchObject({ code: 'LIMIT_EXCEEDED', path });
    expect(await refused({ ...input, items: itemsOf([...some, ...some]) })).toMatchObject({
      code: 'INVALID',
      path: [...path, '1', 'id'],
    });
    expect(await refused({ ...input, items: itemsOf([deployment]) })).toMatchObject({
      code: 'INVALID',
      path: [...path, '0', 'id'],
    });
  });

  test('R-8.7: at most 10,000 running instances at once', async () => {
    const [array] = await servers.serverArrays(deployment, [from(first)]);
    const [model] = await instances.launch(array === undefined ? [] : [array]);
    const copy = (count: number): Promise<unknown> =>
      api.dataSource.query(
        `INSERT INTO instances SELECT copy.* FROM instances AS model, generate_series(1, $2) AS number
           CROSS JOIN LATERAL jsonb_populate_record(model, jsonb_build_object('id', gen_random_uuid(), 'number', number)) AS copy
          WHERE model.id = $1`,
        [model?.key, count],
      );
    await copy(9_999);
    const input = { toId: second.id, use: 'CURRENT', items: itemsOf(array === undefined ? [] : [array]) };
    expect(await update({ ...input, dryRun: true })).toMatchObject({
      userErrors: [],
      instancesChangedCount: 10_000,
    });
    await copy(1);
    const { userErrors } = await update(input);
    expect(userErrors).toMatchObject([
      { code: 'LIMIT_EXCEEDED', path: ['input', 'items'], message: expect.stringContaining('name fewer') },
    ]);
    expect(await update({ ...input, use: 'NEXT' })).toMatchObject({ userErrors: [], nextChangedCount: 1 });
  });

  test('NOT_EDITABLE: a deleted server', async () => {
    const some = await servers.servers(deployment, [{ ...from(first), deletedAt: new Date() }]);
    expect(await refused({ toId: second.id, use: 'NEXT', items: itemsOf(some) })).toMatchObject({
      code: 'NOT_EDITABLE',
      path: ['input', 'items', '0', 'id'],
    });
  });

  test('R-2.2: NOT_FOUND for what is not visible, or deleted', async () => {
    const some = await servers.servers(deployment, [from(first)]);
    const input = { toId: second.id, use: 'NEXT', items: itemsOf(some) };
    const other = await api.account();
    const { userErrors } = await update(input, other);
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'toId'] }]);
    const foreign = await done(other, 'createMultiCloudImage', { name: 'foreign' });
    const items = itemsOf(some, { multiCloudImageId: foreign.id });
    expect(await refused({ ...input, items })).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'items', '0', 'multiCloudImageId'],
    });
    const nobody = [...some, { key: '', name: '', id: `srv_${randomUUID()}` }];
    expect(await refused({ ...input, items: itemsOf(nobody) })).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'items', '1', 'id'],
    });
    await done(account, 'deleteServerTemplate', { id: template.id });
    expect(await refused(input)).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'toId'] });
  });
});
