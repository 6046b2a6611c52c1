import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import type { HistoryVersion } from '../domain/merge/common-ancestor';
import type { ComponentType } from '../domain/versioning/component-type';
import { COMPONENT_ENTITIES } from './component-store';

/** These versions and everything they come from, by id, as far as the account sees it: one statement. */
export async function readAncestry(
  manager: EntityManager,
  type: ComponentType,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Map<string, HistoryVersion>> {
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const rows: (HistoryVersion & { readonly id: string })[] = await manager.query(
    `WITH RECURSIVE ancestry(id) AS (
       SELECT unnest($1::uuid[])
       UNION
       SELECT parent.id FROM ancestry
       JOIN ${tableName} AS version ON version.id = ancestry.id AND version.account_id = $2
       CROSS JOIN LATERAL unnest(version.parent_ids) AS parent(id)
     )
     SELECT version.id, version.parent_ids AS "parentIds", version.created_at AS at
     FROM ancestry JOIN ${tableName} AS version ON version.id = ancestry.id AND version.account_id = $2`,
    [ids, viewer.accountId],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
