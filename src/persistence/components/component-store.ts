import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { ComponentType } from '../../domain/versioning/component-type';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { RightScript } from '../../entities/components/right-script';
import { ServerTemplate } from '../../entities/components/server-template';
import { latestRevisionsByLineage, versionKeys } from './component-batches';
import { queryPrepared } from '../prepared-statement';
import type { Row } from '../select';

/** The row of each type of component. */
export interface ComponentRows {
  MultiCloudImage: MultiCloudImage;
  ServerTemplate: ServerTemplate;
  RightScript: RightScript;
}

export const COMPONENT_ENTITIES: { [T in ComponentType]: EntityTarget<ComponentRows[T]> } = {
  MultiCloudImage,
  ServerTemplate,
  RightScript,
};

/** Versions are locked HEADs first, then by key, as a deletion locks its lineage: no deadlocks. */
export const HEAD_FIRST = '(component.revision = 0 AND NOT component.snapshot)';

/** Columns of HEAD that an edit may set. */
export interface HeadColumns {
  name?: string;
  description?: string | null;
  tags?: string[];
  /** Of ServerTemplates only. */
  defaultMciLineageId?: string | null;
  /** Of RightScripts only. */
  source?: string;
  /** Where HEAD comes from. */
  parentIds?: string[];
  contentHash?: Buffer;
}

/**
 * One version of the account's, locked against other writers until the transaction ends. Its key never changes, so pins
 * and clones that refer to it may be written meanwhile: else two that share what they refer to could wait for each other.
 */
export async function lockVersion<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  accountId: string,
  id: string,
): Promise<Row<ComponentRows[T]> | null> {
  const [row] = await lockVersions(manager, type, accountId, [id]);
  return row ?? null;
}

/** `SELECT … FROM …` of versions as rows. Written out: a query builder takes longer to build it than PostgreSQL to answer. */
export function selectVersions(manager: EntityManager, type: ComponentType): string {
  const { name, tableName, columns } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const selected = columns
    .filter(({ isSelect }) => isSelect)
    .map(({ databaseName, propertyName }) => `component.${databaseName} AS "${propertyName}"`);
  return `SELECT ${selected.join(', ')}, '${name}' AS "__typename" FROM ${tableName} AS component`;
}

/** One version of the account's, as it is. */
export async function ownVersion<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  accountId: string,
  id: string,
): Promise<Row<ComponentRows[T]> | null> {
  const [row] = await queryPrepared<Row<ComponentRows[T]>>(
    manager,
    `${selectVersions(manager, type)} WHERE component.id = $1 AND component.account_id = $2`,
    [id, accountId],
  );
  return row ?? null;
}

/**
 * All versions of the lineage that this version belongs to, snapshots too, locked like `lockVersion`: HEAD first, as
 * every edit and commit does, then the rest in the order of their keys.
 * Empty when the account has no such version.
 */
export async function lockLineage<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  accountId: string,
  id: string,
): Promise<Row<ComponentRows[T]>[]> {
  const [version]: { readonly lineageId: string }[] = await manager.query(
    `${selectVersions(manager, type)} WHERE component.id = $1 AND component.account_id = $2`,
    [id, accountId],
  );
  if (version === undefined) return [];
  const heads = await lockHeads(manager, type, accountId, [version.lineageId]);
  // A statement of its own: it sees what was committed while HEAD was waited for. Nothing is committed after that, but
  // a lineage without HEAD (imported) may still grow: until it doesn't.
  for (let before: number | null = null; ;) {
    const all: Row<ComponentRows[T]>[] = await manager.query(
      `${selectVersions(manager, type)} WHERE component.account_id = $1 AND component.lineage_id = $2
       ORDER BY ${HEAD_FIRST} DESC, component.id FOR NO KEY UPDATE`,
      [accountId, version.lineageId],
    );
    if (heads.length > 0 || all.length === before) return all;
    before = all.length;
  }
}

/** Writes a changed HEAD under its next version. It must be locked. */
export async function updateHead(
  manager: EntityManager,
  type: ComponentType,
  head: { readonly id: string; readonly version: number },
  columns: HeadColumns,
  now: Date,
): Promise<void> {
  const metadata = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const set = metadata.columns.flatMap(({ propertyName, databaseName }) => {
    const value = columns[propertyName as keyof HeadColumns];
    return value === undefined ? [] : [{ databaseName, value }];
  });
  const changed = await queryPrepared(
    manager,
    `UPDATE ${metadata.tableName} SET version = version + 1, updated_at = $3
       ${set.map(({ databaseName }, index) => `, ${databaseName} = $${index + 4}`).join('')}
     WHERE id = $1 AND version = $2 RETURNING id`,
    [head.id, head.version, now, ...set.map(({ value }) => value)],
  );
  if (changed.length !== 1) throw new Error(`${type} ${head.id} changed although it was locked`);
}

/**
 * deletion is soft, and of the whole lineage.
 *
 * @returns the numbers of HEAD and the revisions that it deletes, also of one that was committed since they were locked
 */
export async function markLineageDeleted(
  manager: EntityManager,
  type: ComponentType,
  accountId: string,
  lineageId: string,
  now: Date,
): Promise<number[]> {
  const result = await manager
    .createQueryBuilder()
    .update(COMPONENT_ENTITIES[type] as EntityTarget<ObjectLiteral>)
    .set({ deletedAt: now })
    .where('account_id = :accountId AND lineage_id = :lineageId AND deleted_at IS NULL', {
      accountId,
      lineageId,
    })
    .returning(['revision', 'snapshot'])
    .execute();
  const deleted = result.raw as readonly { readonly revision: number; readonly snapshot: boolean }[];
  return deleted
    .filter(({ snapshot }) => !snapshot)
    .map(({ revision }) => revision)
    .sort((left, right) => left - right);
}

/** What identifies a new component: HEAD of a lineage of its own. */
export interface NewHead {
  readonly id: string;
  readonly accountId: string;
  readonly lineageId: string;
  readonly name: string;
  readonly description: string | null;
  readonly tags: string[];
  /** The version that it is a clone of. */
  readonly clonedFromId?: string;
  readonly parentIds?: string[];
  readonly now: Date;
}

/** The columns that every new HEAD starts with. */
export function headRow({ now, ...head }: NewHead) {
  return {
    revision: 0,
    version: 1,
    sealed: false,
    snapshot: false,
    superseded: false,
    originalId: null,
    contentHash: null,
    parentIds: [],
    commitMessage: null,
    committedAt: null,
    committedById: null,
    clonedFromId: null,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    ...head,
  };
}

/** A version by its place in its lineage; 0 is HEAD. */
export interface LineageRevision {
  readonly lineageId: string;
  readonly revision: number;
}

/** A version that can be pinned. */
export interface LiveVersion extends LineageRevision {
  readonly id: string;
}

/** Live versions of the account that can be pinned. Those that are not there are missing from the answer. */
export const liveVersions = (
  manager: EntityManager,
  type: ComponentType,
  accountId: string,
  versions: readonly LineageRevision[],
): Promise<LiveVersion[]> => findLiveVersions(manager, type, accountId, versions, '');

/** The same, locked against deletion in the order of their keys: lock all of a kind in one call. */
export const lockLiveVersions = (
  manager: EntityManager,
  type: ComponentType,
  accountId: string,
  versions: readonly LineageRevision[],
): Promise<LiveVersion[]> => findLiveVersions(manager, type, accountId, versions, 'FOR SHARE');

async function findLiveVersions(
  manager: EntityManager,
  type: ComponentType,
  accountId: string,
  versions: readonly LineageRevision[],
  lock: string,
): Promise<LiveVersion[]> {
  if (versions.length === 0) return [];
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  return queryPrepared(
    manager,
    `SELECT component.id, component.lineage_id AS "lineageId", component.revision
     FROM ${tableName} AS component
     WHERE ${isLive(tableName)} ORDER BY ${HEAD_FIRST} DESC, component.id ${lock}`,
    liveParameters(accountId, versions),
  );
}

/** SQL for whether `component` is one of the live versions of `liveParameters`. */
export const isLive = (tableName: string): string =>
  `component.deleted_at IS NULL AND component.id = ANY(ARRAY(${versionKeys(tableName, ['$1', '$2', '$3'])}))`;

/** An account, lineages, and numbers of their revisions. */
export const liveParameters = (accountId: string, versions: readonly LineageRevision[]): unknown[] => [
  accountId,
  versions.map(({ lineageId }) => lineageId),
  versions.map(({ revision }) => revision),
];

/** Versions of the account, HEADs first, then by key, locked against other writers until the transaction ends. */
export const lockVersions = <T extends ComponentType>(
  manager: EntityManager,
  type: T,
  accountId: string,
  ids: readonly string[],
): Promise<Row<ComponentRows[T]>[]> =>
  queryPrepared(
    manager,
    `${selectVersions(manager, type)} WHERE component.id = ANY($1) AND component.account_id = $2
     ORDER BY ${HEAD_FIRST} DESC, component.id FOR NO KEY UPDATE`,
    [ids, accountId],
  );

/** The HEADs of these lineages of the account, in the order of their keys, locked against other writers. */
export const lockHeads = <T extends ComponentType>(
  manager: EntityManager,
  type: T,
  accountId: string,
  lineageIds: readonly string[],
): Promise<Row<ComponentRows[T]>[]> =>
  queryPrepared(
    manager,
    `${selectVersions(manager, type)} WHERE component.lineage_id = ANY($1) AND component.account_id = $2
       AND component.revision = 0 AND NOT component.snapshot
     ORDER BY component.id FOR NO KEY UPDATE`,
    [lineageIds, accountId],
  );

/** The newest committed revision of each of these lineages of the account, by lineage. */
export async function latestRevisions<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  viewer: Viewer,
  lineageIds: readonly string[],
): Promise<Map<string, Row<ComponentRows[T]>>> {
  const rows = await latestRevisionsByLineage<ComponentRows[T]>(
    manager,
    COMPONENT_ENTITIES[type],
    viewer,
    lineageIds,
  );
  return new Map(rows.map((row) => [row.lineageId, row]));
}

/**
 * HEADs come from these new snapshots of theirs from now on, and no more from earlier ones: those are ancestors
 * of the new ones. One statement.
 */
export async function recordSnapshots(
  manager: EntityManager,
  type: ComponentType,
  snapshots: readonly { readonly fromId: string; readonly id: string; readonly contentHash: string }[],
): Promise<void> {
  if (snapshots.length === 0) return;
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  await manager.query(
    `UPDATE ${tableName} AS head
     SET content_hash = decode(taken."contentHash", 'hex'), parent_ids = array_append(ARRAY(
       SELECT parent.id FROM unnest(head.parent_ids) WITH ORDINALITY AS parent(id, place)
       WHERE NOT EXISTS (SELECT FROM ${tableName} AS earlier WHERE earlier.id = parent.id
         AND earlier.snapshot AND earlier.lineage_id = head.lineage_id AND earlier.account_id = head.account_id)
       ORDER BY parent.place), taken.id)
     FROM jsonb_to_recordset($1) AS taken("fromId" uuid, id uuid, "contentHash" text)
     WHERE head.id = taken."fromId" AND head.id = ANY($2)`,
    [JSON.stringify(snapshots), snapshots.map(({ fromId }) => fromId)],
  );
}

/** Where HEADs come from now; their content, and so their version, stays. One statement. */
export async function updateOrigins(
  manager: EntityManager,
  type: ComponentType,
  heads: readonly {
    readonly id: string;
    readonly parentIds: readonly string[];
    readonly contentHash: string;
  }[],
): Promise<void> {
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  await manager.query(
    `UPDATE ${tableName} AS head
     SET parent_ids = origin."parentIds", content_hash = decode(origin."contentHash", 'hex')
     FROM jsonb_to_recordset($1) AS origin(id uuid, "parentIds" uuid[], "contentHash" text)
     WHERE head.id = origin.id AND head.id = ANY($2)`,
    [JSON.stringify(heads), heads.map(({ id }) => id)],
  );
}
