import { createHash } from 'node:crypto';
import type { PoolClient, QueryConfig } from 'pg';
import { QueryFailedError, type DataSource, type EntityManager } from 'typeorm';
import { poolOf } from './pool';

const names = new Map<string, string>();
const unprepared = new WeakSet<DataSource>();

/** For a database behind a pooler that hands connections on and doesn't know prepared statements. */
export const prepareNothing = (dataSource: DataSource): void => void unprepared.add(dataSource);

export const isPreparing = (dataSource: DataSource): boolean => !unprepared.has(dataSource);

/** PostgreSQL knows a prepared statement by its name: the same of the same text, on every connection. */
export const nameOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64url');

/** The same, of one of few texts. */
function keptNameOf(text: string): string {
  const name = names.get(text) ?? nameOf(text);
  names.set(text, name);
  return name;
}

/** A statement as its connection is asked for it: as a prepared one, where connections can. */
const statementOf = (dataSource: DataSource, text: string, values: readonly unknown[]): QueryConfig =>
  isPreparing(dataSource)
    ? { name: keptNameOf(text), text, values: [...values] }
    : { text, values: [...values] };

/**
 * Runs a statement of its own, outside of transactions, as a prepared one.
 *
 * @param text one of few: every connection keeps each
 * @returns the rows
 */
export async function queryAlone<R>(
  dataSource: DataSource,
  text: string,
  values: readonly unknown[],
): Promise<R[]> {
  const { rows } = await poolOf(dataSource).query<R & object>(statementOf(dataSource, text, values));
  return rows;
}

/**
 * Runs a statement, of a transaction or alone, as a prepared one: its connection parses it the first time only, and plans
 * it no more after some times, which takes longer than short statements run.
 *
 * @param text one of few: every connection keeps each
 * @returns the rows
 * @throws QueryFailedError as TypeORM does
 */
export async function queryPrepared<R>(
  manager: EntityManager,
  text: string,
  values: readonly unknown[],
): Promise<R[]> {
  const { queryRunner, connection } = manager;
  if (!isPreparing(connection)) return manager.query(text, [...values]);
  try {
    if (queryRunner === undefined) return await queryAlone(connection, text, values);
    const client = (await queryRunner.connect()) as PoolClient;
    const { rows } = await client.query<R & object>(statementOf(connection, text, values));
    return rows;
  } catch (error) {
    throw new QueryFailedError(text, [...values], error instanceof Error ? error : new Error(String(error)));
  }
}
