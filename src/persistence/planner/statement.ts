import { escapeLiteral } from 'pg';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { Deferred, type RequestValues } from './selection';

/** Something in the selection is not planned: it is left to the resolvers. */
export class NotPlanned extends Error {}

/** More sources of rows than this are left to the resolvers: PostgreSQL plans each of them. */
const MOST_SOURCES = 150;

const ACCOUNT = new Deferred(({ accountId }) => accountId);
const NOW = new Deferred(({ now }) => now);

/** The user for whom the request acts, and its roles. */
export const USER = new Deferred(({ principal }) => present(principal).userId);
export const ROLES = new Deferred(({ principal }) => [...present(principal).roles]);

function present(principal: RequestValues['principal']): NonNullable<RequestValues['principal']> {
  if (principal === undefined) throw new NotPlanned('the token is not read yet');
  return principal;
}

/** What stands for the account where a query is built. It must be no more than a parameter there. */
const ANY_ACCOUNT = '\u0000account';
const ANY_TIME = new Date(8.64e15);

/** For whom a statement is planned: anybody. Who it is, and when, is told with each request. */
export const ANY_VIEWER: Viewer = { accountId: ANY_ACCOUNT, now: ANY_TIME };

/** One SQL statement in the making: its parameters, and the names of its sources of rows. */
export class Statement {
  private readonly parameters: unknown[] = [];
  private sources = 0;

  /** How many parameters it has. */
  get size(): number {
    return this.parameters.length;
  }

  /** A name for the rows of one more source. */
  nextSource(): string {
    this.sources++;
    if (this.sources > MOST_SOURCES) throw new NotPlanned('too many sources of rows');
    return `n${this.sources}`;
  }

  /** The place of a parameter: `$7`. */
  bind(value: unknown): string {
    const known = value instanceof Deferred ? this.parameters.indexOf(value) : -1;
    if (known >= 0) return `$${known + 1}`;
    return `$${this.parameters.push(value)}`;
  }

  /** All parameters but the first: PostgreSQL refuses those that nothing uses. */
  forget(first: number): void {
    this.parameters.length = first;
  }

  /** SQL as `visibility.ts` writes it: `:viewer` is the account that asks, `:now` the moment of the request. */
  predicate(sql: string): string {
    return sql
      .replace(/:viewer\b/g, () => `${this.bind(ACCOUNT)}::uuid`)
      .replace(/:now\b/g, () => `${this.bind(NOW)}::timestamptz`);
  }

  /** The text of a query as part of the statement. */
  embed(query: Pick<SelectQueryBuilder<ObjectLiteral>, 'getQueryAndParameters'>): string {
    const [text, values] = query.getQueryAndParameters() as [string, unknown[]];
    return text.replace(/\$(\d+)/g, (_place, number) => this.place(values[Number(number) - 1]));
  }

  /** What the plan is kept for stands in its text: PostgreSQL plans the better for it. What changes is a parameter. */
  private place(value: unknown): string {
    if (value === ANY_ACCOUNT) return this.bind(ACCOUNT);
    if (value === ANY_TIME) return this.bind(NOW);
    if (value instanceof Deferred) return this.bind(value);
    if (JSON.stringify(value)?.includes('\\u0000account')) throw new NotPlanned('the account is worked up');
    if (typeof value === 'string') return escapeLiteral(value);
    if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
      return escapeLiteral(
        `{${value.map((item: string) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`,
      );
    return this.bind(value);
  }

  valuesFor(request: RequestValues): unknown[] {
    return this.parameters.map((value) => (value instanceof Deferred ? value.valueOf(request) : value));
  }
}
