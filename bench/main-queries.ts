import { randomUUID } from 'node:crypto';
import type { ObjectLiteral } from 'typeorm';
import { CloudImage } from '../src/entities/catalog/cloud-image';
import { InstanceType } from '../src/entities/catalog/instance-type';
import type { MultiCloudImageMatcher } from '../src/entities/components/multi-cloud-image-matcher';
import { MultiCloudImage } from '../src/entities/components/multi-cloud-image';
import { RightScript } from '../src/entities/components/right-script';
import type { ServerDefinition } from '../src/entities/servers/server-definition';
import { ServerTemplate } from '../src/entities/components/server-template';
import { cloudImageSearch } from '../src/loaders/cloud-image-search';
import * as batches from '../src/persistence/batches';
import * as versions from '../src/persistence/components/component-batches';
import {
  cloudImageList,
  type CloudImageFilter,
  type CloudImageOrder,
} from '../src/persistence/catalog/cloud-image-list';
import { cloudList, missingCloudList } from '../src/persistence/catalog/cloud-list';
import {
  multiCloudImageList,
  revisionList,
  rightScriptList,
  serverTemplateList,
  type ComponentFilter,
  type ComponentOrder,
} from '../src/persistence/components/component-list';
import { driftedCounts } from '../src/persistence/servers/drift-list';
import { currentInstances, launchStatistics } from '../src/persistence/servers/instance-batches';
import {
  instanceList,
  instancesOfServer,
  instancesOfServerArray,
  instancesUsingImage,
  type InstanceFilter,
} from '../src/persistence/servers/instance-list';
import { launchOrderList, type LaunchOrderFilter } from '../src/persistence/servers/launch-order-list';
import { lockClaimable } from '../src/persistence/servers/launch-order-store';
import { findCandidates } from '../src/persistence/components/matcher-store';
import { instanceTypeList } from '../src/persistence/catalog/instance-type-list';
import { readPage, type ListQuery } from '../src/persistence/keyset-page';
import { runningInstances } from '../src/persistence/servers/running-configurations';
import { SERVER_ARRAYS, SERVERS, type DefinitionKind } from '../src/persistence/servers/definition-kind';
import {
  definitionList,
  definitionsUsingImage,
  definitionsUsingMultiCloudImage,
  definitionsUsingServerTemplate,
  deploymentList,
  type ServerFilter,
} from '../src/persistence/servers/server-list';
import {
  multiCloudImagesUsingImage,
  serverTemplatesUsingImage,
  serverTemplatesUsingMultiCloudImage,
  serverTemplatesUsingRightScript,
  settingsUsingImage,
} from '../src/persistence/servers/where-used-list';
import {
  batch,
  KNOWN_LIMIT,
  nextPage,
  OWN_ROWS,
  page,
  pages,
  total,
  totals,
  type MainQuery,
} from './main-query';
import { marketplace } from './marketplace-queries';
import { ONE_PAGE } from './plan-verdict';
import { first, type Samples } from './samples';

export function mainQueries(samples: Samples): MainQuery[] {
  return [
    ...images(samples),
    ...components(samples),
    ...nested(samples),
    ...whereUsed(samples),
    ...batched(samples),
    ...drift(samples),
    ...servers(samples),
    ...instances(samples),
    ...launchOrders(samples),
    ...marketplace(samples),
  ];
}

function images({ viewer, cloudId, image }: Samples): MainQuery[] {
  const filters: Record<string, CloudImageFilter> = {
    all: {},
    'search a rare word': { search: image.name },
    'search a part of a word': { search: image.name.slice(3, -2) },
    'search no match': { search: 'nowhere-to-be-found' },
    'search a short word': { search: '64' },
    name: { name: image.name.slice(0, 16) },
    cloudId: { cloudId },
    'cloudId and search': { cloudId, search: 'ubuntu web' },
    'cloudType and region': { cloudType: 'amazon', region: 'region-0' },
    cloudType: { cloudType: 'azure' },
    resourceUid: { resourceUid: image.resourceUid },
    fingerprint: { fingerprint: image.fingerprint },
    'cpuArchitecture and lifecycle': { cpuArchitecture: 'arm64', lifecycle: 'AVAILABLE' },
    'kernels of a cloud': { cloudId, imageType: 'KERNEL' },
    'a type of image': { imageType: 'RAMDISK' },
    'an architecture that no image has': { cpuArchitecture: 's390x' },
    'an operating system': { operatingSystem: 'fedora-coreos 7' },
    'an operating system that no image has': { operatingSystem: 'Plan 9' },
    'a lifecycle that no image has': { lifecycle: 'FAILED' },
    'a frequent lifecycle': { lifecycle: 'OBSOLETE' },
    'a region that no cloud has': { region: 'nowhere' },
    'a cloud without images': { cloudType: 'vsphere', region: 'datacenter' },
    public: { visibility: 'PUBLIC' },
    tag: { tag: 'team:owner=web' },
    'rare tag': { tag: 'rare' },
    'any value of a tag': { tag: 'team:owner=*' },
  };
  const limits: Record<string, CloudImageFilter> = {
    'search frequent words': { search: 'fedora build' },
    'search frequent and short words': { search: 'fedora 7' },
    'search a short word, no match': { search: 'zq' },
  };
  const nobody = { ...viewer, accountId: '00000000-0000-4000-8000-000000000000' };
  const orders: CloudImageOrder[] = ['NAME_ASC', 'NAME_DESC', 'PUBLISHED_AT_ASC', 'PUBLISHED_AT_DESC'];
  const list = (filter: CloudImageFilter, order?: CloudImageOrder) => cloudImageList(viewer, filter, order);
  return [
    ...Object.entries(filters).flatMap(([name, filter]) =>
      (['NAME_ASC', 'PUBLISHED_AT_DESC'] as const).map((order): MainQuery => ({
        name: `images: ${name}, ${order}`,
        reads: ONE_PAGE,
        run: async (manager) => {
          const found = await cloudImageSearch({ dataSource: manager.connection, viewer }, filter, order);
          return readPage(manager, found, { first: 25 });
        },
      })),
    ),
    ...Object.entries(limits).flatMap(([name, filter]) =>
      [orders[0], orders[3]].map((order) => ({
        ...page(`images: ${name}, ${order}`, list(filter, order)),
        reads: KNOWN_LIMIT,
      })),
    ),
    ...orders.flatMap((order) => [
      nextPage(`images: all, ${order}`, list({}, order)),
      nextPage(`images: cloudId, ${order}`, list({ cloudId }, order)),
    ]),
    { ...total('images: all', list({})), wholeTable: true },
    ...(['NAME_ASC', 'PUBLISHED_AT_DESC'] as const).map((order) => ({
      ...page(`images: private, ${order}`, list({ visibility: 'PRIVATE' }, order)),
      reads: OWN_ROWS,
    })),
    page('images: private, for an account that sees none', cloudImageList(nobody, { visibility: 'PRIVATE' })),
    total('images: private', list({ visibility: 'PRIVATE' })),
    total('images: cloudId', list({ cloudId })),
    total('images: search a rare word', list({ search: image.name })),
    total('images: search frequent words', list({ search: 'fedora build' })),
  ];
}

function components({
  viewer,
  cloudId,
  unusedCloudId,
  multiCloudImages,
  serverTemplates,
  rightScripts,
}: Samples): MainQuery[] {
  const orders: ComponentOrder[] = [
    'NAME_ASC',
    'NAME_DESC',
    'CREATED_AT_ASC',
    'CREATED_AT_DESC',
    'UPDATED_AT_ASC',
    'UPDATED_AT_DESC',
  ];
  const kinds = [
    { kind: 'MCIs', list: multiCloudImageList, sample: first(multiCloudImages) },
    { kind: 'templates', list: serverTemplateList, sample: first(serverTemplates) },
    { kind: 'scripts', list: rightScriptList, sample: first(rightScripts) },
  ];
  return kinds.flatMap(({ kind, list, sample }) => {
    const hasClouds = list !== rightScriptList;
    const filters: Record<string, ComponentFilter> = {
      'search frequent words': { search: 'web' },
      'search a rare word': { search: sample.name },
      'search no match': { search: 'nowhere-to-be-found' },
      name: { name: sample.name.slice(2) },
      description: { description: 'runs 7' },
      tag: { tag: 'team:owner=web' },
      'rare tag': { tag: 'rare' },
      'any value of a tag': { tag: 'team:owner=*' },
      lineageId: { lineageId: sample.lineageId, versions: 'ALL' },
      ...(hasClouds && {
        cloudId: { cloudId },
        'cloudId of an unused cloud': { cloudId: unusedCloudId },
        'cloudId, search and tag': { cloudId, search: 'web', tag: 'team:owner=web' },
      }),
      'every version': { versions: 'ALL' },
      revisions: { versions: 'REVISIONS' },
      'with deleted ones': { includeDeleted: true },
    };
    return [
      ...orders.flatMap((order) => [
        page(`${kind}: ${order}`, list(viewer, {}, order)),
        nextPage(`${kind}: ${order}`, list(viewer, {}, order)),
      ]),
      ...Object.entries(filters).flatMap(([name, filter]) =>
        [orders[0], orders[5]].map((order) => ({
          ...page(`${kind}: ${name}, ${order}`, list(viewer, filter, order)),
          reads: name === 'search frequent words' ? OWN_ROWS : ONE_PAGE,
        })),
      ),
      {
        ...page(`${kind}: search a short word, no match`, list(viewer, { search: 'zq' })),
        reads: OWN_ROWS,
      },
      total(`${kind}: all`, list(viewer)),
      // Half of all rows belong to the large account, and each of its components has to be looked into.
      ...(hasClouds ? [{ ...total(`${kind}: cloudId`, list(viewer, { cloudId })), wholeTable: true }] : []),
      total(`${kind}: search a rare word`, list(viewer, { search: sample.name })),
    ];
  });
}

function nested({ viewer, cloudIds, multiCloudImages, serverTemplates, rightScripts }: Samples): MainQuery[] {
  const mcis = multiCloudImages.map((mci) => mci.id);
  return [
    page('clouds', cloudList(viewer)),
    page('instance types', instanceTypeList(viewer)),
    pages('cloud.images', cloudImageList(viewer), cloudIds),
    pages('cloud.images by publication', cloudImageList(viewer, {}, 'PUBLISHED_AT_DESC'), cloudIds),
    pages('cloud.images, search', cloudImageList(viewer, { search: 'fedora web' }), cloudIds),
    totals('cloud.images', cloudImageList(viewer), cloudIds.slice(0, 5)),
    pages('cloud.instanceTypes', instanceTypeList(viewer), cloudIds),
    pages('MCI.missingClouds', missingCloudList(viewer), mcis),
    pages(
      'MCI.revisions',
      revisionList(MultiCloudImage, viewer),
      multiCloudImages.map((mci) => mci.lineageId),
    ),
    pages(
      'template.revisions',
      revisionList(ServerTemplate, viewer),
      serverTemplates.map((template) => template.lineageId),
    ),
    pages(
      'script.revisions',
      revisionList(RightScript, viewer),
      rightScripts.map((script) => script.lineageId),
    ),
  ];
}

function whereUsed({
  viewer,
  popularImageIds,
  imageIds,
  kernelImageId,
  multiCloudImages,
  rightScripts,
  popularRightScriptId,
}: Samples): MainQuery[] {
  const lists = {
    'image.usedBy.settings': settingsUsingImage(viewer),
    'image.usedBy.multiCloudImages': multiCloudImagesUsingImage(viewer),
    'image.usedBy.serverTemplates': serverTemplatesUsingImage(viewer),
  };
  const perList = <E extends ObjectLiteral>(name: string, list: ListQuery<E>): MainQuery[] => [
    pages(`${name}, popular image`, list, popularImageIds.slice(0, 1)),
    pages(`${name}, popular images`, list, popularImageIds),
    pages(`${name}, ordinary images`, list, imageIds),
    pages(`${name}, kernel`, list, [kernelImageId]),
    totals(`${name}, ordinary images`, list, imageIds),
  ];
  const mcis = multiCloudImages.map((mci) => mci.id);
  const scripts = rightScripts.map((script) => script.id);
  return [
    ...perList('image.usedBy.settings', lists['image.usedBy.settings']),
    ...perList('image.usedBy.multiCloudImages', lists['image.usedBy.multiCloudImages']),
    ...perList('image.usedBy.serverTemplates', lists['image.usedBy.serverTemplates']),
    pages('MCI.serverTemplates', serverTemplatesUsingMultiCloudImage(viewer), mcis),
    totals('MCI.serverTemplates', serverTemplatesUsingMultiCloudImage(viewer), mcis),
    pages('script.serverTemplates', serverTemplatesUsingRightScript(viewer), scripts),
    pages('script.serverTemplates, popular script', serverTemplatesUsingRightScript(viewer), [
      popularRightScriptId,
    ]),
    totals('script.serverTemplates', serverTemplatesUsingRightScript(viewer), scripts),
  ];
}

/** servers and arrays by what they launch with, and servers by what rarely holds. */
function servers(samples: Samples): MainQuery[] {
  const { viewer, cloudId, imageIds, popularImageIds, kernelImageId } = samples;
  const templates = samples.serverTemplates.map(({ id }) => id);
  const mcis = samples.multiCloudImages.map(({ id }) => id);
  const perKind = <E extends ServerDefinition>(name: string, kind: DefinitionKind<E>): MainQuery[] => {
    const usingImage = definitionsUsingImage(kind, viewer);
    const usingMci = definitionsUsingMultiCloudImage(kind, viewer);
    const usingTemplate = definitionsUsingServerTemplate(kind, viewer, null);
    return [
      pages(`image.usedBy.${name}, popular image`, usingImage, popularImageIds.slice(0, 1)),
      pages(`image.usedBy.${name}, popular images`, usingImage, popularImageIds),
      pages(`image.usedBy.${name}, ordinary images`, usingImage, imageIds),
      pages(`image.usedBy.${name}, kernel`, usingImage, [kernelImageId]),
      totals(`image.usedBy.${name}, ordinary images`, usingImage, imageIds),
      pages(`MCI.${name}`, usingMci, mcis),
      totals(`MCI.${name}`, usingMci, mcis),
      pages(`template.${name}`, usingTemplate, templates),
      totals(`template.${name}`, usingTemplate, templates),
    ];
  };
  const filters: Record<string, ServerFilter> = {
    none: {},
    template: { serverTemplateId: first(samples.serverTemplates).id },
    lineage: { lineageId: first(samples.serverTemplates).lineageId },
    cloud: { cloudId },
    search: { search: 'number 1' },
    tag: { tag: 'team:owner=web' },
    'rare tag': { tag: 'rare' },
    'state, common': { state: 'OPERATIONAL' },
    'state, none': { state: 'STRANDED' },
  };
  return [
    ...perKind('servers', SERVERS),
    ...perKind('serverArrays', SERVER_ARRAYS),
    page('deployments', deploymentList(viewer)),
    ...Object.entries(filters).map(([name, filter]) => ({
      ...page(`servers: ${name}`, definitionList(SERVERS, viewer, filter)),
      reads: OWN_ROWS,
      // Of an account that owns half of all: those of the others are not worth passing over one by one.
      wholeTable: name.startsWith('state'),
    })),
  ];
}

/** Every instance ever launched and every order ever given is kept: what an account has of them grows without end. */
function instances(samples: Samples): MainQuery[] {
  const { viewer, cloudId, imageIds, popularImageIds, kernelImageId, serverIds, serverArrayIds } = samples;
  const filters: Record<string, InstanceFilter> = {
    all: {},
    running: { running: true },
    'not running': { running: false },
    'a common state': { states: ['OPERATIONAL'] },
    'states that none has': { states: ['STRANDED', 'DECOMMISSIONING'] },
    server: { serverId: first(serverIds) },
    array: { serverArrayId: first(serverArrayIds) },
    'ordinary image': { imageId: first(imageIds) },
    'popular image': { imageId: first(popularImageIds) },
    kernel: { imageId: kernelImageId },
    cloud: { cloudId },
    template: { serverTemplateId: first(samples.serverTemplates).id },
    tag: { tag: 'team:owner=web' },
    'rare tag': { tag: 'rare' },
    'a tag that none has': { tag: 'team:owner=nobody' },
  };
  const templates = samples.serverTemplates.map(({ id }) => id);
  return [
    ...Object.entries(filters).map(([name, filter]) => ({
      ...page(`instances: ${name}`, instanceList(viewer, filter)),
      reads: OWN_ROWS,
    })),
    nextPage('instances: all', instanceList(viewer)),
    total('instances: running', instanceList(viewer, { running: true })),
    pages('server.instances', instancesOfServer(viewer), serverIds),
    pages('serverArray.instances, running', instancesOfServerArray(viewer, true), serverArrayIds),
    totals('serverArray.instances, running', instancesOfServerArray(viewer, true), serverArrayIds),
    pages(
      'image.usedBy.instances, running, popular images',
      instancesUsingImage(viewer, true),
      popularImageIds,
    ),
    pages('image.usedBy.instances, running, ordinary images', instancesUsingImage(viewer, true), imageIds),
    totals('image.usedBy.instances, running, ordinary images', instancesUsingImage(viewer, true), imageIds),
    {
      name: 'batch: current instances of servers',
      reads: ONE_PAGE,
      run: (manager) => currentInstances(manager, viewer, serverIds),
    },
    {
      name: 'batch: launches and boot times of templates',
      reads: ONE_PAGE,
      run: (manager) => launchStatistics(manager, viewer, templates),
    },
  ];
}

/** */
function launchOrders({ viewer, cloudId, instanceIds }: Samples): MainQuery[] {
  const filters: Record<string, LaunchOrderFilter> = {
    all: {},
    open: { states: ['OPEN'] },
    'a state that none has': { states: ['FAILED'] },
    'a common kind': { kinds: ['LAUNCH'] },
    'a kind that none is of': { kinds: ['BUNDLE'] },
    instance: { instanceId: first(instanceIds) },
  };
  const claims = { accountId: viewer.accountId, limit: 100, now: viewer.now };
  return [
    ...Object.entries(filters).map(([name, filter]) => ({
      ...page(`launch orders: ${name}`, launchOrderList(viewer, filter)),
      reads: OWN_ROWS,
    })),
    nextPage('launch orders: all', launchOrderList(viewer)),
    total('launch orders: open', launchOrderList(viewer, { states: ['OPEN'] })),
    {
      name: 'launch orders to claim',
      reads: ONE_PAGE,
      run: (manager) => lockClaimable(manager, { ...claims, kinds: ['LAUNCH', 'TERMINATE'], cloudIds: null }),
    },
    {
      name: 'launch orders to claim in a cloud',
      reads: ONE_PAGE,
      run: (manager) => lockClaimable(manager, { ...claims, kinds: ['TERMINATE'], cloudIds: [cloudId] }),
    },
  ];
}

/** every running instance of the account is compared, each by a row of six tables. */
const ALL_RUNNING = 150_000;

function drift({ viewer, serverArrayIds, instanceIds }: Samples): MainQuery[] {
  const comparing = (query: MainQuery): MainQuery => ({ ...query, reads: ALL_RUNNING });
  return [
    comparing(page('instances, drifted', instanceList(viewer, { drifted: true }))),
    comparing(page('instances, not drifted', instanceList(viewer, { drifted: false }))),
    comparing(
      page('instances, running but not drifted', instanceList(viewer, { drifted: false, running: true })),
    ),
    total('instances, drifted', instanceList(viewer, { drifted: true })),
    {
      name: 'drifted instances of arrays',
      reads: ALL_RUNNING,
      run: (manager) => driftedCounts(manager, viewer, serverArrayIds),
    },
    {
      name: 'batch: what instances were launched with',
      reads: ONE_PAGE,
      run: (manager) => runningInstances(manager, viewer, instanceIds),
    },
  ];
}

function batched(samples: Samples): MainQuery[] {
  const { viewer, cloudId, cloudIds, imageIds, naturalKeys, settingIds } = samples;
  const mcis = samples.multiCloudImages.map((mci) => mci.id);
  const mciLineages = samples.multiCloudImages.map((mci) => mci.lineageId);
  const templates = samples.serverTemplates.map((template) => template.id);
  const templateLineages = samples.serverTemplates.map((template) => template.lineageId);
  const scripts = samples.rightScripts.map((script) => script.id);
  return [
    batch('clouds', (manager) => batches.cloudsById(manager, viewer, cloudIds)),
    batch('images', (manager) => batches.imagesById(manager, viewer, imageIds)),
    batch('image tags', (manager) => batches.imageTagsById(manager, viewer, imageIds)),
    batch('instance types', (manager) => batches.instanceTypesById(manager, viewer, samples.instanceTypeIds)),
    batch('MCIs', (manager) => versions.versionsById(manager, MultiCloudImage, viewer, mcis)),
    batch('MCI heads', (manager) => versions.headsByLineage(manager, MultiCloudImage, viewer, mciLineages)),
    batch('MCI latest revisions', (manager) =>
      versions.latestRevisionsByLineage(manager, MultiCloudImage, viewer, mciLineages),
    ),
    batch('settings of MCIs', (manager) => batches.settingsByMultiCloudImage(manager, mcis)),
    batch('settings', (manager) => batches.settingsById(manager, viewer, settingIds)),
    batch('settings for a cloud', (manager) =>
      batches.settingsByMultiCloudImageAndCloud(manager, {
        multiCloudImageIds: mcis,
        cloudIds: mcis.map(() => cloudId),
      }),
    ),
    batch('matchers of MCIs', (manager) => batches.matchersByMultiCloudImage(manager, mcis)),
    batch('candidates of a matcher by name', (manager) =>
      findCandidates(manager, viewer, [matcher(samples.image.name.slice(0, -6) + '*')], cloudIds),
    ),
    batch('candidates of a matcher by fingerprint', (manager) =>
      findCandidates(manager, viewer, [matcher(null, samples.image.fingerprint)], cloudIds),
    ),
    batch('candidates of 100 matchers', (manager) =>
      findCandidates(
        manager,
        viewer,
        samples.imageNames.map((name) => matcher(name)),
        cloudIds,
      ),
    ),
    batch('templates', (manager) => versions.versionsById(manager, ServerTemplate, viewer, templates)),
    batch('template latest revisions', (manager) =>
      versions.latestRevisionsByLineage(manager, ServerTemplate, viewer, templateLineages),
    ),
    batch('scripts', (manager) => versions.versionsById(manager, RightScript, viewer, scripts)),
    batch('scripts of templates', (manager) => batches.scriptsByServerTemplate(manager, viewer, templates)),
    batch('MCIs of templates', (manager) => batches.pinsByServerTemplate(manager, viewer, templates)),
    batch('supported clouds of templates', (manager) => batches.supportedClouds(manager, viewer, templates)),
    batch('images by natural key', (manager) =>
      batches.byNaturalKey(manager, CloudImage, viewer, naturalKeys),
    ),
    batch('one image by natural key', (manager) =>
      batches.byNaturalKey(manager, CloudImage, viewer, naturalKeys.slice(0, 1)),
    ),
    batch('instance types by natural key', (manager) =>
      batches.byNaturalKey(
        manager,
        InstanceType,
        viewer,
        naturalKeys.map((key) => ({ ...key, resourceUid: 'size.1' })),
      ),
    ),
    batch('clouds by natural key', (manager) => batches.cloudsByNaturalKey(manager, viewer, naturalKeys)),
    batch('MCIs by lineage and revision', (manager) =>
      versions.versionsByRevision(
        manager,
        MultiCloudImage,
        viewer,
        mciLineages.map((lineageId) => ({ lineageId, revision: 1 })),
      ),
    ),
  ];
}

function matcher(namePattern: string | null, fingerprint: string | null = null): MultiCloudImageMatcher {
  return {
    id: randomUUID(),
    multiCloudImageId: randomUUID(),
    position: 0,
    cloudType: null,
    fingerprint,
    namePattern,
    operatingSystem: null,
    cpuArchitecture: null,
    pick: 'NEWEST',
    instanceTypes: [],
    userData: null,
  };
}
