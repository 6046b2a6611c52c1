import type { EntityManager } from 'typeorm';
import type { ComponentType } from '../domain/versioning/component-type';
import type { Contained } from './component-contents';
import { COMPONENT_ENTITIES } from './component-store';

/**
 * The immutable version that holds this content as its lineage's latest state: the version itself, or for a HEAD the
 * revision or snapshot that it last became, if it still equals that and was merged with nothing since. `null`: a
 * snapshot would have to be taken.
 */
export async function keptVersion<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  { version, hash }: Contained<T>,
): Promise<string | null> {
  if (version.sealed) return version.id;
  const last = version.parentIds.at(-1);
  if (last === undefined) return null;
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const rows: unknown[] = await manager.query(
    `SELECT FROM ${tableName}
     WHERE id = $1 AND lineage_id = $2 AND content_hash = decode($3, 'hex') AND parent_ids @> $4::uuid[]`,
    [last, version.lineageId, hash, version.parentIds.slice(0, -1)],
  );
  return rows.length > 0 ? last : null;
}
