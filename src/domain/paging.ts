import { invalid } from './errors';

/** Relay's page arguments, as they come. */
export interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

/** A checked page: at most `size` rows after `after` or before `before`, seen from the start or the end. */
export interface Page {
  readonly size: number;
  readonly fromEnd: boolean;
  readonly after: readonly CursorValue[] | null;
  readonly before: readonly CursorValue[] | null;
}

export type CursorValue = string | number | null;

export const MAXIMUM_PAGE_SIZE = 100;
/** Of one `nodes`. */
export const MAXIMUM_NODES = 100;
/** One request of a gateway may ask for so many entities. */
export const MAXIMUM_REPRESENTATIONS = 1000;
const DEFAULT_PAGE_SIZE = 25;

/** A cursor names its list and order, so that one from another list is told apart instead of giving wrong rows. */
export function encodeCursor(list: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([list, ...values]), 'utf8').toString('base64url');
}

/** @param length how many values it carries @throws DomainError INVALID for one that is none, or of another list */
export function decodeCursor(list: string, cursor: string, field: string, length: number): CursorValue[] {
  const parsed = parseCursor(cursor);
  if (parsed === null)
    throw invalid(`\`${field}\` is not a cursor: pass the \`cursor\` of an edge, unchanged.`, field);
  const [ofList, ...values] = parsed;
  if (ofList !== list || values.length !== length)
    throw invalid(`\`${field}\` is a cursor of another list or order: start again without it.`, field);
  return values;
}

function parseCursor(cursor: string): CursorValue[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const wellFormed =
      Array.isArray(value) &&
      value.every(
        (item) =>
          item === null || typeof item === 'number' || (typeof item === 'string' && !item.includes('\0')),
      );
    return wellFormed ? (value as CursorValue[]) : null;
  } catch {
    return null;
  }
}

/** Checks page arguments (every list is bounded at 100). `length`: how many values the list's cursors carry. */
export function toPage(list: string, page: PageArguments, length: number): Page {
  const { first = null, last = null } = page;
  if (first !== null && last !== null) throw invalid('Give `first` or `last`, not both.', 'last');
  const fromEnd = last !== null;
  const size = (fromEnd ? last : first) ?? DEFAULT_PAGE_SIZE;
  if (size < 0 || size > MAXIMUM_PAGE_SIZE)
    throw invalid(
      `\`${fromEnd ? 'last' : 'first'}\` is ${size}, but must be between 0 and ${MAXIMUM_PAGE_SIZE}.`,
      fromEnd ? 'last' : 'first',
    );
  return {
    size,
    fromEnd,
    after: page.after ? decodeCursor(list, page.after, 'after', length) : null,
    before: page.before ? decodeCursor(list, page.before, 'before', length) : null,
  };
}
