import { COMPONENT_KINDS, type ComponentType } from '../../domain/versioning/component-type';
import type { Component } from '../../entities/components/component';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { RightScript } from '../../entities/components/right-script';
import { ServerTemplate } from '../../entities/components/server-template';
import {
  matcherRowsOf,
  pinRowsOf,
  scriptRowsOf,
  settingRowsOf,
  supportedCloudRows,
} from '../../persistence/batches';
import { missingCloudList } from '../../persistence/catalog/cloud-list';
import { latestRevisionRows } from '../../persistence/components/component-batches';
import {
  multiCloudImageList,
  revisionList,
  rightScriptList,
  serverTemplateList,
  type ComponentFilter,
  type ComponentOrder,
} from '../../persistence/components/component-list';
import { constant, many, one, value } from '../../persistence/planner/fields';
import { page } from '../../persistence/planner/page';
import type { Place, PlannedFields, Rows } from '../../persistence/planner/planner';
import {
  serverTemplatesUsingMultiCloudImage,
  serverTemplatesUsingRightScript,
} from '../../persistence/servers/where-used-list';
import { imageVisible } from '../../persistence/visibility';
import { componentFilter } from '../decode';
import { availability } from './catalog-fields';
import { byId, nodeOf } from './nodes';

const ENTITIES = { MultiCloudImage, ServerTemplate, RightScript } as const;

const isHead = ({ column }: Place): string => `(${column('revision')} = 0 AND NOT ${column('snapshot')})`;
const isOwn = ({ column, statement }: Place): string =>
  `${column('accountId')} = ${statement.predicate(':viewer')}`;

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
  clonedFrom: one(type, nodeOf(type, 'clonedFromId')),
  latestRevision: one(type, latestRevisionOf(type)),
  revisions: page(type, ({ viewer }) => revisionList<Component>(ENTITIES[type], viewer), 'lineageId'),
});

function latestRevisionOf(type: ComponentType) {
  return ({ manager, viewer, column }: Place): Rows =>
    latestRevisionRows<Component>(manager, ENTITIES[type], viewer, `= ${column('lineageId')}`);
}

const pinsOf = ({ manager, viewer, column }: Place): Rows => pinRowsOf(manager, viewer, `= ${column('id')}`);

export const serverTemplateFields: PlannedFields = {
  ...componentFields('ServerTemplate'),
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

export const serverTemplateMultiCloudImageFields: PlannedFields = {
  isDefault: value(({ column }) => column('isDefault')),
  multiCloudImage: one('MultiCloudImage', nodeOf('MultiCloudImage', 'multiCloudImageId')),
};

export const serverTemplateScriptFields: PlannedFields = {
  rightScript: one('RightScript', nodeOf('RightScript', 'rightScriptId')),
};

export const rightScriptFields: PlannedFields = {
  ...componentFields('RightScript'),
  serverTemplates: page('ServerTemplate', ({ viewer }) => serverTemplatesUsingRightScript(viewer), 'id'),
};

export const multiCloudImageFields: PlannedFields = {
  ...componentFields('MultiCloudImage'),
  settings: many('MultiCloudImageSetting', ({ manager, column }) =>
    settingRowsOf(manager, `= ${column('id')}`),
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
  multiCloudImage: one('MultiCloudImage', nodeOf('MultiCloudImage', 'multiCloudImageId')),
  cloud: one('Cloud', nodeOf('Cloud', 'cloudId')),
  image: one('CloudImage', nodeOf('CloudImage', 'imageId')),
  imageResourceUid: value(
    ({ column }) =>
      `(SELECT image.resource_uid FROM cloud_images AS image WHERE image.id = ${column('imageId')})`,
  ),
  imageAvailability: value(imageAvailability),
  instanceType: one('InstanceType', nodeOf('InstanceType', 'instanceTypeId')),
  kernelImage: one('CloudImage', nodeOf('CloudImage', 'kernelImageId')),
  ramdiskImage: one('CloudImage', nodeOf('CloudImage', 'ramdiskImageId')),
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
