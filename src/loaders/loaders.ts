import type { EntityManager, EntityTarget } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import type { ComponentType } from '../domain/versioning/component-type';
import { AccessToken } from '../entities/access/access-token';
import { AccountGroup } from '../entities/marketplace/account-group';
import { AuditEntry } from '../entities/access/audit-entry';
import type { Component } from '../entities/components/component';
import { CloudImage } from '../entities/catalog/cloud-image';
import { Deployment } from '../entities/servers/deployment';
import { Instance } from '../entities/servers/instance';
import { InstanceType } from '../entities/catalog/instance-type';
import { LaunchOrder } from '../entities/servers/launch-order';
import { MultiCloudImage } from '../entities/components/multi-cloud-image';
import type { Node } from '../entities/node';
import { RightScript } from '../entities/components/right-script';
import { Server } from '../entities/servers/server';
import { ServerArray } from '../entities/servers/server-array';
import { ServerTemplate } from '../entities/components/server-template';
import { Webhook, WebhookDelivery } from '../entities/events/webhook';
import * as batches from '../persistence/batches';
import {
  headsByLineage,
  latestRevisionsByLineage,
  versionsById,
  visibleVersionsByRevision,
} from '../persistence/components/component-batches';
import { eulaRevisionsById, eulaTextsById } from '../persistence/marketplace/eula-store';
import { currentInstances, launchStatistics } from '../persistence/servers/instance-batches';
import { proposalsByMultiCloudImageAndCloud } from '../persistence/catalog/proposals';
import { sourcesById } from '../persistence/components/right-script-store';
import { ownAccounts, ownById } from '../persistence/node-store';
import { organizationsByAccount } from '../persistence/marketplace/organization-store';
import { newestPublications, publicationsById } from '../persistence/marketplace/publication-batches';
import type { LaunchRows } from '../persistence/launch/launch-rows';
import { endedSubscriptions } from '../persistence/marketplace/subscription-store';
import { upstreamUpdates } from '../persistence/components/upstream-store';
import { Connections } from './connections';
import { driftedInstanceCounts, instanceDrift } from './drift';
import { launchResolutions } from './launch-resolutions';
import { many, one, oneByKey } from './loader';
import { publicationFactLoaders } from './publication-facts';

interface RevisionKey {
  readonly lineageId: string;
  readonly revision: number;
}

interface ImageKey {
  readonly cloudType: string;
  readonly region: string;
  readonly resourceUid: string;
}

interface SettingKey {
  readonly multiCloudImageId: string;
  readonly cloudId: string;
}

const revisionText = (key: RevisionKey): string => `${key.lineageId} ${key.revision}`;
const imageText = (key: ImageKey): string => JSON.stringify([key.cloudType, key.region, key.resourceUid]);
const cloudText = (key: Pick<ImageKey, 'cloudType' | 'region'>): string =>
  JSON.stringify([key.cloudType, key.region]);
const settingText = (key: SettingKey): string => `${key.multiCloudImageId} ${key.cloudId}`;

export type Loaders = ReturnType<typeof createLoaders>;

/** One set per request. Each loader turns the keys of one tick into one statement, with visibility applied. */
export function createLoaders(manager: EntityManager, viewer: Viewer) {
  const loaders = createRowLoaders(manager, viewer);
  return {
    ...loaders,
    /** What a launch would use, and why (section 7). */
    resolution: launchResolutions(manager, viewer, (rows) => prime(loaders, rows)),
    /** What there is to know about publications and imports (section 9). */
    publicationFacts: publicationFactLoaders(manager, viewer),
    /** How running instances differ from that. */
    drift: instanceDrift(manager, viewer),
    driftedCount: driftedInstanceCounts(manager, viewer),
  };
}

function createRowLoaders(manager: EntityManager, viewer: Viewer) {
  return {
    connections: new Connections(manager),
    cloud: one(
      (ids) => batches.cloudsById(manager, viewer, ids),
      (row) => row.id,
    ),
    cloudByNaturalKey: oneByKey(
      (keys) => batches.cloudsByNaturalKey(manager, viewer, keys),
      cloudText,
      cloudText,
    ),
    /** Also images that the viewer doesn't see: `visible` says so. */
    image: one(
      (ids) => batches.imagesById(manager, viewer, ids),
      (row) => row.id,
    ),
    imageByNaturalKey: oneByKey(
      (keys: readonly ImageKey[]) => batches.byNaturalKey<CloudImage>(manager, CloudImage, viewer, keys),
      imageText,
      imageText,
    ),
    imageTags: one(
      (ids) => batches.imageTagsById(manager, viewer, ids),
      (row) => row.cloudImageId,
    ),
    instanceType: one(
      (ids) => batches.instanceTypesById(manager, viewer, ids),
      (row) => row.id,
    ),
    instanceTypeByNaturalKey: oneByKey(
      (keys: readonly ImageKey[]) => batches.byNaturalKey<InstanceType>(manager, InstanceType, viewer, keys),
      imageText,
      imageText,
    ),
    multiCloudImages: versionLoaders(manager, viewer, MultiCloudImage),
    setting: one(
      (ids) => batches.settingsById(manager, viewer, ids),
      (row) => row.id,
    ),
    settings: many(
      (ids) => batches.settingsByMultiCloudImage(manager, ids),
      (row) => row.multiCloudImageId,
    ),
    settingForCloud: oneByKey(
      (keys: readonly SettingKey[]) =>
        batches.settingsByMultiCloudImageAndCloud(manager, {
          multiCloudImageIds: keys.map((key) => key.multiCloudImageId),
          cloudIds: keys.map((key) => key.cloudId),
        }),
      settingText,
      settingText,
    ),
    matcher: one(
      (ids) => batches.matchersById(manager, viewer, ids),
      (row) => row.id,
    ),
    matchers: many(
      (ids) => batches.matchersByMultiCloudImage(manager, ids),
      (row) => row.multiCloudImageId,
    ),
    /** What the matchers of an MCI version propose for a cloud. */
    proposal: oneByKey(
      (keys: readonly SettingKey[]) => proposalsByMultiCloudImageAndCloud(manager, viewer, keys),
      settingText,
      settingText,
    ),
    rightScripts: versionLoaders(manager, viewer, RightScript),
    /** By the id of a version: no row holds it. */
    rightScriptSource: one(
      (ids) => sourcesById(manager, viewer, ids),
      (row) => row.id,
    ),
    serverTemplates: versionLoaders(manager, viewer, ServerTemplate),
    account: one(
      (ids) => ownAccounts(manager, viewer, ids),
      (row) => row.id,
    ),
    accessToken: ownLoader(manager, viewer, AccessToken),
    auditEntry: ownLoader(manager, viewer, AuditEntry),
    deployment: ownLoader(manager, viewer, Deployment),
    server: ownLoader(manager, viewer, Server),
    serverArray: ownLoader(manager, viewer, ServerArray),
    instance: ownLoader(manager, viewer, Instance),
    launchOrder: ownLoader(manager, viewer, LaunchOrder),
    accountGroup: ownLoader(manager, viewer, AccountGroup),
    webhook: ownLoader(manager, viewer, Webhook),
    webhookDelivery: ownLoader(manager, viewer, WebhookDelivery),
    publication: one(
      (ids) => publicationsById(manager, viewer, ids),
      (row) => row.id,
    ),
    eulaRevision: one(
      (ids) => eulaRevisionsById(manager, viewer, ids),
      (row) => row.id,
    ),
    /** By the key of a subscribed HEAD: `null` while it follows its publisher's. */
    endedSubscription: one(
      (ids) => endedSubscriptions(manager, viewer, ids),
      (row) => row.id,
    ),
    /** By lineage: the newest revision that is offered. */
    newestPublication: one(
      (lineages) => newestPublications(manager, viewer, lineages),
      (row) => row.lineageId,
    ),
    /** By the id of a licence text: no row holds it. */
    eulaText: one(
      (ids) => eulaTextsById(manager, viewer, ids),
      (row) => row.id,
    ),
    /** By the account's key: as which it publishes. */
    organization: one(
      (ids) => organizationsByAccount(manager, viewer, ids),
      (row) => row.accountId,
    ),
    /** By the server's key: the instance that it has now. */
    currentInstance: one(
      (ids) => currentInstances(manager, viewer, ids),
      (row) => row.serverId ?? '',
    ),
    /** By the key of a template version; `null`: nothing was launched from it. */
    launchStatistics: one(
      (ids) => launchStatistics(manager, viewer, ids),
      (row) => row.serverTemplateId,
    ),
    pins: many(
      (ids) => batches.pinsByServerTemplate(manager, viewer, ids),
      (row) => row.serverTemplateId,
    ),
    scripts: many(
      (ids) => batches.scriptsByServerTemplate(manager, viewer, ids),
      (row) => row.serverTemplateId,
    ),
    supportedClouds: many(
      (ids) => batches.supportedClouds(manager, viewer, ids),
      (row) => row.serverTemplateId,
    ),
    user: one(
      (ids) => batches.usersById(manager, viewer, ids),
      (row) => row.id,
    ),
  };
}

/** What was read to resolve launches need not be read again to show it. */
function prime(loaders: ReturnType<typeof createRowLoaders>, rows: LaunchRows): void {
  for (const [id, row] of rows.serverTemplates) loaders.serverTemplates.byId.prime(id, row);
  for (const [id, row] of rows.clouds) loaders.cloud.prime(id, row);
  for (const [id, pins] of rows.pins) loaders.pins.prime(id, [...pins]);
  for (const [id, row] of rows.multiCloudImages) loaders.multiCloudImages.byId.prime(id, row);
  for (const row of rows.settings.values()) {
    loaders.setting.prime(row.id, row);
    loaders.settingForCloud.prime(row, row);
  }
  for (const [id, row] of rows.images) loaders.image.prime(id, row);
  for (const [id, row] of rows.instanceTypes) loaders.instanceType.prime(id, row);
}

/** What belongs to the viewer's account, by id; deleted ones too. */
const ownLoader = <E extends Node & { readonly accountId: string }>(
  manager: EntityManager,
  viewer: Viewer,
  entity: EntityTarget<E>,
) =>
  one(
    (ids) => ownById(manager, entity, viewer, ids),
    (row) => row.id,
  );

/** The versions of one kind of component: by id, HEAD and newest revision of a lineage, by lineage and number. */
function versionLoaders<E extends Component>(
  manager: EntityManager,
  viewer: Viewer,
  entity: EntityTarget<E>,
) {
  return {
    byId: one(
      (ids) => versionsById(manager, entity, viewer, ids),
      (row) => row.id,
    ),
    head: one(
      (lineages) => headsByLineage(manager, entity, viewer, lineages),
      (row) => row.lineageId,
    ),
    latestRevision: one(
      (lineages) => latestRevisionsByLineage(manager, entity, viewer, lineages),
      (row) => row.lineageId,
    ),
    byRevision: oneByKey(
      (keys: readonly RevisionKey[]) => visibleVersionsByRevision(manager, entity, viewer, keys),
      revisionText,
      revisionText,
    ),
    /** By the id of a version of a clone: what there is to merge from where it came from. */
    upstreamUpdate: one(
      (ids) => upstreamUpdates(manager, entity, viewer, ids),
      (row) => row.componentId,
    ),
  };
}

const VERSIONS = {
  MultiCloudImage: 'multiCloudImages',
  ServerTemplate: 'serverTemplates',
  RightScript: 'rightScripts',
} as const satisfies Record<ComponentType, keyof Loaders>;

/** The loaders of the versions of a kind that is known by its name only. */
export const versionsOf = (loaders: Loaders, type: ComponentType) => loaders[VERSIONS[type]];
