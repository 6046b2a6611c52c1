import type { GraphQLSchema } from 'graphql';
import { toGlobalId, type NodeType } from '../../src/domain/global-id';
import { createSchema } from '../../src/schema';
import { startApi, type Data, type TestApi } from '../kit/api';
import { canaryMarket, type CanaryMarket } from '../kit/canary-market';
import { CanaryReader } from './canary-reader';
import { COMPONENTS, compositeOf, Crawl, pieces, type Ids, type Known } from './crawl';
import { DeepSelection, fieldsBehind } from './deep-selection';

const TABLES: Readonly<Record<NodeType, string>> = {
  Account: 'accounts',
  User: 'users',
  AccessToken: 'access_tokens',
  Cloud: 'clouds',
  CloudImage: 'cloud_images',
  InstanceType: 'instance_types',
  MultiCloudImage: 'multi_cloud_images',
  MultiCloudImageSetting: 'multi_cloud_image_settings',
  MultiCloudImageMatcher: 'multi_cloud_image_matchers',
  ServerTemplate: 'server_templates',
  RightScript: 'right_scripts',
  Deployment: 'deployments',
  Server: 'servers',
  ServerArray: 'server_arrays',
  Instance: 'instances',
  LaunchOrder: 'launch_orders',
  Publication: 'publications',
  AccountGroup: 'account_groups',
  EulaRevision: 'eula_revisions',
  AuditEntry: 'audit_entries',
  Webhook: 'webhooks',
  WebhookDelivery: 'webhook_deliveries',
};
const TYPES = Object.keys(TABLES) as NodeType[];

let api: TestApi;
let schema: GraphQLSchema;
let market: CanaryMarket;
let known: Known;
let deep: DeepSelection;
let crawl: Crawl;
let publisher: CanaryReader;
let importer: CanaryReader;

beforeAll(async () => {
  // Its questions are larger than any client's.
  api = await startApi({
    MCI_GRAPH_MAX_TOKENS: '0',
    MCI_GRAPH_MAX_ALIASES: '0',
    MCI_GRAPH_MAX_ROOT_FIELDS: '0',
    MCI_GRAPH_MAX_COST: '0',
  });
  schema = await createSchema();
  market = await canaryMarket(api);
  known = await everything();
  deep = new DeepSelection(schema, (name) => {
    if (name !== 'cloudId') throw new Error(`There is no argument for ${name} yet: add one`);
    return `"${market.place.cloud.id}"`;
  });
  crawl = new Crawl(schema, known, deep);
  const { importer: guest, publisher: host, member, secrets } = market;
  importer = new CanaryReader(api, guest, [host.canaries, member.canaries], secrets);
  // Who offers to groups sees which accounts are in them.
  publisher = new CanaryReader(api, host, [guest.canaries, member.canaries], [], ['account name']);
});
afterAll(() => api.close());

async function idsOf(type: NodeType, condition = 'true'): Promise<string[]> {
  const rows = await api.dataSource.query<{ id: string }[]>(
    `SELECT id FROM ${TABLES[type]} WHERE ${condition} ORDER BY id`,
  );
  return rows.map(({ id }) => toGlobalId(type, id));
}

async function byType(idsOfType: (type: NodeType) => Promise<string[]>): Promise<Ids> {
  const all = await Promise.all(TYPES.map(async (type) => [type, await idsOfType(type)]));
  return Object.fromEntries(all) as Ids;
}

/** Of the importer's account, or what it may use; of components HEADs that it may edit first. */
async function ownIdsOf(type: NodeType): Promise<string[]> {
  const { account } = market.importer;
  const { cloud, image, type: instanceType } = market.place;
  const known: Partial<Record<NodeType, string[]>> = {
    Account: [account.id],
    User: [toGlobalId('User', account.userKey)],
    Cloud: [cloud.id],
    CloudImage: [image.id],
    InstanceType: [instanceType.id],
    MultiCloudImageSetting: [],
    MultiCloudImageMatcher: [],
    EulaRevision: [],
  };
  const mine = `account_id = '${account.key}'`;
  if (!COMPONENTS.some((component) => component === type)) return known[type] ?? idsOf(type, mine);
  const head = 'revision = 0 AND NOT snapshot AND original_id IS NULL';
  return [...(await idsOf(type, `${mine} AND ${head}`)), ...(await idsOf(type, `${mine} AND NOT (${head})`))];
}

async function comparedIdsOf(type: NodeType): Promise<string[]> {
  if (!COMPONENTS.some((component) => component === type)) return [];
  return idsOf(
    type,
    `account_id = '${market.importer.account.key}' AND NOT snapshot AND (revision = 0 OR original_id IS NOT NULL)`,
  );
}

async function everything(): Promise<Known> {
  const rows = (sql: string): Promise<Data[]> => api.dataSource.query(sql);
  const resources = (table: string): Promise<Data[]> =>
    rows(`SELECT cloud_type AS "cloudType", region, resource_uid AS "resourceUid" FROM ${table} AS thing
      JOIN clouds AS cloud ON cloud.id = thing.cloud_id`);
  const lineages = COMPONENTS.map((type) =>
    rows(`SELECT DISTINCT '${type}' AS type, lineage_id AS "lineageId", revision FROM ${TABLES[type]}`),
  );
  return {
    ids: await byType((type) => idsOf(type)),
    ownIds: await byType(ownIdsOf),
    compared: await byType(comparedIdsOf),
    lineages: (await Promise.all(lineages)).flat() as Known['lineages'],
    clouds: await rows('SELECT cloud_type AS "cloudType", region FROM clouds'),
    cloudImages: await resources('cloud_images'),
    instanceTypes: await resources('instance_types'),
  };
}

/** Audit entries are many, and alike to what takes ids of any type. */
const withFewEntries = (ids: Ids): Ids => ({ ...ids, AuditEntry: ids.AuditEntry.slice(0, 3) });

describe('R-2.2, section 9: texts that an account keeps to itself come up nowhere', () => {
  it('their owner finds all of them, so that the search is not blind', async () => {
    await crawl.nodes(publisher, 1);
    await crawl.lists(publisher, 1);
    const { texts } = market.publisher.canaries;
    expect(texts.filter((text) => !publisher.found.has(text))).toEqual([]);
  });

  it('the publisher reads nothing of the people and the work of those who import', () => {
    expect(publisher.leaks).toEqual([]);
  });

  it('not in nodes and lists, nor in what is behind them', async () => {
    await crawl.nodes(importer, 2);
    await crawl.lists(importer, 1);
    expect(importer.leaks).toEqual([]);
  });

  it('not in what is asked for by an id', async () => {
    // Nodes have been read, and comparisons take pairs.
    const others = crawl.queries.filter(({ field: { name } }) => !/^(nodes?|mergePreview)$/.test(name));
    const tried = await crawl.slots(importer, others, withFewEntries(known.ids));
    expect(tried).toEqual(
      expect.arrayContaining([
        'auditEntries(objectId: any)',
        'diff(lineageId: lineage)',
        'instances(serverTemplateId: ServerTemplate)',
        'marketplace(lineageId: lineage)',
        'multiCloudImages(lineageId: lineage)',
        'publication(id: Publication)',
        'resolveLaunch(serverTemplateId: ServerTemplate)',
        'servers(lineageId: lineage)',
      ]),
    );
    expect(importer.leaks).toEqual([]);
  });

  it('not in differences and previews of merges', async () => {
    await crawl.comparisons(importer);
    expect(importer.leaks).toEqual([]);
  });

  it('not in references of a federation', async () => {
    await crawl.references(importer);
    expect(importer.leaks).toEqual([]);
  });

  it('not in counts of what a search finds', async () => {
    const { words } = market.publisher.canaries;
    const found = await crawl.search(importer, words);
    expect(Object.entries(found).filter(([, count]) => count > 0)).toEqual([]);
    expect(importer.leaks).toEqual([]);
    const own = await crawl.search(
      publisher,
      words.filter((word) => /hidden|cloud|other|next|server|array|instance|deploy/.test(word)),
    );
    // No canary is in what these compare: types of clouds, architectures, the publisher's name, and actions.
    expect(Object.keys(own).filter((slot) => own[slot] === 0)).toEqual([
      'cloudImages(cloudType)',
      'cloudImages(cpuArchitecture)',
      'clouds(cloudType)',
      'instanceTypes(cpuArchitecture)',
      'marketplace(publisher)',
      'auditEntries(action)',
    ]);
  });

  it('every field of every type that can be queried was answered', () => {
    const types = crawl.queries.flatMap((root) => compositeOf(root) ?? []);
    const answered = new Set([...publisher.answered, ...importer.answered]);
    expect(fieldsBehind(schema, types).filter((field) => !answered.has(field))).toEqual([]);
  });

  it('every node in an answer is one that may be read by its id', async () => {
    const found = [...importer.ids];
    const source = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const hidden: string[] = [];
    for (const ids of pieces(found, 200)) {
      const { data } = await importer.ask('nodes', source, { ids });
      hidden.push(...ids.filter((_, index) => data.nodes[index] === null));
    }
    expect(found.length).toBeGreaterThan(50);
    expect(hidden).toEqual([]);
  });

  // Last: some of them may be, and change something.
  it('not in answers to mutations, whatever they are told to change', async () => {
    const own = new Set(TYPES.flatMap((type) => known.ownIds[type]));
    const foreign = await byType((type) => Promise.resolve(known.ids[type].filter((id) => !own.has(id))));
    await crawl.slots(importer, crawl.mutations, withFewEntries(foreign));
    expect(importer.leaks).toEqual([]);
    const types = crawl.mutations.flatMap((root) => compositeOf(root) ?? []);
    expect(fieldsBehind(schema, types).filter((field) => !deep.selected.has(field))).toEqual([]);
  });
});
