import type { EntityManager } from 'typeorm';
import { copyIn, type CopyValue } from '../src/persistence/copy-in';

/** Column names and values. */
export type Row = Readonly<Record<string, CopyValue>>;

/**
 * Loads rows by COPY while they are made, as fast as the server takes them. All have the columns of the first one.
 *
 * @param manager of a transaction
 */
export async function load(manager: EntityManager, table: string, rows: Iterable<Row>): Promise<void> {
  const iterator = rows[Symbol.iterator]();
  const first = iterator.next();
  if (first.done) return;
  const columns = Object.keys(first.value);
  async function* values() {
    for (let next: IteratorResult<Row> = first; !next.done; next = iterator.next()) {
      const row = next.value;
      yield columns.map((column) => row[column]);
    }
  }
  await copyIn(manager, table, columns, values());
}

/**
 * Seals the revisions of a table of components, in the transaction that made them and after their content: sealed ones take
 * none. They have a hash of their content; which one doesn't matter here.
 */
export const seal = (manager: EntityManager, table: string): Promise<unknown> =>
  manager.query(
    `UPDATE ${table} SET sealed = true, content_hash = decode(md5(id::text) || md5(name), 'hex') WHERE revision > 0 AND NOT sealed`,
  );
