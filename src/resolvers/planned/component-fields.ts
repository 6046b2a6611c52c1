import { COMPONENT_KINDS, type ComponentType } from '../../domain/versioning/component-type';
import type { Component } from '../../entities/components/component';
import { Cloud } from '../../entities/catalog/cloud';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { RightScript } from '../../entities/components/right-script';
import { ServerTemplate } from '../../entities/components/server-template';
import {
  cloudRows,
  matcherRowsOf,
  pinRowsOf,
  scriptRowsOf,
  settingRowsOf,
  settingRowsForCloud,
  supportedCloudRows,
} from '../../persistence/batches';
import { coverageList } from '../../persistence/catalog/coverage-list';
import { missingCloudList } from '../../persistence/catalog/cloud-list';
import { headRows, latestRevisionRows, versionRows } from '../../persistence/components/component-batches';
import {
  multiCloudImageList,
  revisionList,
  rightScriptList,
  serverTemplateList,
  type ComponentFilter,
  type ComponentOrder,
} from '../../persistence/components/component-list';
import { historyList } from '../../persistence/components/history-list';
import { visibleSourceRows } from '../../persistence/components/right-script-store';
import { publicationRowsOfRevision } from '../../persistence/marketplace/publication-facts';
import {
  columnOf,
  columnSql,
  constant,
  many,
  nothing,
  one,
  oneSql,
  part,
  referredTo,
  through,
  value,
  when,
} from '../../persistence/planner/fields';
import { orNull, toSql } from '../../persistence/planner/json-text';
import { page } from '../../persistence/planner/page';
import type { Place, PlannedFields, Rows } from '../../persistence/planner/planner';
import { SERVERS, SERVER_ARRAYS } from '../../persistence/servers/definition-kind';
import { launchStatisticsRows } from '../../persistence/servers/instance-batches';
import {
  definitionsUsingMultiCloudImage,
  definitionsUsingServerTemplate,
  type InstanceUse,
} from '../../persistence/servers/server-list';
import {
  serverTemplatesUsingMultiCloudImage,
  serverTemplatesUsingRightScript,
} from '../../persistence/servers/where-used-list';
import { addJoined, selectJoined, selectRows } from '../../persistence/select';
import { cloudVisible, imageVisible } from '../../persistence/visibility';
import { keyOf } from '../../domain/global-id';
import { componentFilter } from '../decode';
import { availability } from './catalog-fields';
import { byId, componentOf, given, imageResourceUid, isOwn, reference } from './nodes';

const ENTITIES = { MultiCloudImage, ServerTemplate, RightScript } as const;

const isHead = ({ column }: Place): string => `(${column('revision')} = 0 AND NOT ${column('snapshot')})`;
const origin = (place: Place): string =>
  `CASE WHEN ${isOwn(place)} AND ${place.column('originalId')} IS NULL THEN 'PRIVATE'
    WHEN ${place.column('revision')} = 0 THEN 'SUBSCRIBED' ELSE 'IMPORTED' END`;

const editable = (place: Place): string =>
  `(${isOwn(place)} AND ${isHead(place)} AND ${place.column('originalId')} IS NULL AND ${place.column('deletedAt')} IS NULL)`;

/** Whether another account deleted its own is no concern of who is offered it. */
const deletedAt = (place: Place): string => `CASE WHEN ${isOwn(place)} THEN ${place.column('deletedAt')} END`;

const args = ({ field }: Place) =>
  field.arguments() as { filter?: ComponentFilter | null; orderBy?: ComponentOrder | null };

/** What all components have that is no column. */
const componentFields = (type: ComponentType): PlannedFields => ({
  kind: constant(COMPONENT_KINDS[type]),
  isHead: value(isHead, { canBeNull: false }),
  isSnapshot: value(({ column }) => column('snapshot'), { canBeNull: false }),
  origin: value(origin, { canBeNull: false }),
  editable: value(editable, { canBeNull: false }),
  deletedAt: value(deletedAt),
  committedBy: when(
    (place) => `${isOwn(place)} AND ${place.column('originalId')} IS NULL`,
    reference('User', 'committedById'),
    nothing,
  ),
  clonedFrom: reference(type, 'clonedFromId'),
  head: when(isHead, part(type), one(type, headOf(type))),
  publication: one('Publication', publicationOf),
  history: page('HistoryEntry', ({ viewer }) => historyList(viewer, type), 'lineageId'),
  latestRevision: one(type, latestRevisionOf(type)),
  revisions: page(type, ({ viewer }) => revisionList<Component>(ENTITIES[type], viewer), 'lineageId'),
});

function headOf(type: ComponentType) {
  return ({ manager, viewer, column }: Place): Rows =>
    headRows<Component>(manager, ENTITIES[type], viewer, `= ${column('lineageId')}`);
}

/** Snapshots have HEAD's number; one of them is what was published. */
const publicationOf = ({ manager, viewer, column }: Place): Rows =>
  publicationRowsOfRevision(manager, viewer, `= (${column('lineageId')}, ${column('revision')})`).andWhere(
    `(NOT ${column('snapshot')} OR publication.content_id = ${column('id')})`,
  );

function latestRevisionOf(type: ComponentType) {
  return ({ manager, viewer, column }: Place): Rows =>
    latestRevisionRows<Component>(manager, ENTITIES[type], viewer, `= ${column('lineageId')}`);
}

const pinsOf = ({ manager, viewer, column }: Place) => pinRowsOf(manager, viewer, `= ${column('id')}`);

const defaultPinOf = (place: Place): Rows =>
  pinsOf(place).andWhere('template.default_mci_lineage_id = pin.mci_lineage_id');

const useOf = ({ field }: Place): InstanceUse | null =>
  (field.arguments()['use'] ?? null) as InstanceUse | null;

export const serverTemplateFields: PlannedFields = {
  ...componentFields('ServerTemplate'),
  defaultMultiCloudImage: through(defaultPinOf, reference('MultiCloudImage', 'multiCloudImageId')),
  launchStatistics: part('LaunchStatistics'),
  servers: page(
    'Server',
    (place) => definitionsUsingServerTemplate(SERVERS, place.viewer, useOf(place)),
    'id',
  ),
  serverArrays: page(
    'ServerArray',
    (place) => definitionsUsingServerTemplate(SERVER_ARRAYS, place.viewer, useOf(place)),
    'id',
  ),
  multiCloudImages: many('ServerTemplateMultiCloudImage', pinsOf),
  scripts: many('ServerTemplateScript', (place) => {
    const phase = place.field.arguments()['phase'];
    const rows = scriptRowsOf(place.manager, place.viewer, `= ${place.column('id')}`);
    return phase == null ? rows : rows.andWhere('attached.phase = :phase', { phase });
  }),
  supportedClouds: many('Cloud', ({ manager, viewer, column }) =>
    supportedCloudRows(manager, viewer, `ARRAY[${column('id')}]`),
  ),
};

/** Of the template of the row. */
const statistic =
  (property: string) =>
  (place: Place): string =>
    columnSql(property, place, launchStatisticsRows(place.manager, place.viewer, `= ${place.column('id')}`));

export const launchStatisticsFields: PlannedFields = {
  launchCount: value((place) => `coalesce(${statistic('launchCount')(place)}, 0)`, { canBeNull: false }),
  medianBootSeconds: value(statistic('medianBootSeconds')),
};

export const serverTemplateMultiCloudImageFields: PlannedFields = {
  isDefault: value(({ column }) => column('isDefault')),
  // A pin is only read along with an MCI that the viewer may see: that is not asked again.
  multiCloudImage: one('MultiCloudImage', ({ manager, column }) =>
    selectRows(manager, MultiCloudImage, 'mci').where(`mci.id = ${column('multiCloudImageId')}`),
  ),
};

export const serverTemplateScriptFields: PlannedFields = {
  rightScript: reference('RightScript', 'rightScriptId'),
};

export const rightScriptFields: PlannedFields = {
  ...componentFields('RightScript'),
  source: columnOf('source', ({ manager, viewer, column }) =>
    visibleSourceRows(manager, viewer, `= ${column('id')}`),
  ),
  serverTemplates: page('ServerTemplate', ({ viewer }) => serverTemplatesUsingRightScript(viewer), 'id'),
};

const settingsOf = ({ manager, column }: Place) => settingRowsOf(manager, `= ${column('id')}`);

/** Settings stand in the order of their clouds, which are read for that: they are not looked up again. */
const cloudOfSetting = ({ manager, viewer, column }: Place): Rows =>
  selectJoined(manager, Cloud, 'cloud', column).where(cloudVisible('cloud'), { viewer: viewer.accountId });

export const multiCloudImageFields: PlannedFields = {
  ...componentFields('MultiCloudImage'),
  settings: many('MultiCloudImageSetting', (place) => addJoined(settingsOf(place), Cloud, 'cloud'), {
    cloud: one('Cloud', cloudOfSetting),
  }),
  setting: one('MultiCloudImageSetting', ({ manager, column, field }) =>
    settingRowsForCloud(manager, `= (${column('id')}, :cloud)`).setParameter(
      'cloud',
      given(field, 'cloudId').map((id) => keyOf('Cloud', String(id), 'cloudId')),
    ),
  ),
  clouds: referredTo(
    (place) =>
      `ARRAY(SELECT setting."cloudId" FROM (${place.statement.embed(settingsOf(place))}) AS setting)`,
    (place, key) =>
      toSql(orNull(oneSql(place, 'Cloud', cloudRows(place.manager, place.viewer, `= ${key}`)), false)),
  ),
  coverage: page('CloudCoverage', ({ viewer }) => coverageList(viewer), 'id'),
  servers: page('Server', ({ viewer }) => definitionsUsingMultiCloudImage(SERVERS, viewer), 'id'),
  serverArrays: page(
    'ServerArray',
    ({ viewer }) => definitionsUsingMultiCloudImage(SERVER_ARRAYS, viewer),
    'id',
  ),
  matchers: many('MultiCloudImageMatcher', ({ manager, column }) =>
    matcherRowsOf(manager, `= ${column('id')}`),
  ),
  missingClouds: page('Cloud', ({ viewer }) => missingCloudList(viewer), 'id'),
  serverTemplates: page('ServerTemplate', ({ viewer }) => serverTemplatesUsingMultiCloudImage(viewer), 'id', {
    isDefault: value(({ column }) => column('isDefault')),
  }),
};

/** of an image that the viewer doesn't see, its uid is told and no more. */
const imageAvailability = ({ column, statement }: Place): string => {
  const visible = statement.predicate(imageVisible('image'));
  return `(SELECT CASE WHEN ${visible} THEN ${availability('image.lifecycle')} ELSE 'UNAVAILABLE' END
    FROM cloud_images AS image WHERE image.id = ${column('imageId')})`;
};

export const multiCloudImageSettingFields: PlannedFields = {
  multiCloudImage: reference('MultiCloudImage', 'multiCloudImageId'),
  cloud: reference('Cloud', 'cloudId'),
  image: reference('CloudImage', 'imageId'),
  imageResourceUid,
  imageAvailability: value(imageAvailability),
  instanceType: reference('InstanceType', 'instanceTypeId'),
  kernelImage: reference('CloudImage', 'kernelImageId'),
  ramdiskImage: reference('CloudImage', 'ramdiskImageId'),
};

/** A lineage's own snapshots are bookkeeping; those of others are what was cloned or merged. */
const parentSql = (place: Place, key: string): string => {
  const ofType = (type: ComponentType): string => {
    const rows = versionRows<Component>(place.manager, ENTITIES[type], place.viewer, `= ${key}`).andWhere(
      `NOT (component.snapshot AND component.lineage_id = ${place.column('lineageId')})`,
    );
    return `WHEN '${type}' THEN ${oneSql(place, type, rows)}`;
  };
  const types = Object.keys(ENTITIES) as ComponentType[];
  return `CASE ${place.column('componentType')} ${types.map(ofType).join(' ')} END`;
};

export const historyEntryFields: PlannedFields = {
  component: componentOf('componentType', 'componentId'),
  parents: referredTo(({ column }) => column('parentIds'), parentSql),
  by: reference('User', 'userId'),
};

export const componentRoots: PlannedFields = {
  serverTemplates: page('ServerTemplate', (place) => {
    const { filter, orderBy } = args(place);
    return serverTemplateList(place.viewer, componentFilter(filter), orderBy ?? 'NAME_ASC');
  }),
  multiCloudImages: page('MultiCloudImage', (place) => {
    const { filter, orderBy } = args(place);
    return multiCloudImageList(place.viewer, componentFilter(filter), orderBy ?? 'NAME_ASC');
  }),
  rightScripts: page('RightScript', (place) => {
    const { filter, orderBy } = args(place);
    return rightScriptList(place.viewer, componentFilter(filter), orderBy ?? 'NAME_ASC');
  }),
  serverTemplate: byId('ServerTemplate'),
  multiCloudImage: byId('MultiCloudImage'),
  rightScript: byId('RightScript'),
};
