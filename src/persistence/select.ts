import type { EntityManager, EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** SQL behind a key, for a batch of `:ids`. */
export const ANY_OF = '= ANY(:ids)';

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

/** Adds the columns of a table that a query joins, for `selectJoined` to read. @param alias of that table */
export function addJoined<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  entity: EntityTarget<ObjectLiteral>,
  alias: string,
): SelectQueryBuilder<E> {
  for (const { databaseName } of query.connection.getMetadata(entity).columns)
    query.addSelect(`${alias}.${databaseName}`, `${alias}.${databaseName}`);
  return query;
}

/** The row of the joined table that a row of such a query carries. @param column SQL for a column of that row */
export function selectJoined(
  manager: EntityManager,
  entity: EntityTarget<ObjectLiteral>,
  alias: string,
  column: (name: string) => string,
): SelectQueryBuilder<ObjectLiteral> {
  const { columns } = manager.connection.getMetadata(entity);
  const carried = columns.map((each) => `${column(`${alias}.${each.databaseName}`)} AS ${each.databaseName}`);
  const query = manager
    .createQueryBuilder()
    .select([])
    .from(`(SELECT ${carried.join(', ')})`, alias);
  for (const { databaseName, propertyName } of columns)
    query.addSelect(`${alias}.${databaseName}`, propertyName);
  return query;
}
