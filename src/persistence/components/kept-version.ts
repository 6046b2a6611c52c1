import type { EntityManager } from 'typeorm';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { Contained } from './component-contents';
import { COMPONENT_ENTITIES } from './component-store';
import { queryPrepared } from '../prepared-statement';

/**
 * The immutable versions that hold these contents as their lineages' latest states, by the version asked for: the
 * version itself, or for a HEAD the revision or snapshot that it last became, if it still equals that and was merged
 * with nothing since. Of those that are missing a snapshot would have to be taken: also of a subscribed HEAD that comes
 * from its publisher's snapshot only, which may go out of sight. One statement.
 */
export async function keptVersions<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  contents: readonly Contained<T>[],
): Promise<Map<string, string>> {
  const kept = new Map<string, string>();
  const heads: { readonly last: string; readonly [fact: string]: unknown }[] = [];
  for (const { version, hash } of contents) {
    const last = version.parentIds.at(-1);
    if (version.sealed) kept.set(version.id, version.id);
    else if (last !== undefined)
      heads.push({
        id: version.id,
        last,
        accountId: version.accountId,
        lineageId: version.lineageId,
        hash,
        others: version.parentIds.slice(0, -1),
      });
  }
  if (heads.length === 0) return kept;
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const rows = await queryPrepared<{ readonly id: string; readonly last: string }>(
    manager,
    `SELECT head.id, head.last
     FROM jsonb_to_recordset($1) AS head(id uuid, last uuid, "accountId" uuid, "lineageId" uuid, hash text, others uuid[])
     JOIN ${tableName} AS version ON version.id = head.last AND version.account_id = head."accountId"
       AND version.lineage_id = head."lineageId"
       AND version.content_hash = decode(head.hash, 'hex') AND version.parent_ids @> head.others
     WHERE version.id = ANY($2)`,
    [JSON.stringify(heads), heads.map(({ last }) => last)],
  );
  for (const { id, last } of rows) kept.set(id, last);
  return kept;
}

/** The same of HEADs, but only snapshots. Two statements. */
export async function keptSnapshots<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  heads: readonly Contained<T>[],
): Promise<Map<string, string>> {
  const kept = await keptVersions(manager, type, heads);
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const rows: { readonly id: string }[] = await manager.query(
    `SELECT id FROM ${tableName} WHERE id = ANY($1) AND snapshot`,
    [[...kept.values()]],
  );
  const snapshots = new Set(rows.map(({ id }) => id));
  return new Map([...kept].filter(([, id]) => snapshots.has(id)));
}

/** When the newest snapshot of a lineage was taken, and which it is: several, if at the same moment. */
export interface NewestSnapshots {
  readonly takenAt: Date;
  readonly ids: readonly string[];
}

/** The newest snapshots that an account has of lineages, by lineage. One statement. */
export async function newestSnapshots(
  manager: EntityManager,
  type: ComponentType,
  accountId: string,
  lineageIds: readonly string[],
): Promise<Map<string, NewestSnapshots>> {
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const rows: (NewestSnapshots & { readonly lineageId: string })[] = await manager.query(
    `SELECT lineage_id AS "lineageId", created_at AS "takenAt", array_agg(id) AS ids
     FROM (SELECT id, lineage_id, created_at,
         rank() OVER (PARTITION BY lineage_id ORDER BY created_at DESC) AS place
       FROM ${tableName}
       WHERE lineage_id = ANY($1::uuid[]) AND revision = 0 AND snapshot AND account_id = $2) AS version
     WHERE place = 1 GROUP BY lineage_id, created_at`,
    [lineageIds, accountId],
  );
  return new Map(rows.map(({ lineageId, ...newest }) => [lineageId, newest]));
}

/** Those of these snapshots that hold what HEADs hold still, by the HEAD. One statement. */
export async function unchangedSnapshots<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  heads: readonly Contained<T>[],
  snapshotIds: readonly string[],
): Promise<Map<string, string>> {
  if (snapshotIds.length === 0) return new Map();
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const parameters = heads.map(({ version, hash }) => ({
    id: version.id,
    lineageId: version.lineageId,
    hash,
  }));
  const rows: { readonly id: string; readonly snapshotId: string }[] = await manager.query(
    `SELECT head.id, version.id AS "snapshotId"
     FROM jsonb_to_recordset($1) AS head(id uuid, "lineageId" uuid, hash text)
     JOIN ${tableName} AS version ON version.lineage_id = head."lineageId" AND version.snapshot
       AND version.content_hash = decode(head.hash, 'hex')
     WHERE version.id = ANY($2::uuid[])`,
    [JSON.stringify(parameters), snapshotIds],
  );
  return new Map(rows.map(({ id, snapshotId }) => [id, snapshotId]));
}
