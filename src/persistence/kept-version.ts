import type { EntityManager } from 'typeorm';
import type { ComponentType } from '../domain/versioning/component-type';
import type { Contained } from './component-contents';
import { COMPONENT_ENTITIES } from './component-store';

/**
 * The immutable versions that hold these contents as their lineages' latest states, by the version asked for: the
 * version itself, or for a HEAD the revision or snapshot that it last became, if it still equals that and was merged
 * with nothing since. Of those that are missing a snapshot would have to be taken. One statement.
 */
export async function keptVersions<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  contents: readonly Contained<T>[],
): Promise<Map<string, string>> {
  const kept = new Map<string, string>();
  const heads: object[] = [];
  for (const { version, hash } of contents) {
    const last = version.parentIds.at(-1);
    if (version.sealed) kept.set(version.id, version.id);
    else if (last !== undefined)
      heads.push({
        id: version.id,
        last,
        lineageId: version.lineageId,
        hash,
        others: version.parentIds.slice(0, -1),
      });
  }
  if (heads.length === 0) return kept;
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const rows: { readonly id: string; readonly last: string }[] = await manager.query(
    `SELECT head.id, head.last
     FROM jsonb_to_recordset($1) AS head(id uuid, last uuid, "lineageId" uuid, hash text, others uuid[])
     JOIN ${tableName} AS version ON version.id = head.last AND version.lineage_id = head."lineageId"
       AND version.content_hash = decode(head.hash, 'hex') AND version.parent_ids @> head.others`,
    [JSON.stringify(heads)],
  );
  for (const { id, last } of rows) kept.set(id, last);
  return kept;
}
