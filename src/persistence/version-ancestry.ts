import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import type { ComponentType } from '../domain/versioning/component-type';
import { COMPONENT_ENTITIES } from './component-store';

/** Where a version comes from. */
export interface Ancestor {
  readonly id: string;
  readonly parentIds: readonly string[];
  readonly at: Date;
}

/** These versions and everything they come from, as far as the account sees it: one statement. */
export async function readAncestry(
  manager: EntityManager,
  type: ComponentType,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Map<string, Ancestor>> {
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const rows: Ancestor[] = await manager.query(
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
