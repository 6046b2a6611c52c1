import { Check, Entity, Index, Unique } from 'typeorm';

/** What an account works with: HEADs, and of what is imported the newest revision. */
const LIVE_CURRENT = {
  where:
    '(revision = 0 OR original_id IS NOT NULL) AND NOT snapshot AND NOT superseded AND deleted_at IS NULL',
};

/** The table of one kind of component: the same keys, indexes and checks for each. */
export function ComponentTable(table: string, comment: string): ClassDecorator {
  const decorators: ClassDecorator[] = [
    Entity(table, { comment }),
    Unique(`${table}_id_lineage`, ['id', 'lineageId']),
    // Snapshots of a HEAD live outside.
    Index(`${table}_revision`, ['accountId', 'lineageId', 'revision'], {
      unique: true,
      where: 'NOT snapshot',
    }),
    Index(`${table}_original`, ['originalId'], { where: 'original_id IS NOT NULL' }),
    Index(`${table}_clones`, ['clonedFromId'], { where: 'cloned_from_id IS NOT NULL' }),
    Index(`${table}_lineage`, ['lineageId', 'revision']),
    Index(`${table}_current_name`, ['accountId', 'name', 'id'], LIVE_CURRENT),
    Index(`${table}_current_updated`, ['accountId', 'updatedAt', 'id'], LIVE_CURRENT),
    Index(`${table}_current_created`, ['accountId', 'createdAt', 'id'], LIVE_CURRENT),
    Index(`${table}_name`, ['accountId', 'name', 'id']),
    Index(`${table}_updated`, ['accountId', 'updatedAt', 'id']),
    Index(`${table}_created`, ['accountId', 'createdAt', 'id']),
    Index(`${table}_search`, { synchronize: false }),
    Index(`${table}_tags`, { synchronize: false }),
    Check(`${table}_revision_range`, 'revision >= 0'),
    Check(`${table}_head_unsealed`, 'revision > 0 OR snapshot OR NOT sealed'),
    Check(`${table}_snapshot`, 'revision = 0 OR NOT snapshot'),
    Check(`${table}_superseded`, 'NOT superseded OR (revision > 0 AND original_id IS NOT NULL)'),
    Check(`${table}_copy`, 'original_id IS NULL OR NOT snapshot'),
    Check(`${table}_hashed`, 'content_hash IS NOT NULL OR NOT sealed'),
    Check(`${table}_commit`, '(revision = 0) = (committed_at IS NULL)'),
    Check(`${table}_tag_count`, 'cardinality(tags) <= 100'),
  ];
  return (target) => {
    for (const decorate of decorators) decorate(target);
  };
}
