import type { EntityManager, EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { invalid } from '../../domain/errors';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { Component } from '../../entities/components/component';
import { ListedComponentTag } from '../../entities/components/listed-component-tag';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { RightScript } from '../../entities/components/right-script';
import { ServerTemplate } from '../../entities/components/server-template';
import type { ListQuery, Order } from '../keyset-page';
import { whereContains, whereSearch, whereTag, whereTagKey } from '../search';
import { selectRows } from '../select';
import { multiCloudImageSupportsCloud, serverTemplateSupportsCloud } from '../supports-cloud';

export type ComponentVersions = 'CURRENT' | 'HEADS' | 'REVISIONS' | 'ALL';

export interface ComponentFilter {
  name?: string | null;
  description?: string | null;
  search?: string | null;
  tag?: string | null;
  origin?: 'PRIVATE' | 'IMPORTED' | 'SUBSCRIBED' | null;
  lineageId?: string | null;
  cloudId?: string | null;
  includeDeleted?: boolean | null;
  versions?: ComponentVersions | null;
}

export type ComponentOrder =
  'NAME_ASC' | 'NAME_DESC' | 'CREATED_AT_ASC' | 'CREATED_AT_DESC' | 'UPDATED_AT_ASC' | 'UPDATED_AT_DESC';

const ID = { expression: 'component.id', property: 'id', type: 'uuid' } as const;
const NAME = [{ expression: 'component.name', property: 'name', type: 'text' }, ID] as const;
const CREATED_AT = [
  { expression: 'component.created_at', property: 'createdAt', type: 'timestamptz' },
  ID,
] as const;
const UPDATED_AT = [
  { expression: 'component.updated_at', property: 'updatedAt', type: 'timestamptz' },
  ID,
] as const;
const REVISION = [{ expression: 'component.revision', property: 'revision', type: 'integer' }, ID] as const;

const ORDERS: Record<ComponentOrder, Order> = {
  NAME_ASC: { keys: NAME, descending: false },
  NAME_DESC: { keys: NAME, descending: true },
  CREATED_AT_ASC: { keys: CREATED_AT, descending: false },
  CREATED_AT_DESC: { keys: CREATED_AT, descending: true },
  UPDATED_AT_ASC: { keys: UPDATED_AT, descending: false },
  UPDATED_AT_DESC: { keys: UPDATED_AT, descending: true },
};

/** By name where the tags of what is listed are. */
const TAGGED_NAME = [
  { expression: 'tagged.name', property: 'name', type: 'text' },
  { expression: 'tagged.component_id', property: 'id', type: 'uuid' },
] as const;

/** The orders that tags are kept in, of what is current. */
const TAGGED_ORDERS: Partial<Record<ComponentOrder, Order>> = {
  NAME_ASC: { keys: TAGGED_NAME, descending: false },
  NAME_DESC: { keys: TAGGED_NAME, descending: true },
};

const ORIGINS = {
  PRIVATE: 'component.original_id IS NULL',
  IMPORTED: 'component.original_id IS NOT NULL AND component.revision > 0',
  SUBSCRIBED: 'component.original_id IS NOT NULL AND component.revision = 0',
} as const;

interface Kind<E> {
  readonly entity: EntityTarget<E>;
  readonly type: ComponentType;
  readonly list: string;
  /** SQL: whether a version supports the cloud `:cloudId`; `null` when such things know no clouds. */
  readonly supportsCloud: string | null;
}

const MULTI_CLOUD_IMAGES: Kind<MultiCloudImage> = {
  entity: MultiCloudImage,
  type: 'MultiCloudImage',
  list: 'multiCloudImages',
  supportsCloud: multiCloudImageSupportsCloud('component.id'),
};

const SERVER_TEMPLATES: Kind<ServerTemplate> = {
  entity: ServerTemplate,
  type: 'ServerTemplate',
  list: 'serverTemplates',
  supportsCloud: serverTemplateSupportsCloud('component.id'),
};

const RIGHT_SCRIPTS: Kind<RightScript> = {
  entity: RightScript,
  type: 'RightScript',
  list: 'rightScripts',
  supportsCloud: null,
};

export const multiCloudImageList = (viewer: Viewer, filter?: ComponentFilter, order?: ComponentOrder) =>
  componentList(MULTI_CLOUD_IMAGES, viewer, filter, order);

export const serverTemplateList = (viewer: Viewer, filter?: ComponentFilter, order?: ComponentOrder) =>
  componentList(SERVER_TEMPLATES, viewer, filter, order);

/** @throws DomainError INVALID when `filter.cloudId` is given */
export const rightScriptList = (viewer: Viewer, filter?: ComponentFilter, order?: ComponentOrder) =>
  componentList(RIGHT_SCRIPTS, viewer, filter, order);

function componentList<E extends ObjectLiteral>(
  kind: Kind<E>,
  viewer: Viewer,
  filter: ComponentFilter = {},
  order: ComponentOrder = 'NAME_ASC',
): ListQuery<E> {
  const { cloudId } = filter;
  if (cloudId != null && kind.supportsCloud === null)
    throw invalid(
      'A RightScript has no clouds: leave `cloudId` out, or filter ServerTemplates by it and read their `scripts`.',
      'filter',
      'cloudId',
    );
  const narrow = (query: SelectQueryBuilder<E>): SelectQueryBuilder<E> => {
    if (filter.origin != null) query.andWhere(ORIGINS[filter.origin]);
    if (filter.lineageId != null)
      query.andWhere('component.lineage_id = :lineageId', { lineageId: filter.lineageId });
    if (cloudId != null && kind.supportsCloud !== null) query.andWhere(kind.supportsCloud, { cloudId });
    if (filter.search != null) whereSearch(query, 'component', filter.search);
    if (filter.name != null) whereContains(query, 'component', 'name', filter.name);
    if (filter.description != null) whereContains(query, 'component', 'description', filter.description);
    return query;
  };
  const name = `${kind.list}/${order}`;
  const { tag } = filter;
  const inCollection = (manager: EntityManager): SelectQueryBuilder<E> => {
    const query = localCollection(manager, kind.entity, viewer, filter.includeDeleted ?? false);
    whereVersions(query, filter.versions ?? 'CURRENT');
    narrow(query);
    if (tag != null) whereTag(query, 'component.tags', tag);
    return query;
  };
  const tagged = tag != null && isListedByTag(filter) ? TAGGED_ORDERS[order] : undefined;
  if (tag == null || tagged === undefined) return { name, order: ORDERS[order], rows: inCollection };
  return {
    name,
    order: tagged,
    rows: (manager) => {
      const query = narrow(listedByTag(manager, kind, viewer, tag));
      return filter.versions === 'HEADS' ? query.andWhere('component.revision = 0') : query;
    },
    counted: inCollection,
  };
}

/** Whether all that the filter lets through is what tags are listed of, and no other index finds it sooner. */
const isListedByTag = ({ versions, includeDeleted, ...filter }: ComponentFilter): boolean =>
  ['CURRENT', 'HEADS'].includes(versions ?? 'CURRENT') &&
  !(includeDeleted ?? false) &&
  [filter.search, filter.name, filter.description, filter.lineageId].every((wanted) => wanted == null);

/**
 * What is current of the account's and has a tag, in the order of names. Whose it is, and that it is current, is said by the
 * row that lists the tag alone: PostgreSQL would take each condition that says it again for one that few fulfil, and not
 * expect a page to be full soon.
 */
function listedByTag<E extends ObjectLiteral>(
  manager: EntityManager,
  { entity, type }: Kind<E>,
  viewer: Viewer,
  tag: string,
): SelectQueryBuilder<E> {
  const query = selectRows(manager, entity, 'component')
    .innerJoin(ListedComponentTag, 'tagged', 'tagged.component_id = component.id')
    .where(`tagged.account_id = :viewer AND tagged.component_type = '${type}'`, { viewer: viewer.accountId });
  whereTagKey(query, 'tagged.key', tag);
  return query;
}

/** What the account can use (section 1): its own components, and its copies of what it imported or subscribed to. */
function localCollection<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  includeDeleted: boolean,
): SelectQueryBuilder<E> {
  const query = selectRows(manager, entity, 'component').where(
    'component.account_id = :viewer AND NOT component.snapshot',
    { viewer: viewer.accountId },
  );
  return includeDeleted ? query : query.andWhere('component.deleted_at IS NULL');
}

function whereVersions(query: SelectQueryBuilder<ObjectLiteral>, versions: ComponentVersions): void {
  // As the index says it.
  if (versions === 'CURRENT' || versions === 'HEADS')
    query.andWhere(
      '(component.revision = 0 OR component.original_id IS NOT NULL) AND NOT component.superseded',
    );
  if (versions === 'HEADS') query.andWhere('component.revision = 0');
  if (versions === 'REVISIONS') query.andWhere('component.revision > 0');
}

/** The committed revisions of a lineage (the parent), newest first; of an imported one, those that are there. */
export function revisionList<E extends Component>(
  entity: EntityTarget<E> & { readonly name: string },
  viewer: Viewer,
): ListQuery<E> {
  return {
    name: `revisions/${entity.name}`,
    order: { keys: REVISION, descending: true },
    rows: (manager, parent) =>
      localCollection(manager, entity, viewer, true)
        .andWhere(`component.lineage_id = ${parent}`)
        .andWhere('component.revision > 0')
        .andWhere('(component.deleted_at IS NULL OR component.original_id IS NULL)'),
  };
}
