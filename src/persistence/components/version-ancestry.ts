import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { HistoryVersion } from '../../domain/merge/common-ancestor';
import type { ComponentType } from '../../domain/versioning/component-type';
import { COMPONENT_ENTITIES } from './component-store';
import { queryNamed } from '../named-query';
import { queryPrepared } from '../prepared-statement';
import { originalOf } from '../marketplace/original-of';
import { versionVisible } from '../visibility';

/** Where versions come from, through the accounts that they were published and imported by. */
export interface Ancestry {
  /** By the ids of originals: a copy stands for what it is a copy of. */
  readonly history: ReadonlyMap<string, HistoryVersion>;
  /** The originals of versions that the walk started from, in the order of their ids. */
  readonly originals: (ids: readonly string[]) => string[];
}

interface AncestryRow extends Omit<HistoryVersion, 'readableAs'> {
  readonly id: string;
  readonly accountId: string;
  /** Those of the versions asked for that it is, or is the original of. */
  readonly startIds: readonly string[];
}

/**
 * These immutable versions and everything they come from: one statement, and another one where some of it is not the
 * viewer's own. Copies have no parents, so the
 * walk goes on at their originals, whatever account has them; it gives away nothing of those but which ones the viewer
 * may read, as what: its own, or what is offered to it. Each version is looked up by index: PostgreSQL takes a walk for
 * much longer than it is, and `OFFSET 0` keeps it from reading the whole table at every step.
 */
export async function readAncestry(
  manager: EntityManager,
  type: ComponentType,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Ancestry> {
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const rows = await queryPrepared<AncestryRow>(
    manager,
    `WITH RECURSIVE start AS (
       SELECT version.id, ${originalOf('version')} AS original_id
       FROM ${tableName} AS version WHERE version.id = ANY($1)
     ), ancestry(id) AS (
       SELECT original_id FROM start
       UNION
       SELECT behind.id FROM ancestry CROSS JOIN LATERAL (
         SELECT ${originalOf('parent')} AS id FROM ${tableName} AS version
         JOIN ${tableName} AS parent ON parent.id = ANY(version.parent_ids)
         WHERE version.id = ancestry.id OFFSET 0) AS behind
     )
     SELECT version.id, version.account_id AS "accountId", version.created_at AS at,
       ARRAY(SELECT ${originalOf('parent')} FROM ${tableName} AS parent
         WHERE parent.id = ANY(version.parent_ids)) AS "parentIds",
       ARRAY(SELECT start.id FROM start WHERE start.original_id = version.id) AS "startIds"
     FROM ancestry CROSS JOIN LATERAL (
       SELECT version.* FROM ${tableName} AS version WHERE version.id = ancestry.id OFFSET 0) AS version`,
    [ids],
  );
  const others = rows.filter(({ accountId }) => accountId !== viewer.accountId).map(({ id }) => id);
  const readable = await readableVersions(manager, tableName, viewer, others);
  const originals = new Map(
    rows.flatMap(({ id, startIds }) => startIds.map((start) => [start, id] as const)),
  );
  return {
    history: new Map(
      rows.map(({ id, at, parentIds, accountId }) => [
        id,
        { at, parentIds, readableAs: accountId === viewer.accountId ? id : (readable.get(id) ?? null) },
      ]),
    ),
    originals: (wanted) => wanted.flatMap((id) => originals.get(id) ?? []),
  };
}

/** As which versions the viewer may read those of other accounts, by these: its own copies, or themselves if they are offered. */
async function readableVersions(
  manager: EntityManager,
  tableName: string,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Map<string, string | null>> {
  if (ids.length === 0) return new Map();
  const rows = await queryNamed<{ readonly id: string; readonly readableAs: string | null }>(
    manager,
    `SELECT version.id, coalesce(
         (SELECT copy.id FROM ${tableName} AS copy
          WHERE copy.account_id = :viewer AND copy.lineage_id = version.lineage_id
            AND copy.revision = version.revision AND NOT copy.snapshot AND copy.sealed
            AND copy.original_id = version.id),
         CASE WHEN ${versionVisible('version')} THEN version.id END) AS "readableAs"
     FROM ${tableName} AS version WHERE version.id = ANY(:ids)`,
    { ids, viewer: viewer.accountId },
  );
  return new Map(rows.map(({ id, readableAs }) => [id, readableAs]));
}
