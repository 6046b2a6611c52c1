import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';

/** A clone, and the newest revision that it could merge. */
export interface UpstreamUpdate {
  readonly componentId: string;
  readonly revisionId: string;
}

/**
 * for each of these versions whose lineage is a clone, the newest live revision of the lineage that it was cloned
 * from, unless the version descends from that one or a later one, by cloning or by merging. As the viewer sees it: own
 * versions only, to the last ancestor. One statement, however long the histories are.
 */
export function upstreamUpdates<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  ids: readonly string[],
): Promise<UpstreamUpdate[]> {
  const table = manager.connection.getMetadata(entity).tableName;
  return manager.query(
    // What a revision of the upstream lineage descends from has lower numbers, if any: there the walk ends.
    `WITH RECURSIVE clone AS (
       SELECT component.id, component.parent_ids, source.lineage_id AS upstream_id
       FROM ${table} AS component JOIN ${table} AS source ON source.id = component.cloned_from_id
       WHERE component.id = ANY($1) AND component.account_id = $2 AND source.account_id = $2
     ), ancestor AS (
       SELECT clone.id AS clone_id, clone.upstream_id, parent_id
       FROM clone CROSS JOIN unnest(clone.parent_ids) AS parent_id
       UNION
       SELECT ancestor.clone_id, ancestor.upstream_id, next.parent_id
       FROM ancestor JOIN ${table} AS version ON version.id = ancestor.parent_id AND version.account_id = $2
       CROSS JOIN unnest(version.parent_ids) AS next(parent_id)
       WHERE version.lineage_id <> ancestor.upstream_id OR version.revision = 0
     )
     SELECT clone.id AS "componentId", newest.id AS "revisionId"
     FROM clone
     CROSS JOIN LATERAL (
       SELECT coalesce(max(version.revision), 0) AS revision
       FROM ancestor JOIN ${table} AS version ON version.id = ancestor.parent_id AND version.account_id = $2
       WHERE ancestor.clone_id = clone.id AND version.lineage_id = clone.upstream_id
     ) AS merged
     CROSS JOIN LATERAL (
       SELECT version.id, version.revision FROM ${table} AS version
       WHERE version.account_id = $2 AND version.lineage_id = clone.upstream_id
         AND version.revision > 0 AND version.deleted_at IS NULL
       ORDER BY version.revision DESC LIMIT 1
     ) AS newest
     WHERE newest.revision > merged.revision`,
    [ids, viewer.accountId],
  );
}
