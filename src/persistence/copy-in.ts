import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';

/** What a column can take by COPY; `undefined` is NULL, too. */
export type CopyValue = string | number | boolean | Date | readonly string[] | null | undefined;

/** Characters that are sent together. */
const PIECE_SIZE = 64 * 1024;

/**
 * Writes rows into a table by COPY while they are read, as fast as the server takes them. The rows are pulled on this
 * transaction's connection: whoever makes them can't use it meanwhile.
 *
 * @param rows values in the order of `columns`
 * @throws what reading the rows throws, or the server's error; then the transaction is aborted
 */
export async function copyIn(
  manager: EntityManager,
  table: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly CopyValue[]>,
): Promise<void> {
  const { queryRunner } = manager;
  if (queryRunner === undefined) throw new Error('COPY needs a transaction.');
  const connection = (await queryRunner.connect()) as PoolClient;
  await pipeline(
    pieces(rows),
    connection.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`)),
  );
}

async function* pieces(rows: AsyncIterable<readonly CopyValue[]>): AsyncGenerator<string> {
  let piece = '';
  for await (const row of rows) {
    piece += copyLine(row);
    if (piece.length >= PIECE_SIZE) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

/** A row in the text format of COPY. */
export function copyLine(values: readonly CopyValue[]): string {
  return `${values.map(copyText).join('\t')}\n`;
}

function copyText(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string') return escaped(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return value.toISOString();
  return escaped(`{${value.map((element) => `"${element.replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
}

const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character) : text;
