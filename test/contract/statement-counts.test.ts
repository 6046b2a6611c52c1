import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { seedComponents, type Seeded } from '../kit/seed';
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
  api = await startApi({}, 1);
  const seedAccount = async (count: number) => {
    const account = await api.account();
    return { account, seeded: await seedComponents(api.dataSource, account, count) };
  };
  few = await seedAccount(FEW);
  many = await seedAccount(MANY);
}, 120_000);
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
  // Token, page of templates, supported clouds, the cloud, pins, MCIs, their settings for the cloud, images, their
  // replacements, types, the settings as nodes, and the templates as subjects of advisories and candidates.
  expect([counted.few.statements, counted.many.statements]).toEqual([12, 12]);
});

test('references of a gateway by natural keys', async () => {
  const source = `query($references: [_Any!]!) { _entities(representations: $references) {
    __typename ... on Cloud { name } ... on CloudImage { name cloud { name } } ... on InstanceType { name }
    ... on MultiCloudImage { name revision } ... on ServerTemplate { name revision } } }`;
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
      ],
    };
  });
  expect(counted.few.data._entities).not.toContain(null);
  expect(counted.many.data._entities).toHaveLength(4 + 100 + 1 + 100 + 100);
  expect(counted.many.data._entities).not.toContain(null);
  // Token, one statement per type, and the clouds of the images.
  expect([counted.few.statements, counted.many.statements]).toEqual([7, 7]);
});
