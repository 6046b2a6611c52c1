import type { EntityManager, EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** A row as read for GraphQL: a plain object with the entity's properties and the name of its type. */
export type Row<E> = E & { readonly __typename: string };

/**
 * A query for the columns of an entity under their property names, as plain rows: hydrating entities costs most of the
 * time of a read (PERFORMANCE, point 3). Columns that the entity says are not selected (large ones) are left out.
 */
export function selectRows<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  alias: string,
): SelectQueryBuilder<E> {
  const query = manager.createQueryBuilder(entity, alias).select([]);
  const metadata = manager.connection.getMetadata(entity);
  for (const column of metadata.columns.filter(({ isSelect }) => isSelect))
    query.addSelect(`${alias}.${column.propertyPath}`, column.propertyName);
  return query.addSelect(`'${metadata.name}'`, '__typename');
}
