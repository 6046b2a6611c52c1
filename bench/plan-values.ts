import type { EntityManager } from 'typeorm';
import { toGlobalId, type NodeType } from '../src/domain/global-id';
import { keySql } from './plan-records';
import { first, type Samples } from './samples';

/** What queries of the graph are given, as GraphQL literals. */
export interface PlanValues {
  /** Of root fields that give no page: their arguments, by what they say. */
  readonly roots: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Key of a person of the account. */
  readonly userId: string;
  /** Global ids by type. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** Of each other argument (`Type.field(argument)`) and each field of a filter (`Filter.field`). */
  readonly literals: Readonly<Record<string, readonly string[]>>;
  /** Conditions of a filter that are given together. */
  readonly combinations: Readonly<Record<string, readonly string[]>>;
  /** Fields of filters that lists of another type of thing take only. */
  readonly refused: Readonly<Record<string, readonly string[]>>;
  /** Orders that need a filter: lists have them without being told when they are given it. */
  readonly dependentOrders: Readonly<Record<string, true>>;
}

const PARENTS = 20;
const FOREIGN = "account_id <> $1 AND visibility = 'PUBLIC'";
const RUNNING = "account_id = $1 AND state <> 'TERMINATED'";
/** Of these the first by key have long lists (plan-records.ts). */
const OWN = 'account_id = $1';
const HEADS = `${OWN} AND revision = 0 AND NOT snapshot`;

/** Rows of each type that the account sees. */
const ROWS: Readonly<Record<NodeType, string>> = {
  Account: 'accounts WHERE id = $1',
  User: 'users WHERE id IN (SELECT user_id FROM memberships WHERE account_id = $1)',
  AccessToken: `access_tokens WHERE ${OWN}`,
  Cloud: 'clouds WHERE $1::uuid IS NOT NULL AND account_id IS NULL',
  CloudImage:
    'cloud_images WHERE $1::uuid IS NOT NULL AND id IN (SELECT image_id FROM multi_cloud_image_settings ORDER BY id LIMIT 100)',
  InstanceType: 'instance_types WHERE $1::uuid IS NOT NULL',
  MultiCloudImage: `multi_cloud_images WHERE ${HEADS}`,
  MultiCloudImageSetting: `multi_cloud_image_settings WHERE multi_cloud_image_id IN (SELECT id FROM multi_cloud_images WHERE ${HEADS})`,
  MultiCloudImageMatcher: `multi_cloud_image_matchers WHERE multi_cloud_image_id IN (SELECT id FROM multi_cloud_images WHERE ${HEADS})`,
  ServerTemplate: `server_templates WHERE ${HEADS}`,
  RightScript: `right_scripts WHERE ${HEADS}`,
  Deployment: `deployments WHERE ${OWN}`,
  Server: `servers WHERE ${OWN}`,
  ServerArray: `server_arrays WHERE ${OWN}`,
  Instance: `instances WHERE ${RUNNING}`,
  LaunchOrder: `launch_orders WHERE ${OWN}`,
  Publication: `publications WHERE ${FOREIGN}`,
  AccountGroup: `account_groups WHERE ${OWN}`,
  EulaRevision: `eula_revisions WHERE eula_id IN (SELECT id FROM eulas WHERE ${OWN})`,
  AuditEntry: `audit_entries WHERE ${OWN}`,
  Webhook: `webhooks WHERE ${OWN}`,
  WebhookDelivery: `webhook_deliveries WHERE ${OWN}`,
};

export async function readPlanValues(manager: EntityManager, samples: Samples): Promise<PlanValues> {
  const { accountId } = samples.viewer;
  const ids: Partial<Record<NodeType, string[]>> = {};
  for (const [type, rows] of Object.entries(ROWS) as [NodeType, string][]) {
    const found: { id: string }[] = await manager.query(
      `SELECT id FROM ${rows} ORDER BY id LIMIT ${PARENTS}`,
      [accountId],
    );
    ids[type] = found.map((row) => toGlobalId(type, row.id));
  }
  const [person]: { id: string }[] = await manager.query(
    'SELECT user_id AS id FROM memberships WHERE account_id = $1 ORDER BY 1 LIMIT 1',
    [accountId],
  );
  const [rare]: { id: string; objectId: string }[] = await manager.query(
    `SELECT ${keySql('person', "$1::uuid || ' 0'")} AS id, object_id AS "objectId" FROM audit_entries WHERE account_id = $1 LIMIT 1`,
    [accountId],
  );
  if (rare === undefined || person === undefined)
    throw new Error('The database lacks people who did something.');
  return valuesFor(samples, ids, {
    userId: toGlobalId('User', rare.id),
    objectId: toGlobalId('Server', rare.objectId),
    personId: person.id,
  });
}

const quoted = (...texts: readonly string[]): string[] => texts.map((text) => JSON.stringify(text));
const BOTH = ['true', 'false'] as const;
const TAGS = quoted('team:owner=web', 'rare', 'team:owner=*');

interface People {
  readonly personId: string;
  readonly userId: string;
  readonly objectId: string;
}

function valuesFor(samples: Samples, ids: Partial<Record<NodeType, string[]>>, people: People): PlanValues {
  const one = (type: NodeType) => JSON.stringify(ids[type]?.[0]);
  const some = (type: NodeType, ...keys: readonly string[]) =>
    keys.map((each) => JSON.stringify(toGlobalId(type, each)));
  const { image, cloudId, unusedCloudId, kernelImageId } = samples;
  const cloudIds = some('Cloud', cloudId, unusedCloudId);
  const imageIds = some('CloudImage', first(samples.imageIds), first(samples.popularImageIds), kernelImageId);
  const mci = first(samples.multiCloudImages);
  const template = first(samples.serverTemplates);
  const publication = first(samples.publications);
  const naturalKey = first(samples.naturalKeys);
  const place = `cloudType: ${JSON.stringify(naturalKey.cloudType)}, region: ${JSON.stringify(naturalKey.region)}`;
  const byId = (type: NodeType) => ({ 'by id': `(id: ${one(type)})` });
  const components = quoted(mci.lineageId, template.lineageId);
  return {
    userId: people.personId,
    ids,
    roots: {
      accountGroup: byId('AccountGroup'),
      cloud: { ...byId('Cloud'), 'by natural key': `(${place})` },
      cloudImage: {
        ...byId('CloudImage'),
        'by natural key': `(${place}, resourceUid: ${JSON.stringify(naturalKey.resourceUid)})`,
      },
      deployment: byId('Deployment'),
      instance: byId('Instance'),
      publication: byId('Publication'),
      multiCloudImage: byId('MultiCloudImage'),
      serverTemplate: byId('ServerTemplate'),
      rightScript: byId('RightScript'),
      server: byId('Server'),
      serverArray: byId('ServerArray'),
      node: Object.fromEntries(
        Object.entries(ids).map(([type, [id]]) => [`a ${type}`, `(id: ${JSON.stringify(id)})`]),
      ),
      nodes: {
        'of many types': `(ids: ${JSON.stringify(Object.values(ids).map(([id]) => id))})`,
        images: `(ids: ${JSON.stringify(samples.imageIds.map((id) => toGlobalId('CloudImage', id)))})`,
      },
      diff: { 'of a lineage': `(lineageId: ${JSON.stringify(template.lineageId)})` },
      mergePreview: {
        'a revision into its HEAD': `(intoId: ${one('MultiCloudImage')}, fromId: ${one('MultiCloudImage')})`,
      },
      resolveLaunch: {
        'of a template': `(input: { cloudId: ${first(cloudIds)}, serverTemplateId: ${one('ServerTemplate')} })`,
      },
      viewer: { itself: '' },
    },
    literals: {
      'MultiCloudImage.setting(cloudId)': cloudIds,
      'ServerTemplate.resolve(cloudId)': cloudIds,
      'ServerTemplate.resolve(multiCloudImageId)': [],
      'ServerTemplate.scripts(phase)': ['BOOT'],
      'ServerTemplate.servers(use)': ['NEXT', 'CURRENT'],
      'ServerTemplate.serverArrays(use)': ['NEXT', 'CURRENT'],
      'ImageUsage.instances(running)': BOTH,
      'ServerArray.instances(running)': BOTH,
      'Webhook.deliveries(state)': ['PENDING', 'DELIVERED', 'DEAD'],
      'Query.eulas(includeArchived)': BOTH,
      'Query.myImports(updatesOnly)': BOTH,
      'CloudImageFilter.cloudId': cloudIds,
      'CloudImageFilter.cloudType': quoted('azure', 'nowhere'),
      'CloudImageFilter.region': quoted('region-0', 'nowhere'),
      'CloudImageFilter.resourceUid': quoted(image.resourceUid),
      'CloudImageFilter.name': quoted(image.name.slice(0, 16)),
      'CloudImageFilter.search': quoted(image.name, image.name.slice(3, -2), 'nowhere-to-be-found', '64'),
      'CloudImageFilter.imageType': ['KERNEL', 'MACHINE'],
      'CloudImageFilter.lifecycle': ['AVAILABLE', 'OBSOLETE', 'FAILED'],
      'CloudImageFilter.visibility': ['PUBLIC', 'PRIVATE'],
      'CloudImageFilter.cpuArchitecture': quoted('arm64', 's390x'),
      'CloudImageFilter.operatingSystem': quoted('fedora-coreos 7', 'Plan 9'),
      'CloudImageFilter.fingerprint': quoted(image.fingerprint),
      'CloudImageFilter.tag': TAGS,
      'CloudFilter.cloudType': quoted('amazon'),
      'CloudFilter.region': quoted('region-0'),
      'CloudFilter.name': quoted('1'),
      'CloudFilter.public': BOTH,
      'InstanceTypeFilter.cloudId': cloudIds,
      'InstanceTypeFilter.name': quoted('1'),
      'InstanceTypeFilter.cpuArchitecture': quoted('arm64'),
      'InstanceTypeFilter.offered': BOTH,
      'DeploymentFilter.name': quoted('Deployment 1', 'nowhere-to-be-found'),
      'DeploymentFilter.tag': TAGS,
      'DeploymentFilter.includeDeleted': BOTH,
      'InstanceFilter.states': ['[OPERATIONAL]', '[STRANDED, DECOMMISSIONING]', '[TERMINATED]'],
      'InstanceFilter.running': BOTH,
      'InstanceFilter.serverId': [one('Server')],
      'InstanceFilter.serverArrayId': [one('ServerArray')],
      'InstanceFilter.imageId': imageIds,
      'InstanceFilter.cloudId': cloudIds,
      'InstanceFilter.serverTemplateId': [one('ServerTemplate')],
      'InstanceFilter.tag': TAGS,
      'InstanceFilter.drifted': BOTH,
      'LaunchOrderFilter.states': ['[OPEN]', '[COMPLETED]', '[FAILED]', '[WAITING, CLAIMED]'],
      'LaunchOrderFilter.kinds': ['[LAUNCH]', '[TERMINATE]', '[BUNDLE]'],
      'LaunchOrderFilter.instanceId': [one('Instance')],
      'MarketplaceFilter.kind': ['SERVER_TEMPLATE', 'RIGHT_SCRIPT'],
      'MarketplaceFilter.implicit': BOTH,
      'MarketplaceFilter.lineageId': quoted(publication.lineageId),
      'MarketplaceFilter.search': quoted(publication.name, 'nowhere-to-be-found'),
      'MarketplaceFilter.category': quoted('containers', 'nowhere'),
      'MarketplaceFilter.publisher': quoted('publisher 7', 'nobody'),
      'MarketplaceFilter.cloudId': cloudIds,
      'MarketplaceFilter.sharedWithMe': BOTH,
      'MarketplaceFilter.imported': BOTH,
      'MyPublicationsFilter.kind': ['SERVER_TEMPLATE', 'RIGHT_SCRIPT'],
      'MyPublicationsFilter.implicit': BOTH,
      'MyPublicationsFilter.lineageId': quoted(publication.lineageId),
      'MyPublicationsFilter.status': ['ACTIVE', 'DEPRECATED'],
      'ComponentFilter.name': quoted(mci.name.slice(2), template.name.slice(2)),
      'ComponentFilter.tag': TAGS,
      'ComponentFilter.includeDeleted': BOTH,
      'ComponentFilter.description': quoted('runs 7'),
      'ComponentFilter.search': quoted('web', mci.name, 'nowhere-to-be-found'),
      'ComponentFilter.origin': ['PRIVATE', 'IMPORTED', 'SUBSCRIBED'],
      'ComponentFilter.lineageId': components,
      'ComponentFilter.cloudId': cloudIds,
      'ComponentFilter.versions': ['CURRENT', 'HEADS', 'REVISIONS', 'ALL'],
      'ServerFilter.name': quoted('Number 1', 'nowhere-to-be-found'),
      'ServerFilter.tag': TAGS,
      'ServerFilter.includeDeleted': BOTH,
      'ServerFilter.search': quoted('number 1', 'nowhere-to-be-found'),
      'ServerFilter.deploymentId': [one('Deployment')],
      'ServerFilter.cloudId': cloudIds,
      'ServerFilter.serverTemplateId': [one('ServerTemplate')],
      'ServerFilter.lineageId': quoted(template.lineageId),
      'ServerFilter.state': ['OPERATIONAL', 'STRANDED', 'TERMINATED'],
      'AuditFilter.objectId': quoted(people.objectId),
      'AuditFilter.userId': quoted(people.userId),
      'AuditFilter.action': quoted('server.update', 'account.rename', 'nothing.done'),
      'AuditFilter.since': quoted('2026-01-02T00:00:00Z'),
      'AuditFilter.until': quoted('2026-01-02T00:00:00Z'),
    },
    combinations: {
      CloudImageFilter: [
        `cloudId: ${first(cloudIds)}, search: "ubuntu web"`,
        `cloudId: ${first(cloudIds)}, imageType: KERNEL`,
        'cpuArchitecture: "arm64", lifecycle: AVAILABLE',
        'cloudType: "amazon", region: "region-0"',
      ],
      ComponentFilter: ['search: "web", tag: "team:owner=web"', 'versions: ALL, includeDeleted: true'],
      MarketplaceFilter: [`cloudId: ${first(cloudIds)}, search: ${JSON.stringify(publication.name)}`],
      AuditFilter: [`userId: ${JSON.stringify(people.userId)}, action: "account.rename"`],
    },
    // They have none.
    refused: { 'Query.rightScripts': ['cloudId'] },
    dependentOrders: { RELEVANCE: true },
  };
}
