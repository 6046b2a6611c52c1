import { randomUUID } from 'node:crypto';
import { getNamedType, isObjectType } from 'graphql';
import { PublicationComment } from '../../src/entities/publication-feedback';
import { createSchema } from '../../src/schema';
import { startApi, type Answer, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Known } from '../kit/catalog';
import { done } from '../kit/components';
import { asked, bring, groupOf, organize, publish } from '../kit/marketplace';
import {
  insertMultiCloudImageRevision,
  insertRightScriptRevision,
  insertServerTemplateRevision,
} from '../kit/revisions';
import { seedComponents, type Seeded } from '../kit/seed';
import { TestServers } from '../kit/servers';
import { commit } from '../kit/version-control';

let api: TestApi;
let account: TestAccount;
let seeded: Seeded;
/** Holds servers and arrays of one name, which launch from the first template. */
let deployment: Known;
let servers: { server: Known; serverArray: Known } | undefined;
/** Offered to a group with several members, and commented on. */
let publication: Data;
let accountGroupId: string;

beforeAll(async () => {
  api = await startApi();
  account = await api.account();
  seeded = await seedComponents(api.dataSource, account, 3);
  await fill();
  await fillMarketplace();
}, 120_000);
afterAll(() => api.close());

/** Entries of a lineage's history, each with a message of its own. */
const insertHistory = (lineageId: string | undefined, type: string): Promise<unknown> =>
  api.dataSource.query(
    `INSERT INTO history_entries (account_id, lineage_id, number, component_type, event, component_id, message, at)
     SELECT $1, $2, number, $3, 'COMMITTED', gen_random_uuid(), 'commit ' || number, now()
     FROM generate_series(1, 5) AS number`,
    [account.key, lineageId, type],
  );

/** At least three rows in every list, and ties in every order. */
async function fill(): Promise<void> {
  const catalog = new TestCatalog(api.dataSource);
  const [home] = seeded.places;
  const [mci] = seeded.multiCloudImages;
  const [template] = seeded.serverTemplates;
  const [script] = seeded.rightScripts;
  if (!home || !mci || !template || !script) throw new Error('Nothing was seeded');
  await insertHistory(seeded.lineages.multiCloudImages[0], 'MultiCloudImage');
  await insertHistory(seeded.lineages.serverTemplates[0], 'ServerTemplate');
  await insertHistory(seeded.lineages.rightScripts[0], 'RightScript');
  const definitions = new TestServers(api.dataSource, account);
  deployment = await definitions.deployment({ name: 'twin' });
  for (let index = 0; index < 3; index++) await definitions.deployment({ name: 'twin' });
  const twin = { name: 'twin', cloudId: home.cloud.key, serverTemplateId: template.slice(4) };
  const [server] = await definitions.servers(deployment, [twin, twin, twin, { ...twin, name: 'other' }]);
  const [serverArray] = await definitions.serverArrays(deployment, [twin, twin, twin]);
  if (!server || !serverArray) throw new Error('No servers were made');
  servers = { server, serverArray };
  // Of the server all but one have ended: it has one current instance at a time.
  const launched = {
    ...twin,
    imageId: seeded.images[0]?.key ?? '',
    instanceTypeId: home.type.key,
    launchedAt: new Date('2026-01-01T00:00:00.123Z'),
  };
  const ended = { ...launched, state: 'TERMINATED' as const, terminatedAt: new Date() };
  const machines = await definitions.instances([
    ...[launched, ended, ended, ended].map((columns) => ({ ...columns, serverId: server.key })),
    ...[launched, launched, launched, ended].map((columns) => ({
      ...columns,
      serverArrayId: serverArray.key,
    })),
  ]);
  for (const machine of machines) await definitions.launchOrder(machine, { createdAt: launched.launchedAt });
  const publishedAt = new Date('2026-01-01T00:00:00.123Z');
  for (let index = 0; index < 3; index++) {
    await catalog.image(home.cloud, { name: 'twin', publishedAt });
    await catalog.instanceType(home.cloud, { name: 'twin', resourceUid: `twin ${index}` });
    await insertMultiCloudImageRevision(api.dataSource, mci);
    await insertServerTemplateRevision(api.dataSource, template);
    await insertRightScriptRevision(api.dataSource, script);
    const answer = await account.query(
      `mutation($input: CreateUserInput!) { createUser(input: $input) { userErrors { message } } }`,
      { input: { email: `person${index}@example.org`, name: 'Person', roles: ['OBSERVER'] } },
    );
    expect(answer.createUser.userErrors).toEqual([]);
    await account.tokenWith('OBSERVER');
    // Every template names the first MCI, too, and so all of them use the first image.
    const [templateKey, mciKey] = [seeded.serverTemplates[index]?.slice(4), mci.slice(4)];
    if (index > 0)
      await api.dataSource.query(
        `INSERT INTO server_template_multi_cloud_images (server_template_id, mci_lineage_id, multi_cloud_image_id, position)
         VALUES ($1, $2, $3, 9)`,
        [templateKey, seeded.lineages.multiCloudImages[0], mciKey],
      );
  }
}

/** Groups, their members and what is offered to them, comments and licences; no list is shorter than three rows. */
async function fillMarketplace(): Promise<void> {
  await organize(account);
  const members = await Promise.all([1, 2, 3].map(() => api.account()));
  accountGroupId = await groupOf(account, members, 'twin');
  for (let index = 0; index < 3; index++) {
    await groupOf(account, [], 'twin');
    await asked(account, 'createEula', { name: 'twin', text: `text ${index}` });
    const script = await done(account, 'createRightScript', { name: 'twin', source: 'true' });
    const committed = await commit(account, 'RightScript', script);
    publication = await publish(account, 'RightScript', committed, { groups: [accountGroupId] });
  }
  const other = await api.account();
  await organize(other);
  for (let index = 0; index < 3; index++) {
    const script = await done(other, 'createRightScript', { name: 'twin', source: 'true' });
    await bring(account, await publish(other, 'RightScript', await commit(other, 'RightScript', script)));
  }
  await api.dataSource.query("UPDATE imported_versions SET imported_at = '2026-01-01T00:00:00.123Z'");
  await api.dataSource.manager.insert(
    PublicationComment,
    [1, 2, 3].map((index) => ({
      id: randomUUID(),
      publicationId: publication.id.slice(4),
      accountId: account.key,
      userId: null,
      text: `comment ${index}`,
      createdAt: new Date('2026-01-01T00:00:00.123Z'),
    })),
  );
}

/** A list as a query reaches it: from the root, or from a node. */
interface List {
  readonly field: string;
  readonly of?: { readonly type: string; readonly id: () => string | undefined; readonly through?: string };
  readonly args?: string;
  /** What tells its nodes apart. */
  readonly key?: string;
}

const MCI = { type: 'MultiCloudImage', id: () => seeded.multiCloudImages[0] };
const TEMPLATE = { type: 'ServerTemplate', id: () => seeded.serverTemplates[0] };
const SCRIPT = { type: 'RightScript', id: () => seeded.rightScripts[0] };
const CLOUD = { type: 'Cloud', id: () => seeded.places[0]?.cloud.id };
const SERVER = { type: 'Server', id: () => servers?.server.id };
const ARRAY = { type: 'ServerArray', id: () => servers?.serverArray.id };
const DEPLOYMENT = { type: 'Deployment', id: () => deployment?.id };
const GROUP = { type: 'AccountGroup', id: () => accountGroupId };
const PUBLICATION = { type: 'Publication', id: (): string => publication.id };
const USAGE = { type: 'CloudImage', id: () => seeded.images[0]?.id, through: 'usedBy' };

const LISTS: Record<string, List> = {
  'Query.accessTokens': { field: 'accessTokens' },
  'Query.accountGroups': { field: 'accountGroups' },
  'Query.auditEntries': { field: 'auditEntries' },
  'Query.cloudImages': { field: 'cloudImages' },
  'Query.clouds': { field: 'clouds' },
  'Query.deployments': { field: 'deployments' },
  'Query.eulas': { field: 'eulas' },
  'Query.instances': { field: 'instances' },
  'Query.instanceTypes': { field: 'instanceTypes' },
  'Query.launchOrders': { field: 'launchOrders' },
  'Query.marketplace': { field: 'marketplace' },
  'Query.multiCloudImages': { field: 'multiCloudImages' },
  'Query.myImports': { field: 'myImports', key: 'component { id }' },
  'Query.myPublications': { field: 'myPublications' },
  'Query.rightScripts': { field: 'rightScripts' },
  'Query.serverArrays': { field: 'serverArrays' },
  'Query.serverTemplates': { field: 'serverTemplates' },
  'Query.servers': { field: 'servers' },
  'Query.users': { field: 'users' },
  'AccountGroup.accounts': { field: 'accounts', of: GROUP },
  'AccountGroup.publications': { field: 'publications', of: GROUP },
  'Cloud.images': { field: 'images', of: CLOUD },
  'Cloud.instanceTypes': { field: 'instanceTypes', of: CLOUD },
  'Deployment.serverArrays': { field: 'serverArrays', of: DEPLOYMENT },
  'Deployment.servers': { field: 'servers', of: DEPLOYMENT },
  'ImageUsage.instances': { field: 'instances', of: USAGE },
  'ImageUsage.multiCloudImages': { field: 'multiCloudImages', of: USAGE },
  'ImageUsage.serverArrays': { field: 'serverArrays', of: USAGE },
  'ImageUsage.serverTemplates': { field: 'serverTemplates', of: USAGE },
  'ImageUsage.servers': { field: 'servers', of: USAGE },
  'ImageUsage.settings': { field: 'settings', of: USAGE },
  'MultiCloudImage.coverage': { field: 'coverage', of: MCI, key: 'cloud { id }' },
  'MultiCloudImage.history': { field: 'history', of: MCI, key: 'message' },
  'MultiCloudImage.missingClouds': { field: 'missingClouds', of: MCI },
  'MultiCloudImage.revisions': { field: 'revisions', of: MCI },
  'MultiCloudImage.serverArrays': { field: 'serverArrays', of: MCI },
  'MultiCloudImage.serverTemplates': { field: 'serverTemplates', of: MCI },
  'MultiCloudImage.servers': { field: 'servers', of: MCI },
  'Publication.comments': { field: 'comments', of: PUBLICATION },
  'RightScript.revisions': { field: 'revisions', of: SCRIPT },
  'RightScript.serverTemplates': { field: 'serverTemplates', of: SCRIPT },
  'RightScript.history': { field: 'history', of: SCRIPT, key: 'message' },
  'Server.instances': { field: 'instances', of: SERVER },
  'ServerArray.instances': { field: 'instances', of: ARRAY },
  'ServerTemplate.history': { field: 'history', of: TEMPLATE, key: 'message' },
  'ServerTemplate.revisions': { field: 'revisions', of: TEMPLATE },
  'ServerTemplate.serverArrays': { field: 'serverArrays', of: TEMPLATE },
  'ServerTemplate.servers': { field: 'servers', of: TEMPLATE },
};

const IMAGE_ORDERS = ['NAME_ASC', 'NAME_DESC', 'PUBLISHED_AT_ASC', 'PUBLISHED_AT_DESC'];
const COMPONENT_ORDERS = ['NAME', 'CREATED_AT', 'UPDATED_AT'].flatMap((by) => [`${by}_ASC`, `${by}_DESC`]);
const ordered = (field: string, orders: readonly string[]): [string, List][] =>
  orders.map((order) => [`Query.${field} by ${order}`, { field, args: `orderBy: ${order}` }]);

const ALL_LISTS: [string, List][] = [
  ...Object.entries(LISTS),
  ...ordered('cloudImages', IMAGE_ORDERS),
  ...ordered('marketplace', ['NAME_ASC', 'NAME_DESC', 'NEWEST', 'RATING', 'IMPORTS']),
  [
    'Query.marketplace by RELEVANCE',
    { field: 'marketplace', args: 'filter: { search: "twin" } orderBy: RELEVANCE' },
  ],
  ...ordered('multiCloudImages', COMPONENT_ORDERS),
  ...ordered('rightScripts', COMPONENT_ORDERS),
  ...ordered('serverTemplates', COMPONENT_ORDERS),
];

function sourceOf({ field, of, args = '', key = 'id' }: List): string {
  const list = `list: ${field}(first: $first, after: $after, last: $last, before: $before ${args}) {
    totalCount edges { cursor node { ${key} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;
  const page = '$first: Int, $after: String, $last: Int, $before: String';
  if (of === undefined) return `query(${page}) { owner: viewer { roles } ${list} }`;
  const inner = of.through === undefined ? list : `${of.through} { ${list} }`;
  return `query($id: ID!, ${page}) { owner: node(id: $id) { ... on ${of.type} { ${inner} } } }`;
}

const ask = (list: List, page: object): Promise<Answer> =>
  api.request(account.token, sourceOf(list), { ...page, ...(list.of && { id: list.of.id() }) });

async function read(list: List, page: object): Promise<Data> {
  const { data, errors } = await ask(list, page);
  expect(errors).toBeUndefined();
  return data.list ?? data.owner.list ?? data.owner[list.of?.through ?? ''].list;
}

const keysOf = (page: Data): string[] =>
  page.edges.map(({ node }: Data) => node.id ?? node.cloud?.id ?? node.component?.id ?? node.message);

test('every connection of the schema is walked here', async () => {
  const fields = Object.values((await createSchema()).getTypeMap()).flatMap((type) =>
    isObjectType(type)
      ? Object.values(type.getFields()).map((field) => ({ at: `${type.name}.${field.name}`, field }))
      : [],
  );
  const connections = fields.filter(({ field }) => getNamedType(field.type).name.endsWith('Connection'));
  expect(connections.map(({ at }) => at).sort()).toEqual(Object.keys(LISTS).sort());
});

describe.each(ALL_LISTS)('%s', (_name, list) => {
  test('forth and back, each row exactly once, in one order', async () => {
    const whole = await read(list, { first: 100 });
    const keys = keysOf(whole);
    expect(keys.length).toBeGreaterThanOrEqual(3);
    expect(new Set(keys).size).toBe(keys.length);
    expect(whole.totalCount).toBe(keys.length);
    expect(whole.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: whole.edges[0].cursor,
      endCursor: whole.edges.at(-1).cursor,
    });

    const forth: string[] = [];
    let page = await read(list, { first: 2 });
    for (;;) {
      expect(page).toMatchObject({
        totalCount: keys.length,
        pageInfo: { hasPreviousPage: forth.length > 0 },
      });
      forth.push(...keysOf(page));
      if (!page.pageInfo.hasNextPage) break;
      page = await read(list, { first: 2, after: page.pageInfo.endCursor });
    }
    expect(forth).toEqual(keys);

    const back: string[] = [];
    page = await read(list, { last: 2 });
    for (;;) {
      expect(page).toMatchObject({ totalCount: keys.length, pageInfo: { hasNextPage: back.length > 0 } });
      back.unshift(...keysOf(page));
      if (!page.pageInfo.hasPreviousPage) break;
      page = await read(list, { last: 2, before: page.pageInfo.startCursor });
    }
    expect(back).toEqual(keys);

    const [first, , third] = whole.edges;
    expect(keysOf(await read(list, { first: 100, after: first.cursor, before: third.cursor }))).toEqual([
      keys[1],
    ]);
  });

  test('an empty page, and one behind the end', async () => {
    const { pageInfo, totalCount } = await read(list, { last: 1 });
    expect(await read(list, { first: 0 })).toMatchObject({
      totalCount,
      edges: [],
      pageInfo: { hasNextPage: true },
    });
    expect(await read(list, { first: 5, after: pageInfo.endCursor })).toEqual({
      totalCount,
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  test('what is no page of it is BAD_USER_INPUT', async () => {
    const { pageInfo } = await read(list, { first: 1 });
    const cursor = (values: unknown) => Buffer.from(JSON.stringify(values)).toString('base64url');
    const [name, ...values]: unknown[] = JSON.parse(Buffer.from(pageInfo.endCursor, 'base64url').toString());
    const wrong = (value: unknown) => cursor([name, ...values.map(() => value)]);
    const refused = [
      { first: 101 },
      { last: 101 },
      { first: -1 },
      { last: -1 },
      { first: 1, last: 1 },
      { first: 1, after: 'garbage' },
      { first: 1, after: 'bnVsbA' },
      { first: 1, before: '%%%' },
      { first: 1, after: `${pageInfo.endCursor}\0` },
      { first: 1, after: cursor(['another list', ...values]) },
      { first: 1, after: cursor([name]) },
      { first: 1, after: cursor([name, ...values, 1]) },
      { first: 1, after: wrong(null) },
      { first: 1, after: wrong(1e300) },
      { first: 1, after: wrong(1.5) },
      { first: 1, after: wrong('1') },
      { first: 1, after: wrong('+275760-09-13T00:00:00.000Z') },
      { first: 1, after: wrong("'; DROP TABLE accounts; --") },
      { first: 1, after: wrong('\0') },
      { first: 1, after: wrong({}) },
    ];
    for (const page of refused) {
      const { errors } = await ask(list, page);
      expect({ page, codes: errors?.map(({ extensions }) => extensions.code) }).toEqual({
        page,
        codes: ['BAD_USER_INPUT'],
      });
    }
  });
});

test.each(ALL_LISTS)('a forged cursor of %s is no fault', async (_name, list) => {
  const { pageInfo } = await read(list, { first: 1 });
  const [name, ...values]: unknown[] = JSON.parse(Buffer.from(pageInfo.endCursor, 'base64url').toString());
  const forged = [
    '',
    '1',
    'x',
    '\ud800',
    '2026',
    '-infinity',
    '+275760-09-13T00:00:00.000Z',
    '0000-01-01T00:00:00.000Z',
    '2026-02-31T00:00:00.000Z',
    'x'.repeat(10_000),
    null,
    0,
    -1,
    1.5,
    2 ** 40,
    1e300,
  ];
  for (const [position] of values.entries())
    for (const value of forged) {
      const after = Buffer.from(JSON.stringify([name, ...values.with(position, value)])).toString(
        'base64url',
      );
      const { errors = [] } = await ask(list, { first: 1, after });
      expect({ value, codes: errors.map(({ extensions }) => extensions.code) }).toEqual({
        value,
        codes: errors.length === 0 ? [] : ['BAD_USER_INPUT'],
      });
    }
});

test('a cursor belongs to its list and order', async () => {
  const images = await read({ field: 'cloudImages' }, { first: 1 });
  const wrong = [
    { field: 'clouds' },
    { field: 'cloudImages', args: 'orderBy: NAME_DESC' },
    { field: 'multiCloudImages' },
  ];
  for (const list of wrong) {
    const { errors } = await ask(list, { first: 1, after: images.pageInfo.endCursor });
    expect(errors).toMatchObject([
      {
        message: '`after` is a cursor of another list or order: start again without it.',
        extensions: { code: 'BAD_USER_INPUT', argumentPath: ['after'] },
      },
    ]);
  }
});

test('a page that is not asked for has 25 rows', async () => {
  const catalog = new TestCatalog(api.dataSource);
  const cloud = await catalog.cloud();
  for (let index = 0; index < 26; index++) await catalog.image(cloud);
  const { node } = await account.query(
    'query($id: ID!) { node(id: $id) { ... on Cloud { images { edges { node { id } } pageInfo { hasNextPage } } } } }',
    { id: cloud.id },
  );
  expect(node.images.edges).toHaveLength(25);
  expect(node.images.pageInfo.hasNextPage).toBe(true);
});

test('a row that comes between two pages shifts nothing', async () => {
  const catalog = new TestCatalog(api.dataSource);
  const cloud = await catalog.cloud();
  const list: List = { field: 'images', of: { type: 'Cloud', id: () => cloud.id } };
  const [b, d, f] = [
    await catalog.image(cloud, { name: 'b' }),
    await catalog.image(cloud, { name: 'd' }),
    await catalog.image(cloud, { name: 'f' }),
  ];
  const page = await read(list, { first: 1 });
  expect(keysOf(page)).toEqual([b.id]);
  await catalog.image(cloud, { name: 'a' });
  const c = await catalog.image(cloud, { name: 'c' });
  expect(keysOf(await read(list, { first: 9, after: page.pageInfo.endCursor }))).toEqual([c.id, d.id, f.id]);
});

test('orders sort by what they say; unpublished images count as the oldest', async () => {
  const catalog = new TestCatalog(api.dataSource);
  const cloud = await catalog.cloud();
  const make = async (name: string, publishedAt: string | null) =>
    (await catalog.image(cloud, { name, publishedAt: publishedAt === null ? null : new Date(publishedAt) }))
      .id;
  const late = await make('a', '2026-03-01T00:00:00.002Z');
  const early = await make('b', '2026-03-01T00:00:00.001Z');
  const never = await make('c', null);
  const by = async (order: string) => {
    const list = { field: 'cloudImages', args: `filter: { cloudId: "${cloud.id}" } orderBy: ${order}` };
    return keysOf(await read(list, { first: 9 }));
  };
  expect(await by('NAME_ASC')).toEqual([late, early, never]);
  expect(await by('NAME_DESC')).toEqual([never, early, late]);
  expect(await by('PUBLISHED_AT_ASC')).toEqual([never, early, late]);
  expect(await by('PUBLISHED_AT_DESC')).toEqual([late, early, never]);
});

test('R-2.2: totals count what the account sees', async () => {
  const other = await api.account();
  const total = async (who: TestAccount, field: string) =>
    (await who.query(`{ ${field}(first: 1) { totalCount } }`))[field].totalCount;
  expect(await total(other, 'multiCloudImages')).toBe(0);
  expect(await total(other, 'serverTemplates')).toBe(0);
  expect(await total(other, 'users')).toBe(1);
  expect(await total(other, 'auditEntries')).toBe(0);
  const before = [
    await total(other, 'cloudImages'),
    await total(other, 'clouds'),
    await total(other, 'instanceTypes'),
  ];
  await new TestCatalog(api.dataSource).place({
    cloud: { accountId: account.key },
    image: { ownerAccountId: account.key },
    type: { ownerAccountId: account.key },
  });
  expect([
    await total(other, 'cloudImages'),
    await total(other, 'clouds'),
    await total(other, 'instanceTypes'),
  ]).toEqual(before);
  expect(await total(account, 'clouds')).toBe((before[1] ?? 0) + 1);
});

test('pages of many parents are as the pages of each', async () => {
  const ids = seeded.multiCloudImages;
  const page = '(first: 2) { totalCount edges { cursor node { id } } pageInfo { hasNextPage endCursor } }';
  const fields = `... on MultiCloudImage { missingClouds${page} serverTemplates${page} revisions${page} }`;
  const { nodes } = await account.query(`query($ids: [ID!]!) { nodes(ids: $ids) { ${fields} } }`, { ids });
  const single = await Promise.all(
    ids.map(
      async (id) => (await account.query(`query($id: ID!) { node(id: $id) { ${fields} } }`, { id })).node,
    ),
  );
  expect(nodes).toEqual(single);
  expect(nodes[0].serverTemplates).toMatchObject({ totalCount: 6, edges: { length: 2 } });
  expect(nodes[1].serverTemplates.totalCount).toBe(4);
});
