import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { ComponentType } from '../../domain/versioning/component-type';
import { COMPONENT_ENTITIES } from './component-store';

interface KnownRevision {
  readonly type: ComponentType;
  readonly id: string;
}

/** The newest revisions of a lineage of any kind, the newest first, at most two: one statement. */
export function latestTwoRevisions(
  manager: EntityManager,
  viewer: Viewer,
  lineageId: string,
): Promise<KnownRevision[]> {
  const ofKinds = Object.entries(COMPONENT_ENTITIES).map(
    ([type, entity]) =>
      `SELECT '${type}' AS type, id, revision FROM ${manager.connection.getMetadata(entity).tableName}
       WHERE account_id = $1 AND lineage_id = $2 AND revision > 0 AND NOT snapshot
         AND (deleted_at IS NULL OR original_id IS NULL)`,
  );
  return manager.query(
    `SELECT type, id FROM (${ofKinds.join(' UNION ALL ')}) AS version ORDER BY revision DESC LIMIT 2`,
    [viewer.accountId, lineageId],
  );
}
