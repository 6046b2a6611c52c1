import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { queryNamed } from '../named-query';
import { originalOf } from '../marketplace/original-of';
import { publicationOffered } from '../visibility';

/** A clone, and the newest revisions that it could merge: at least one of them. */
export interface UpstreamUpdate {
  readonly componentId: string;
  /** In the local collection. */
  readonly revisionId: string | null;
  /** In the marketplace. */
  readonly publicationId: string | null;
}

/**
 * for each of these versions whose lineage is a clone, the newest live revision of the lineage that it was cloned
 * from, and the newest one that is offered, unless the version descends from that one or a later one, by cloning or by
 * merging. Histories go on where the account imported something. One statement, however long they are.
 */
export function upstreamUpdates<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  ids: readonly string[],
): Promise<UpstreamUpdate[]> {
  const table = manager.connection.getMetadata(entity).tableName;
  return queryNamed(
    manager,
    // What a revision of the upstream lineage descends from has lower numbers, if any: there the walk ends.
    `WITH RECURSIVE clone AS (
       SELECT component.id, component.parent_ids, source.lineage_id AS upstream_id
       FROM ${table} AS component JOIN ${table} AS source ON source.id = component.cloned_from_id
       WHERE component.id = ANY(:ids) AND component.account_id = :viewer AND source.account_id = :viewer
     ), ancestor AS (
       SELECT clone.id AS clone_id, clone.upstream_id, ${originalOf('parent')} AS id, parent.lineage_id, parent.revision
       FROM clone JOIN ${table} AS parent ON parent.id = ANY(clone.parent_ids)
       UNION
       SELECT ancestor.clone_id, ancestor.upstream_id, ${originalOf('parent')}, parent.lineage_id, parent.revision
       FROM ancestor JOIN ${table} AS version ON version.id = ancestor.id
       JOIN ${table} AS parent ON parent.id = ANY(version.parent_ids)
       WHERE ancestor.lineage_id <> ancestor.upstream_id OR ancestor.revision = 0
     )
     SELECT clone.id AS "componentId", newest.id AS "revisionId", offered.id AS "publicationId"
     FROM clone
     CROSS JOIN LATERAL (
       SELECT coalesce(max(ancestor.revision), 0) AS revision FROM ancestor
       WHERE ancestor.clone_id = clone.id AND ancestor.lineage_id = clone.upstream_id
     ) AS merged
     LEFT JOIN LATERAL (
       SELECT version.id FROM ${table} AS version
       WHERE version.account_id = :viewer AND version.lineage_id = clone.upstream_id
         AND NOT version.snapshot AND version.revision > merged.revision AND version.deleted_at IS NULL
       ORDER BY version.revision DESC LIMIT 1
     ) AS newest ON true
     LEFT JOIN LATERAL (
       SELECT publication.id FROM publications AS publication
       WHERE publication.lineage_id = clone.upstream_id AND publication.revision > merged.revision
         AND ${publicationOffered('publication')}
       ORDER BY publication.revision DESC LIMIT 1
     ) AS offered ON true
     WHERE newest.id IS NOT NULL OR offered.id IS NOT NULL`,
    { ids, viewer: viewer.accountId },
  );
}
