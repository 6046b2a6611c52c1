import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { encodeCursor, toPage, type CursorValue, type Page, type PageArguments } from '../domain/paging';
import { invalid } from '../domain/errors';
import { isUuid } from '../domain/uuid';
import type { Row } from './select';

/** One column of a sort: an SQL expression, the property that carries its value, and its type in cursors. */
export interface SortKey {
  readonly expression: string;
  readonly property: string;
  readonly type: 'text' | 'uuid' | 'timestamptz' | 'integer';
}

/** A total order: all keys run the same way, and the last one is unique. */
export interface Order {
  readonly keys: readonly SortKey[];
  readonly descending: boolean;
}

/** A list that can be paged: its name (part of its cursors), its order and its rows before paging. */
export interface ListQuery<E extends ObjectLiteral> {
  readonly name: string;
  readonly order: Order;
  /** The rows, as `selectRows` makes them. With `parent`, an SQL expression for the id of the row they belong to. */
  rows(manager: EntityManager, parent: string | null): SelectQueryBuilder<E>;
  /** As many rows, in no order, where that takes less. */
  counted?(manager: EntityManager): SelectQueryBuilder<E>;
}

export interface PageOfRows<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

const PARENT = '__parent';

/** One page of a root list: one statement. */
export async function readPage<E extends ObjectLiteral>(
  manager: EntityManager,
  list: ListQuery<E>,
  args: PageArguments,
): Promise<PageOfRows<Row<E>>> {
  const page = toPage(list.name, args, list.order.keys.length);
  const query = list.rows(manager, null);
  restrictToPage(query, list.order, checked(list.order, page));
  return toPageOfRows(list, page, await query.getRawMany<Row<E>>());
}

/** The same page of many parents' lists: one statement, by a lateral join. */
export async function readPages<E extends ObjectLiteral>(
  manager: EntityManager,
  list: ListQuery<E>,
  parents: readonly string[],
  args: PageArguments,
): Promise<Map<string, PageOfRows<Row<E>>>> {
  const page = toPage(list.name, args, list.order.keys.length);
  const query = list.rows(manager, 'parent.id');
  restrictToPage(query, list.order, checked(list.order, page));
  const [sql, parameters] = query.getQueryAndParameters();
  const rows: (Row<E> & { [PARENT]: string })[] = await manager.query(
    `SELECT parent.id AS "${PARENT}", child.* FROM unnest($${parameters.length + 1}::uuid[]) AS parent(id)
     CROSS JOIN LATERAL (${sql}) AS child`,
    [...(parameters as unknown[]), parents],
  );
  const byParent = new Map<string, Row<E>[]>(parents.map((parent) => [parent, []]));
  for (const row of rows) byParent.get(row[PARENT])?.push(row);
  return new Map([...byParent].map(([parent, children]) => [parent, toPageOfRows(list, page, children)]));
}

export async function countRows<E extends ObjectLiteral>(
  manager: EntityManager,
  list: ListQuery<E>,
): Promise<number> {
  const counted = list.counted?.(manager) ?? list.rows(manager, null);
  const [sql, parameters] = counted.getQueryAndParameters();
  const rows: { count: number }[] = await manager.query(
    `SELECT count(*)::int AS count FROM (${sql}) AS counted`,
    parameters,
  );
  return rows[0]?.count ?? 0;
}

export async function countRowsPerParent<E extends ObjectLiteral>(
  manager: EntityManager,
  list: ListQuery<E>,
  parents: readonly string[],
): Promise<Map<string, number>> {
  const [sql, parameters] = list.rows(manager, 'parent.id').getQueryAndParameters();
  const rows: { id: string; count: number }[] = await manager.query(
    `SELECT parent.id, counted.count FROM unnest($${parameters.length + 1}::uuid[]) AS parent(id)
     CROSS JOIN LATERAL (SELECT count(*)::int AS count FROM (${sql}) AS child) AS counted`,
    [...(parameters as unknown[]), parents],
  );
  return new Map(rows.map((row) => [row.id, row.count]));
}

/** A page whose cursors are known to fit the order, or will be when they are. */
export interface RestrictedPage {
  readonly size: number;
  readonly fromEnd: boolean;
  readonly after: readonly unknown[] | null;
  readonly before: readonly unknown[] | null;
}

/** Adds order, keyset conditions and a limit of one row more than asked for, which tells whether there are more. */
export function restrictToPage<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  order: Order,
  page: RestrictedPage,
): void {
  const direction = order.descending === page.fromEnd ? 'ASC' : 'DESC';
  for (const key of order.keys) query.addOrderBy(key.expression, direction);
  query.limit(page.size + 1);
  if (page.after)
    query.andWhere(beyond(order, 'after', order.descending ? '<' : '>'), named('after', page.after));
  if (page.before)
    query.andWhere(beyond(order, 'before', order.descending ? '>' : '<'), named('before', page.before));
}

function checked(order: Order, page: Page): Page {
  if (page.after) checkBoundary(order, 'after', page.after);
  if (page.before) checkBoundary(order, 'before', page.before);
  return page;
}

function beyond(order: Order, side: string, operator: '<' | '>'): string {
  const left = order.keys.map((key) => key.expression).join(', ');
  const right = order.keys.map((key, index) => `:${side}${index}::${key.type}`).join(', ');
  return `(${left}) ${operator} (${right})`;
}

const named = (side: string, values: readonly unknown[]): Record<string, unknown> =>
  Object.fromEntries(values.map((value, index) => [`${side}${index}`, value]));

/** @throws DomainError INVALID when the values of a cursor are none that the order has */
export function checkBoundary(order: Order, side: string, values: readonly CursorValue[]): void {
  for (const [index, key] of order.keys.entries())
    if (!fits(key.type, values[index] ?? null))
      throw invalid(`\`${side}\` is not a cursor: pass the \`cursor\` of an edge, unchanged.`, side);
}

/** As cursors carry it: JavaScript reads much else as a time that PostgreSQL refuses, such as the year 0 or February 31. */
function isTime(text: string): boolean {
  const time = new Date(text);
  return /^(?!0000)\d{4}-/.test(text) && !Number.isNaN(time.getTime()) && time.toISOString() === text;
}

function fits(type: SortKey['type'], value: CursorValue): boolean {
  switch (type) {
    case 'uuid':
      return typeof value === 'string' && isUuid(value);
    case 'timestamptz':
      return value === '-infinity' || (typeof value === 'string' && isTime(value));
    case 'integer':
      return typeof value === 'number' && value === (value | 0);
    case 'text':
      return typeof value === 'string';
  }
}

function toPageOfRows<E extends ObjectLiteral>(
  list: ListQuery<E>,
  page: Page,
  found: Row<E>[],
): PageOfRows<Row<E>> {
  const more = found.length > page.size;
  const rows = found.slice(0, page.size);
  if (page.fromEnd) rows.reverse();
  return {
    edges: rows.map((node) => ({ cursor: cursorOf(list, node), node })),
    hasNextPage: page.fromEnd ? page.before !== null : more,
    hasPreviousPage: page.fromEnd ? more : page.after !== null,
  };
}

function cursorOf<E extends ObjectLiteral>(list: ListQuery<E>, row: Row<E>): string {
  return encodeCursor(
    list.name,
    list.order.keys.map((key) => cursorValue(row[key.property as keyof E], key)),
  );
}

function cursorValue(value: unknown, key: SortKey): CursorValue {
  if (value instanceof Date) return value.toISOString();
  // The only nullable sort key: coalesced in SQL likewise.
  if (value === null && key.type === 'timestamptz') return '-infinity';
  return value as CursorValue;
}
