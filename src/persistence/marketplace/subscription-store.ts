import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { queryNamed } from '../named-query';
import { publicationMeant } from '../visibility';

/**
 * Those of these subscribed HEADs, of any kind, that no republishing changes any more: of what carries their lineage's
 * HEAD now, nothing is both meant for the viewer and followed by it. What was removed follows nothing; of that only
 * the access counts, with which it comes back. One statement.
 */
export const endedSubscriptions = (
  manager: EntityManager,
  viewer: Viewer,
  ids: readonly string[],
): Promise<{ readonly id: string }[]> =>
  queryNamed(
    manager,
    `SELECT imported.version_id AS id
     FROM imported_versions AS imported
     WHERE imported.version_id = ANY(:ids) AND imported.account_id = :viewer AND imported.revision = 0
       AND NOT EXISTS (
         SELECT FROM (
           SELECT id, lineage_id FROM multi_cloud_images WHERE revision = 0 AND snapshot
           UNION ALL
           SELECT id, lineage_id FROM right_scripts WHERE revision = 0 AND snapshot
           UNION ALL
           SELECT id, lineage_id FROM server_templates WHERE revision = 0 AND snapshot
         ) AS frozen
         JOIN publication_versions AS carried ON carried.version_id = frozen.id
         JOIN publications AS publication ON publication.id = carried.publication_id
         WHERE frozen.lineage_id = imported.lineage_id AND ${publicationMeant('publication')}
           AND (imported.removed_at IS NOT NULL OR EXISTS (
             SELECT FROM imported_versions AS followed
             WHERE followed.account_id = imported.account_id AND followed.lineage_id = publication.lineage_id
               AND followed.revision = 0 AND followed.removed_at IS NULL)))`,
    { ids, viewer: viewer.accountId },
  );
