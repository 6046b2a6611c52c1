import { randomUUID } from 'node:crypto';
import { parseGlobalId } from '../../src/domain/global-id';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { SOME_HASH } from '../kit/revisions';
import { seedComponents, type Seeded } from '../kit/seed';
import { TestServers } from '../kit/servers';
import { statementsDuring } from '../kit/statements';

/**
 * The exact number of SQL statements of the main queries, the same for few and for many parents. A number that changes
 * here is a decision, one that differs between the two sizes is a fault (N + 1).
 *
 * Every request begins with one statement: the look-up of its token, with account, user and roles.
 */

const FEW = 1;
/** Two MCIs each: 200 parents of settings. A page holds at most 100. */
const MANY = 100;

let api: TestApi;
let few: { account: TestAccount; seeded: Seeded };
let many: { account: TestAccount; seeded: Seeded };

beforeAll(async () => {
  // Over one connection answers come in the order of the questions. With more, it depends on their timing which loads
  // of one table share a statement where several levels of the tree want it.
  // By resolvers: planned queries are one statement (test/api/planned-answers.test.ts).
  api = await startApi({ MCI_GRAPH_SELECTION_PLANNER: 'false' }, 1);
  const seedAccount = async (count: number) => {
    const account = await api.account();
    return { account, seeded: await seedComponents(api.dataSource, account, count) };
  };
  few = await seedAccount(FEW);
  many = await seedAccount(MANY);
});
afterAll(() => api.close());

interface Counted {
  readonly statements: number;
  readonly data: Data;
}

/** Counts the second of two equal requests: the first may open connections and read their settings. */
async function count(
  { account, seeded }: { account: TestAccount; seeded: Seeded },
  source: string,
  variables: (seeded: Seeded) => object,
): Promise<Counted> {
  await account.query(source, variables(seeded));
  let data: Data;
  const statements = await statementsDuring(async () => {
    data = await account.query(source, variables(seeded));
  });
  return { statements: statements.length, data };
}

async function countBoth(
  source: string,
  variables: (seeded: Seeded) => object = () => ({}),
): Promise<{ few: Counted; many: Counted }> {
  return { few: await count(few, source, variables), many: await count(many, source, variables) };
}

const TREE = `name
  multiCloudImages { isDefault multiCloudImage { name
    settings { imageResourceUid imageAvailability cloud { name } image { name resourceUid } instanceType { name } } } }`;

test('ServerTemplates → MCIs → settings → cloud, image, instance type', async () => {
  const counted = await countBoth(
    `{ serverTemplates(first: 100) { edges { node { ${TREE} } } pageInfo { hasNextPage } } }`,
  );
  const settingsOf = ({ data }: Counted) =>
    data.serverTemplates.edges.flatMap((edge: Data) =>
      edge.node.multiCloudImages.flatMap((pin: Data) => pin.multiCloudImage.settings),
    );
  expect(settingsOf(counted.few)).toHaveLength(2 * 4);
  expect(settingsOf(counted.many)).toHaveLength(200 * 4);
  // Token, page of templates, their pins, MCIs, settings, and clouds, images and types of the settings.
  expect([counted.few.statements, counted.many.statements]).toEqual([8, 8]);
});

test('one ServerTemplate with the same tree', async () => {
  const source = `query($id: ID!) { serverTemplate(id: $id) { ${TREE} } }`;
  const counted = await countBoth(source, ({ serverTemplates }) => ({ id: serverTemplates[0] }));
  expect(counted.many.data.serverTemplate.multiCloudImages).toHaveLength(2);
  // Token, the template by its key, then as above.
  expect([counted.few.statements, counted.many.statements]).toEqual([8, 8]);
});

test('a page of images with cloud, replacement and tags, found by a search', async () => {
  const source = `query($cloudId: ID!) { cloudImages(first: 100, filter: { search: "seeded", cloudId: $cloudId }) {
    totalCount edges { node { name cloudType region lifecycle availability tags cloud { name } replacement { name } } } } }`;
  const counted = await countBoth(source, ({ places }) => ({ cloudId: places[0]?.cloud.id }));
  expect(counted.few.data.cloudImages.totalCount).toBe(2);
  expect(counted.many.data.cloudImages).toMatchObject({ totalCount: 200, edges: { length: 100 } });
  // Token, page of images, total, clouds, tags, replacements.
  expect([counted.few.statements, counted.many.statements]).toEqual([6, 6]);
});

test('MCIs with clouds, missing clouds, coverage, latest revision and ServerTemplates', async () => {
  const source = `{ multiCloudImages(first: 100) { edges { node { name tags
    clouds { name } missingClouds(first: 5) { totalCount edges { node { name } } }
    coverage(first: 10) { edges { node { covered reason cloud { name } proposal { name } proposedInstanceType { name } } } }
    latestRevision { revision committedBy { name } }
    serverTemplates(first: 5) { totalCount edges { isDefault node { name } } } } } } }`;
  const counted = await countBoth(source);
  const nodes = counted.many.data.multiCloudImages.edges.map((edge: Data) => edge.node);
  expect(nodes).toHaveLength(100);
  for (const node of nodes)
    expect(node).toMatchObject({
      clouds: { length: 4 },
      latestRevision: { revision: 1, committedBy: { name: `User of ${many.account.name}` } },
      serverTemplates: { totalCount: 1 },
    });
  // Token, page of MCIs, settings, latest revisions, who committed them; clouds of the settings; page and total of missing
  // clouds; page of coverage; page and total of ServerTemplates: 11. Proposals: matchers, clouds, candidates, types on
  // offer: 15. Proposed images and types: 17.
  expect([counted.few.statements, counted.many.statements]).toEqual([17, 17]);
});

// Apart from coverage: both load images, and whether those fall into one batch would depend on timing.
test('MCIs with their advisories', async () => {
  const source = `{ multiCloudImages(first: 100) { edges { node { name advisories { code message subject { id } } } } } }`;
  const counted = await countBoth(source);
  // Token, page of MCIs, settings, their clouds, images and types, the images' replacements.
  expect([counted.few.statements, counted.many.statements]).toEqual([7, 7]);
});

test('R-5.6: where images are used', async () => {
  const source = `query($ids: [ID!]!) { nodes(ids: $ids) { ... on CloudImage { name usedBy {
    settings(first: 10) { totalCount edges { node { id multiCloudImage { name } } } }
    multiCloudImages(first: 10) { totalCount edges { node { name } } }
    serverTemplates(first: 10) { totalCount edges { node { name } } } } } } }`;
  const counted = await countBoth(source, ({ images }) => ({
    ids: images.slice(0, 100).map(({ id }) => id),
  }));
  expect(counted.many.data.nodes).toHaveLength(100);
  for (const node of counted.many.data.nodes)
    expect(node.usedBy).toMatchObject({
      settings: { totalCount: 2 },
      multiCloudImages: { totalCount: 2 },
      serverTemplates: { totalCount: 2 },
    });
  // Token, images, then a page and a total of each of the three lists, and the MCIs of the settings.
  expect([counted.few.statements, counted.many.statements]).toEqual([9, 9]);
});

test('R-5.6: servers and arrays by deployment, and from what they are made of', async () => {
  const OF =
    'servers(first: 5) { totalCount edges { node { name } } } serverArrays(first: 5) { totalCount edges { node { name } } }';
  const source = `{
    deployments(first: 100) { edges { node { name ${OF} } } }
    servers(first: 100) { totalCount edges { node { name deployment { name } } } }
    serverArrays(first: 100) { totalCount edges { node { name } } }
    serverTemplates(first: 100) { edges { node { ${OF} } } }
    multiCloudImages(first: 100) { edges { node { ${OF} } } }
    cloudImages(first: 100, filter: { search: "seeded" }) { edges { node { usedBy { ${OF} } } } } }`;
  const counts: Counted[] = [];
  for (const { account, seeded } of [few, many]) {
    const definitions = new TestServers(api.dataSource, account);
    for (const id of seeded.serverTemplates) {
      const deployment = await definitions.deployment();
      const cloudId = seeded.places[0]?.cloud.key ?? '';
      const next = { cloudId, serverTemplateId: parseGlobalId(id)?.key ?? '' };
      await definitions.servers(deployment, [next, next]);
      await definitions.serverArrays(deployment, [next]);
    }
    counts.push(await count({ account, seeded }, source, () => ({})));
  }
  const [, { data }] = counts as [Counted, Counted];
  expect([data.deployments, data.servers, data.serverTemplates].map(({ edges }) => edges.length)).toEqual([
    100, 100, 100,
  ]);
  for (const { node } of [...data.deployments.edges, ...data.serverTemplates.edges])
    expect(node).toMatchObject({ servers: { totalCount: 2 }, serverArrays: { totalCount: 1 } });
  // Token; pages of deployments, servers, arrays, templates, MCIs and images; totals of servers and arrays, and the
  // servers' deployments; page and total of the servers, and of the arrays, of each of the four.
  expect(counts.map(({ statements }) => statements)).toEqual([26, 26]);
});

const NEXT = `next { cloud { name } serverTemplate { name } image { name } none
  resolution { status cloud { name } serverTemplate { name } image { source value { name } } instanceType { value { name } }
    kernelImage { value { name } } multiCloudImage { value { name } } setting { id } supportedClouds { name } alternatives { name } tags
    advisories { code subject { id } } steps { candidate { id } } }
  advisories { code subject { id } } }`;

test('resolving a launch in one cloud for a list of ServerTemplates', async () => {
  const source = `query($cloudId: ID!) { serverTemplates(first: 100) { edges { node { name
    supportedClouds { name } resolve(cloudId: $cloudId) { status cloud { name } image { resourceUid value { name } } instanceType { value { name } }
      multiCloudImage { value { name } } setting { id } supportedClouds { name } alternatives { name }
      advisories { code subject { id } } steps { field outcome candidate { id } } } } } } }`;
  const counted = await countBoth(source, ({ places }) => ({ cloudId: places[0]?.cloud.id }));
  for (const edge of counted.many.data.serverTemplates.edges)
    expect(edge.node).toMatchObject({
      supportedClouds: { length: 4 },
      resolve: { status: 'READY', alternatives: { length: 1 } },
    });
  // Token, page of templates, supported clouds; then what launches depend on: the templates, the cloud, pins, MCIs, their
  // settings for the cloud, images, their replacements, types. To show it nothing is read again.
  expect([counted.few.statements, counted.many.statements]).toEqual([11, 11]);
});

test('servers and arrays with their next configuration and what it resolves to', async () => {
  const source = `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Server { ${NEXT} } ... on ServerArray { ${NEXT} } } }`;
  const counts: Counted[] = [];
  for (const { account, seeded } of [few, many]) {
    const definitions = new TestServers(api.dataSource, account);
    const deployment = await definitions.deployment();
    const next = seeded.serverTemplates.map((id, index) => ({
      serverTemplateId: parseGlobalId(id)?.key ?? '',
      cloudId: seeded.places[0]?.cloud.key ?? '',
      imageId: seeded.images[index]?.key,
      tags: [`number:is=${index}`],
    }));
    const half = Math.ceil(next.length / 2);
    const ids = [
      ...(await definitions.servers(deployment, next.slice(0, half))),
      ...(await definitions.serverArrays(deployment, next.slice(0, half))),
    ].map(({ id }) => id);
    counts.push(await count({ account, seeded }, source, () => ({ ids })));
  }
  expect(counts.map(({ data }) => data.nodes.length)).toEqual([2, 100]);
  for (const { next } of counts.flatMap(({ data }) => data.nodes))
    expect(next).toMatchObject({
      image: { name: expect.stringMatching(/^seeded/) },
      resolution: { status: 'READY', image: { source: expect.stringMatching(/^SERVER/) } },
    });
  // Token, servers, arrays; the templates, clouds and images of the configurations; the eight of their resolutions, and
  // supported clouds.
  expect(counts.map(({ statements }) => statements)).toEqual([15, 15]);
});

test('R-5.4: ServerTemplates with their scripts, and where those are used', async () => {
  const source = `{ serverTemplates(first: 100) { edges { node { name
    boot: scripts(phase: BOOT) { position rightScript { name source serverTemplates(first: 5) { totalCount edges { node { name } } } } }
    scripts { phase rightScript { id } } } } } }`;
  const counted = await countBoth(source);
  expect(counted.many.data.serverTemplates.edges).toHaveLength(100);
  for (const { node } of counted.many.data.serverTemplates.edges)
    expect(node).toMatchObject({
      boot: [{ position: 0, rightScript: { serverTemplates: { totalCount: 1 } } }],
      scripts: { length: 1 },
    });
  // Token, page of templates, what they attach, the scripts, their sources, and a page and a total of where those are used.
  expect([counted.few.statements, counted.many.statements]).toEqual([7, 7]);
});

test('references of a gateway by natural keys', async () => {
  const source = `query($references: [_Any!]!) { _entities(representations: $references) {
    __typename ... on Cloud { name } ... on CloudImage { name cloud { name } } ... on InstanceType { name }
    ... on MultiCloudImage { name revision } ... on ServerTemplate { name revision }
    ... on RightScript { name revision } } }`;
  const clouds = await few.account.query('{ clouds(first: 100) { edges { node { id cloudType region } } } }');
  const regionOf = new Map<string, string>(
    clouds.clouds.edges.map((edge: Data) => [edge.node.id, edge.node.region]),
  );
  const counted = await countBoth(source, ({ places, images, lineages }) => {
    const home = { cloudType: 'amazon', region: regionOf.get(places[0]?.cloud.id ?? '') };
    const revisions = (__typename: string, ids: readonly string[]) =>
      ids.slice(0, 100).map((lineageId) => ({ __typename, lineageId, revision: 1 }));
    return {
      references: [
        ...places.map(({ cloud }) => ({
          __typename: 'Cloud',
          cloudType: 'amazon',
          region: regionOf.get(cloud.id),
        })),
        ...images
          .slice(0, 100)
          .map(({ resourceUid }) => ({ __typename: 'CloudImage', ...home, resourceUid })),
        { __typename: 'InstanceType', ...home, resourceUid: places[0]?.type.name },
        ...revisions('MultiCloudImage', lineages.multiCloudImages),
        ...revisions('ServerTemplate', lineages.serverTemplates),
        ...revisions('RightScript', lineages.rightScripts),
      ],
    };
  });
  expect(counted.few.data._entities).not.toContain(null);
  expect(counted.many.data._entities).toHaveLength(4 + 100 + 1 + 100 + 100 + 100);
  expect(counted.many.data._entities).not.toContain(null);
  // Token, one statement per type, and the clouds of the images.
  expect([counted.few.statements, counted.many.statements]).toEqual([8, 8]);
});

// What follows changes what was seeded.

test('R-5.7: pins with their updates', async () => {
  const update = 'updateAvailable { revision component { name } } changedInHead';
  const source = `{ serverTemplates(first: 100) { edges { node { name
    multiCloudImages { multiCloudImage { name } ${update} } scripts { rightScript { name } ${update} } } } } }`;
  await pinRevisionsBelowTheNewest();
  const counted = await countBoth(source);
  expect(counted.many.data.serverTemplates.edges).toHaveLength(100);
  for (const { node } of counted.many.data.serverTemplates.edges)
    expect(node).toMatchObject({
      multiCloudImages: [
        { updateAvailable: { revision: 2 }, changedInHead: true },
        { updateAvailable: { revision: 2 }, changedInHead: true },
      ],
      scripts: [{ updateAvailable: { revision: 2 }, changedInHead: true }],
    });
  // Token, page of templates, pins and scripts, the templates by key; then, of MCIs and of scripts, the pinned versions,
  // newest revisions and HEADs; the newest publications of both.
  expect([counted.few.statements, counted.many.statements]).toEqual([12, 12]);
});

test('section 11: ServerTemplates with their advisories, each pin with an update', async () => {
  const source = `{ serverTemplates(first: 100) { edges { node { name advisories { code subject { id } } } } } }`;
  const counted = await countBoth(source);
  for (const { node } of counted.many.data.serverTemplates.edges)
    expect(node.advisories.map(({ code }: Data) => code)).toEqual(Array(3).fill('UPDATE_AVAILABLE'));
  // Token, page of templates, pins and scripts, their MCIs and scripts, the templates by key, the newest revisions of
  // both, and those as subjects; the newest publications of both.
  expect([counted.few.statements, counted.many.statements]).toEqual([12, 12]);
});

test('histories with versions, parents and people', async () => {
  const source = `{ multiCloudImages(first: 100) { edges { node { history(first: 10) { totalCount
    edges { node { event component { name } parents { name } by { name } } } } } } } }`;
  await api.dataSource.query(
    `INSERT INTO history_entries
       (account_id, lineage_id, number, component_type, event, component_id, parent_ids, at, user_id)
     SELECT account_id, lineage_id, revision + 1, 'MultiCloudImage', 'COMMITTED', id, ARRAY[id], now(), committed_by_id
     FROM multi_cloud_images`,
  );
  const counted = await countBoth(source);
  const nodes = counted.many.data.multiCloudImages.edges.map((edge: Data) => edge.node);
  expect(nodes).toHaveLength(100);
  for (const { history } of nodes)
    expect(history).toMatchObject({ totalCount: 3, edges: { 1: { node: { parents: { length: 1 } } } } });
  // Token, page of MCIs, page and total of histories, their versions, people.
  expect([counted.few.statements, counted.many.statements]).toEqual([6, 6]);
});

test('R-6.10: clones with what there is to merge', async () => {
  const source = `{ multiCloudImages(first: 100) { edges { node { name upstreamUpdate { revision component { name } } } } } }`;
  const counts: Counted[] = [];
  for (const clones of [1, 99]) {
    const account = await api.account();
    await insertClones(account, clones);
    counts.push(await count({ account, seeded: few.seeded }, source, () => ({})));
  }
  const [ofFew, ofMany] = counts.map(({ data }) =>
    data.multiCloudImages.edges.map((edge: Data) => edge.node.upstreamUpdate),
  );
  const expected = { revision: 2, component: { name: 'a origin' } };
  expect(ofFew).toEqual([null, expected]);
  expect(ofMany).toEqual([null, ...Array.from({ length: 99 }, () => expected)]);
  // Token, page of MCIs, what each could merge, those revisions.
  expect(counts.map(({ statements }) => statements)).toEqual([4, 4]);
});

/** An MCI with two revisions, and clones of the first one. */
async function insertClones(account: TestAccount, clones: number): Promise<void> {
  const [lineage, first] = [randomUUID(), randomUUID()];
  await api.dataSource.transaction(async (manager) => {
    await manager.query(
      `INSERT INTO multi_cloud_images (id, account_id, lineage_id, revision, name, committed_at, created_at, updated_at)
       SELECT CASE revision WHEN 1 THEN $1::uuid ELSE gen_random_uuid() END, $2, $3, revision, 'a origin',
         CASE WHEN revision > 0 THEN now() END, now(), now()
       FROM generate_series(0, 2) AS revision`,
      [first, account.key, lineage],
    );
    await manager.query(
      `UPDATE multi_cloud_images SET sealed = true, content_hash = ${SOME_HASH} WHERE lineage_id = $1 AND revision > 0`,
      [lineage],
    );
    await manager.query(
      `INSERT INTO multi_cloud_images (id, account_id, lineage_id, revision, name, cloned_from_id, parent_ids, created_at, updated_at)
       SELECT gen_random_uuid(), $1, gen_random_uuid(), 0, 'clone', $2, ARRAY[$2::uuid], now(), now()
       FROM generate_series(1, $3)`,
      [account.key, first, clones],
    );
  });
}

/** Adds revision 2 to each MCI and script, and pins revision 1 in the HEADs of templates. */
async function pinRevisionsBelowTheNewest(): Promise<void> {
  for (const [table, own] of [
    ['multi_cloud_images', ''],
    ['right_scripts', ', source'],
  ])
    await api.dataSource.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO ${table} (id, account_id, lineage_id, revision, name, tags, commit_message, committed_at,
           created_at, updated_at${own})
         SELECT gen_random_uuid(), account_id, lineage_id, 2, name, tags, 'second', now(), now(), now()${own}
         FROM ${table} WHERE revision = 0`,
      );
      await manager.query(
        `UPDATE ${table} SET sealed = true, content_hash = ${SOME_HASH} WHERE revision = 2`,
      );
    });
  for (const [pins, version, table] of [
    ['server_template_multi_cloud_images', 'multi_cloud_image_id', 'multi_cloud_images'],
    ['server_template_scripts', 'right_script_id', 'right_scripts'],
  ])
    await api.dataSource.query(
      `UPDATE ${pins} AS pin SET ${version} = first.id
       FROM ${table} AS head JOIN ${table} AS first ON first.lineage_id = head.lineage_id AND first.revision = 1
       WHERE pin.${version} = head.id
         AND pin.server_template_id IN (SELECT id FROM server_templates WHERE revision = 0)`,
    );
}
