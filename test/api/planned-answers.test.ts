import fc from 'fast-check';
import { isObjectType, type GraphQLSchema } from 'graphql';
import { createApp } from '../../src/app';
import { readConfig } from '../../src/config';
import { DomainError } from '../../src/domain/errors';
import { toGlobalId } from '../../src/domain/global-id';
import { PlannedQueries } from '../../src/persistence/planner/planned-queries';
import { NotPlanned } from '../../src/persistence/planner/statement';
import { plannedGraph } from '../../src/resolvers/planned/planned-graph';
import { createSchema } from '../../src/schema';
import { startApi, type TestAccount, type TestApi } from '../kit/api';
import { canaryMarket } from '../kit/canary-market';
import { EveryField } from '../kit/every-field';
import { RandomSelection, type Arguments } from '../kit/random-selection';
import { seedComponents, type Seeded } from '../kit/seed';
import { SOAK } from '../kit/soak';
import { statementsDuring } from '../kit/statements';

/** The resolvers are the reference: what one statement builds must be what they give, to the byte (docs/adr/0016). */

const RUNS = 150 * SOAK;

let api: TestApi;
let reference: { readonly url: string; readonly close: () => Promise<void> };
let tokens: readonly string[];
let args: Arguments;
let seeded: TestAccount;
let known: Seeded;

async function resolversOnly(): Promise<typeof reference> {
  const config = readConfig({
    DATABASE_URL: 'postgres://unused@127.0.0.1:1/unused',
    MCI_GRAPH_LOG_LEVEL: 'silent',
    MCI_GRAPH_WEBHOOKS: 'false',
    MCI_GRAPH_SELECTION_PLANNER: 'false',
    ...NO_LIMITS,
  });
  const app = await createApp({
    config,
    dataSource: api.dataSource,
    schema: await createSchema(),
    explorer: null,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => app.close() };
}

const NO_LIMITS = {
  MCI_GRAPH_MAX_COST: '0',
  MCI_GRAPH_MAX_DEPTH: '0',
  MCI_GRAPH_MAX_ALIASES: '0',
  MCI_GRAPH_MAX_DIRECTIVES: '0',
};

/** The ids of all rows of these tables, of whatever account. */
async function idsOf(): Promise<string[]> {
  const tables = {
    clouds: 'Cloud',
    cloud_images: 'CloudImage',
    multi_cloud_images: 'MultiCloudImage',
    multi_cloud_image_settings: 'MultiCloudImageSetting',
    multi_cloud_image_matchers: 'MultiCloudImageMatcher',
    server_templates: 'ServerTemplate',
    right_scripts: 'RightScript',
    servers: 'Server',
    server_arrays: 'ServerArray',
    instances: 'Instance',
    launch_orders: 'LaunchOrder',
    publications: 'Publication',
    deployments: 'Deployment',
    accounts: 'Account',
    users: 'User',
    audit_entries: 'AuditEntry',
    account_groups: 'AccountGroup',
    eula_revisions: 'EulaRevision',
    webhooks: 'Webhook',
  } as const;
  const found: string[] = [];
  for (const [table, type] of Object.entries(tables)) {
    const rows: { id: string }[] = await api.dataSource.query(`SELECT id FROM ${table} ORDER BY id LIMIT 12`);
    found.push(...rows.map(({ id }) => toGlobalId(type, id)));
  }
  return found;
}

/** Arguments that name clouds and images by what they are called elsewhere. */
async function naturalKeys(): Promise<{ readonly clouds: string[]; readonly images: string[] }> {
  const rows: { cloud: string; region: string; uid: string }[] = await api.dataSource.query(
    `SELECT cloud.cloud_type AS cloud, cloud.region, image.resource_uid AS uid
     FROM cloud_images AS image JOIN clouds AS cloud ON cloud.id = image.cloud_id ORDER BY image.id LIMIT 12`,
  );
  const clouds = rows.map(({ cloud, region }) => `cloudType: "${cloud}", region: "${region}"`);
  return { clouds, images: rows.map(({ uid }, index) => `${clouds[index]}, resourceUid: "${uid}"`) };
}

beforeAll(async () => {
  api = await startApi(NO_LIMITS);
  const market = await canaryMarket(api);
  seeded = await api.account();
  known = await seedComponents(api.dataSource, seeded, 4);
  reference = await resolversOnly();
  const accounts = [market.publisher.account, market.importer.account, market.member.account, seeded];
  tokens = [
    ...accounts.map(({ token }) => token),
    await market.importer.account.tokenWith('OBSERVER'),
    (await api.account()).token,
  ];
  await api.dataSource.query(
    `UPDATE instances SET claimable_at = launched_at, operational_at = launched_at + interval '83.25 seconds'`,
  );
  const ids = await idsOf();
  const of = (prefix: string) => ids.filter((id) => id.startsWith(prefix)).map((id) => `id: "${id}"`);
  const lists = ids.map(
    (_id, index) => `ids: ${JSON.stringify([ids[index], ids[(index * 7) % ids.length]])}`,
  );
  const pages = ['first: 3', 'last: 2', 'first: 0', 'first: 100', 'last: 50'];
  const components = [
    ...pages,
    'first: 4, orderBy: NAME_DESC',
    'last: 3, orderBy: UPDATED_AT_ASC, filter: { versions: ALL }',
    'filter: { versions: REVISIONS, includeDeleted: true }, orderBy: CREATED_AT_DESC',
    'filter: { origin: IMPORTED }',
    'filter: { search: "e" }, first: 5',
  ];
  const keys = await naturalKeys();
  args = {
    'Query.serverTemplates': components,
    'Query.multiCloudImages': components,
    'Query.rightScripts': components,
    'Query.serverTemplate': [...of('stp_'), ...of('mci_').slice(0, 1)],
    'Query.multiCloudImage': of('mci_'),
    'Query.rightScript': of('scr_'),
    'Query.cloud': [...of('cld_'), ...keys.clouds, 'region: "b"'],
    'Query.cloudImage': [...of('img_'), ...keys.images, 'cloudType: "a", region: "b", resourceUid: "c"'],
    'Query.server': of('srv_'),
    'Query.serverArray': of('arr_'),
    'Query.deployment': of('dep_'),
    'Query.instance': of('ins_'),
    'Query.publication': of('pub_'),
    'Query.accountGroup': of('grp_'),
    'Query.node': ids.map((id) => `id: "${id}"`),
    'Query.nodes': lists,
    'Query.servers': [...pages, 'filter: { includeDeleted: true, state: OPERATIONAL }'],
    'Query.instances': [...pages, 'filter: { running: true }', 'filter: { drifted: false }'],
    'Query.auditEntries': [...pages, 'filter: { since: "2020-01-01T00:00:00.000Z" }'],
    'Query.launchOrders': [...pages, 'filter: { states: [OPEN, CLAIMED], kinds: [LAUNCH] }'],
    'Query.deployments': [...pages, 'filter: { includeDeleted: true }'],
    'Query.myPublications': [...pages, 'filter: { status: DEPRECATED }'],
    'Query.myImports': [...pages, 'updatesOnly: true'],
    'Query.eulas': [...pages, 'includeArchived: true'],
    'MultiCloudImage.setting': of('cld_').map((id) => id.replace('id:', 'cloudId:')),
    'ServerTemplate.servers': [...pages, 'use: NEXT', 'use: CURRENT'],
    'ServerArray.instances': [...pages, 'running: true'],
    'ImageUsage.instances': [...pages, 'running: false'],
    'Webhook.deliveries': [...pages, 'state: PENDING'],
    'Query.cloudImages': [
      ...pages,
      'filter: { lifecycle: DEPRECATED }, orderBy: PUBLISHED_AT_DESC',
      'filter: { visibility: PRIVATE }',
      'filter: { tag: "a:b=*" }, last: 4',
      'orderBy: PUBLISHED_AT_ASC, first: 2',
    ],
    'Query.marketplace': [...pages, 'orderBy: NEWEST', 'orderBy: RATING', 'filter: { search: "canary" }'],
    'ServerTemplate.scripts': ['', 'phase: BOOT', 'phase: OPERATIONAL'],
    'Cloud.images': [...pages, 'filter: { lifecycle: AVAILABLE }'],
  };
});
afterAll(async () => {
  await reference.close();
  await api.close();
});

const ROOTS = [
  ...[
    'serverTemplates',
    'multiCloudImages',
    'rightScripts',
    'serverTemplate',
    'multiCloudImage',
    'rightScript',
  ],
  ...['clouds', 'cloud', 'cloudImages', 'cloudImage', 'instanceTypes', 'marketplace', 'nodes'],
  ...['servers', 'serverArrays', 'server', 'serverArray', 'deployments', 'deployment', 'node'],
  ...['instances', 'instance', 'launchOrders', 'publication', 'myPublications', 'myImports', 'eulas'],
  ...['accountGroups', 'accountGroup', 'viewer', 'users', 'accessTokens', 'auditEntries', 'webhooks'],
];

interface Request {
  readonly query: string;
  readonly variables?: object;
}

/** Status and text of the answer. */
async function answerOf(url: string, token: string, request: Request): Promise<[number, string]> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(request),
  });
  return [response.status, await response.text()];
}

/** Asks both, twice: what was planned before is answered along with the token. */
async function expectAlike(token: string, request: Request): Promise<void> {
  const expected = await answerOf(reference.url, token, request);
  expect(await answerOf(api.url, token, request)).toEqual(expected);
  expect(await answerOf(api.url, token, request)).toEqual(expected);
}

/** Whether a field is planned, as the tables say. */
function plannedIn(schema: GraphQLSchema): (typeName: string, field: string) => boolean {
  const graph = plannedGraph(schema);
  return (typeName, field) => {
    const type = graph.get(typeName);
    if (type === undefined)
      return !isObjectType(schema.getType(typeName)) || /(Connection|Edge|^PageInfo)$/.test(typeName);
    // JSON of the database has other spaces than that of the resolvers.
    if (`${typeName}.${field}` === 'AuditEntry.changes') return false;
    return field === '__typename' || field in type.fields || type.columns.has(field);
  };
}

/** What went wrong in planned statements; where a value is missing, or an argument is wrong, resolvers are to say so. */
async function faultsIn(planned: jest.SpiedFunction<PlannedQueries['json']>): Promise<unknown[]> {
  const given = await Promise.allSettled(planned.mock.results.map(({ value }): unknown => value));
  return given
    .flatMap((answer): unknown[] => (answer.status === 'rejected' ? [answer.reason] : []))
    .filter((error) => !(error instanceof DomainError || error instanceof NotPlanned))
    .filter((error) => !PlannedQueries.missesValue(error));
}

test('every field that is planned is planned, and gives what its resolver gives', async () => {
  const schema = await createSchema();
  const queries = new EveryField(schema, args, plannedIn(schema)).queries(ROOTS);
  const planned = jest.spyOn(PlannedQueries.prototype, 'json');
  const unplanned: string[] = [];
  for (const [type, query] of queries) {
    if (/(Connection|Edge)$/.test(type)) continue;
    planned.mockClear();
    for (const token of tokens.slice(0, 2))
      expect(await answerOf(api.url, token, { query })).toEqual(
        await answerOf(reference.url, token, { query }),
      );
    if (planned.mock.results.length === 0) unplanned.push(type);
    expect(await faultsIn(planned)).toEqual([]);
  }
  expect(unplanned).toEqual([]);
  expect(queries.size).toBeGreaterThan(40);
  planned.mockRestore();
});

test(
  'random selections, as several accounts: planned answers are those of the resolvers',
  async () => {
    const schema = await createSchema();
    const isPlanned = plannedIn(schema);
    const planned = jest.spyOn(PlannedQueries.prototype, 'json');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 99_991 }), { minLength: 30, maxLength: 90 }),
        fc.nat({ max: 5 }),
        async (numbers, who) => {
          let at = 0;
          const random = (below: number) => ((numbers[at++ % numbers.length] ?? 0) + at) % below;
          const query = new RandomSelection(schema, random, args, isPlanned).query(ROOTS);
          await expectAlike(tokens[who] ?? '', { query, variables: { yes: true, no: false } });
        },
      ),
      { numRuns: RUNS },
    );
    // Otherwise nothing was compared.
    expect(planned.mock.calls.length).toBeGreaterThan(RUNS / 2);
    expect(await faultsIn(planned)).toEqual([]);
    planned.mockRestore();
  },
  600_000 * SOAK,
);

/** How many statements the second of two equal requests takes. */
async function statementsOf(url: string, request: Request): Promise<number> {
  await answerOf(url, seeded.token, request);
  return (await statementsDuring(() => answerOf(url, seeded.token, request))).length;
}

const TREE = `id name multiCloudImages { isDefault multiCloudImage { name
  settings { cloud { name } image { name } instanceType { name } } } }`;

test('token and answer are one statement, however deep', async () => {
  const query = `{ serverTemplates(first: 3) { edges { cursor node { ${TREE} } } pageInfo { endCursor } totalCount } }`;
  expect(await statementsOf(api.url, { query })).toBe(1);
  expect(await statementsOf(reference.url, { query })).toBeGreaterThan(5);
});

test('what is not planned is answered by resolvers, wherever it stands', async () => {
  const query = `{ serverTemplates(first: 2) { edges { node { ${TREE} advisories { code } } } } }`;
  expect(await statementsOf(api.url, { query })).toBeGreaterThan(5);
  await expectAlike(seeded.token, { query });
});

test('one plan serves all ids and cursors, and says what is wrong with them as resolvers do', async () => {
  const one = 'query ($id: ID!) { serverTemplate(id: $id) { id name } }';
  for (const id of [...known.serverTemplates, known.multiCloudImages[0], 'nothing', ''])
    await expectAlike(seeded.token, { query: one, variables: { id } });
  const page = `query ($size: Int, $after: String, $before: String) { serverTemplates(first: $size, after: $after, before: $before) {
    edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  const { edges } = (await seeded.query(page, { size: 3 })).serverTemplates;
  const [first, second, third] = edges.map(({ cursor }: { cursor: string }) => cursor);
  for (const after of [undefined, null, '', first, second, third, 'no cursor', 'bnVsbA', 1])
    for (const before of [undefined, null, third, 'no cursor'])
      await expectAlike(seeded.token, { query: page, variables: { size: 2, after, before } });
  for (const size of [0, 1, 101, -1, 'two'])
    await expectAlike(seeded.token, { query: page, variables: { size } });
});

test('references of a gateway, by id and by other keys', async () => {
  const query = `query ($all: [_Any!]!) { _entities(representations: $all) {
    __typename ... on ServerTemplate { name revision } ... on CloudImage { name resourceUid } ... on Cloud { name public } ... on MultiCloudImage { ...on Component { name } } } }`;
  const clouds: { id: string; cloud_type: string; region: string }[] = await api.dataSource.query(
    'SELECT id, cloud_type, region FROM clouds ORDER BY id LIMIT 2',
  );
  const [cloud] = clouds;
  const all = [
    ...known.serverTemplates.map((id) => ({ __typename: 'ServerTemplate', id })),
    { __typename: 'Cloud', id: toGlobalId('Cloud', cloud?.id ?? '') },
    { __typename: 'Cloud', id: known.serverTemplates[0] },
    { __typename: 'MultiCloudImage', id: known.multiCloudImages[0] },
    { __typename: 'ServerTemplate', id: toGlobalId('ServerTemplate', cloud?.id ?? '') },
  ];
  const byKeys = { __typename: 'Cloud', cloudType: cloud?.cloud_type, region: cloud?.region };
  const lineages: { lineage_id: string; revision: number }[] = await api.dataSource.query(
    `(SELECT lineage_id, revision FROM server_templates WHERE account_id = $1 LIMIT 2)
     UNION ALL (SELECT lineage_id, revision FROM publications WHERE component_type = 'ServerTemplate' LIMIT 3)`,
    [seeded.key],
  );
  const versions = lineages.map(({ lineage_id: lineageId, revision }) => ({
    __typename: 'ServerTemplate',
    lineageId,
    revision,
  }));
  const [image] = known.images;
  const images: { cloudType: string; region: string; resourceUid: string }[] = await api.dataSource.query(
    `SELECT cloud.cloud_type AS "cloudType", cloud.region, image.resource_uid AS "resourceUid"
     FROM cloud_images AS image JOIN clouds AS cloud ON cloud.id = image.cloud_id WHERE image.id = $1`,
    [image?.key],
  );
  const none = [
    { __typename: 'Cloud', cloudType: 'x' },
    { __typename: 'ServerTemplate', lineageId: 'x', revision: 1 },
    { ...versions[0], revision: 1.5 },
  ];
  const natural = [
    byKeys,
    ...versions,
    ...images.map((key) => ({ __typename: 'CloudImage', ...key })),
    ...none,
  ];
  for (const representations of [all, [...natural, ...all], [], [{ __typename: 'Nothing', id: 'x' }], none])
    for (const token of tokens) await expectAlike(token, { query, variables: { all: representations } });
  expect(await statementsOf(api.url, { query, variables: { all: natural } })).toBe(1);
});

test('conditions of fields and fragments are planned by the values of their variables', async () => {
  const query = `query ($a: Boolean!, $b: Boolean!, $n: Int = 2) {
    kind: __typename viewer @skip(if: $b) { roles user { email } accounts { roles account { name } } }
    serverTemplates(first: $n) @include(if: $a) { __typename totalCount @skip(if: $b)
      edges { node { id ...More @include(if: $b) ... @skip(if: $a) { name } } } } }
    fragment More on ServerTemplate { name @include(if: $a) isHead }`;
  for (const a of [true, false])
    for (const b of [true, false]) {
      for (const token of tokens) await expectAlike(token, { query, variables: { a, b } });
      // Whom the token is of must be known before `viewer` is answered.
      if (a) expect(await statementsOf(api.url, { query, variables: { a, b } })).toBe(b ? 1 : 2);
    }
});

test('whatever way an operation went before, the next answer is that of the first', async () => {
  const [id] = known.serverTemplates;
  const requests: Request[] = [
    // Null where a default lets the variable stand: graphql-js says so.
    {
      query: 'query ($yes: Boolean = true) { serverTemplates { totalCount @include(if: $yes) } }',
      variables: { yes: null },
    },
    { query: 'query ($id: ID = "x") { nodes(ids: [$id]) { id } }', variables: { id: null } },
    {
      query: 'query ($id: ID = "x") { serverTemplate(id: $id) { advisories { code } } }',
      variables: { id: null },
    },
    // What is planned, and what is compiled.
    { query: `{ __proto__: serverTemplate(id: "${id}") { __proto__: name constructor: id } }` },
    {
      query: `{ __proto__: serverTemplate(id: "${id}") { __proto__: name advisories { __proto__: code } } }`,
    },
    {
      query: `query ($id: ID) { _entities(representations: [{ __typename: "ServerTemplate", id: $id }]) {
        ... on ServerTemplate { name advisories { code } } } }`,
      variables: { id },
    },
  ];
  for (const request of requests) {
    await expectAlike(seeded.token, request);
    // The reference compiles what comes again.
    expect(await answerOf(reference.url, seeded.token, request)).toEqual(
      await answerOf(api.url, seeded.token, request),
    );
  }
});

test('a token that was revoked, or whose roles were taken, is answered no more, whatever was planned', async () => {
  const account = await api.account();
  const query = '{ marketplace(first: 1) { totalCount } }';
  const asked = () => answerOf(api.url, account.token, { query });
  expect([await asked(), await asked()].map(([status]) => status)).toEqual([200, 200]);
  await api.dataSource.query(`UPDATE memberships SET roles = '{OBSERVER}' WHERE account_id = $1`, [
    account.key,
  ]);
  expect((await asked())[1]).toContain('"FORBIDDEN"');
  await api.dataSource.query('UPDATE access_tokens SET revoked_at = now() WHERE account_id = $1', [
    account.key,
  ]);
  expect((await asked())[0]).toBe(401);
});

test('where a value is missing that the schema says is never null, the resolvers tell so', async () => {
  const account = await api.account();
  const { multiCloudImages } = await seedComponents(api.dataSource, account, 1);
  const request = {
    query: 'query ($id: ID!) { multiCloudImage(id: $id) { name settings { cloud { name } } } }',
    variables: { id: multiCloudImages[0] },
  };
  await expectAlike(account.token, request);
  const stranger = await api.account();
  await api.dataSource.query(
    `UPDATE clouds SET account_id = $1 WHERE id IN (SELECT cloud_id FROM multi_cloud_image_settings AS setting
       JOIN multi_cloud_images AS mci ON mci.id = setting.multi_cloud_image_id WHERE mci.account_id = $2)`,
    [stranger.key, account.key],
  );
  await expectAlike(account.token, request);
  const [, text] = await answerOf(api.url, account.token, request);
  expect(JSON.parse(text)).toMatchObject({
    data: { multiCloudImage: null },
    errors: [{ path: ['multiCloudImage', 'settings', 0, 'cloud'] }],
  });
});
