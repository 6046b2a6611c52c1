import type { DataSource } from 'typeorm';
import type { Role } from '../../domain/access/roles';
import type { TokenFacts } from '../../domain/access/token-principal';
import { TOKEN_BY_HASH, tokenFromJson, type TokenJson } from '../access/token-store';
import { poolOf } from '../pool';
import { isPreparing, nameOf } from '../prepared-statement';
import { toSql } from './json-text';
import { Planner, type PlannedGraph } from './planner';
import type { RequestValues, Selection } from './selection';
import type { Statement } from './statement';

/** Statements that PostgreSQL keeps prepared, in each connection. */
const MOST_PREPARED = 200;
/** How many texts are told apart before those that came again are prepared. */
const MOST_SEEN = 2_000;
/** The SQLSTATE of the function `missing_value()` (migration SelectionPlanner). */
const MISSING_VALUE = 'MC001';

/** A text that may be prepared, under a name made of it. */
interface Text {
  readonly text: string;
  readonly name: string;
}

/** A query whose answer one statement builds. */
export interface PlannedQuery {
  readonly statement: Statement;
  readonly alone: Text;
  readonly withToken: Text;
  /** Of each of these, one is needed beside what its root fields need. */
  readonly roles: readonly (readonly Role[])[];
  /** Characters that it takes to keep. */
  readonly size: number;
}

/**
 * Plans and runs queries over the pool of a DataSource. What comes again is prepared, for PostgreSQL to parse and plan it
 * once: the first texts that do, since a name lasts as long as its connection.
 */
export class PlannedQueries {
  private readonly seen = new Set<string>();
  private readonly prepared = new Set<string>();

  constructor(private readonly dataSource: DataSource) {}

  /** @throws NotPlanned when something in the selection is left to the resolvers */
  plan(graph: PlannedGraph, selection: Selection): PlannedQuery {
    const planner = new Planner(graph, this.dataSource.manager);
    const json = toSql(planner.object('Query', selection, null));
    const { statement, roles } = planner;
    const token = TOKEN_BY_HASH.replace('$1', `$${statement.size + 1}`);
    const withToken = `SELECT ${json} AS json, (SELECT to_json(token) FROM (${token}) AS token) AS token`;
    return {
      statement,
      alone: named(`SELECT ${json} AS json`),
      withToken: named(withToken),
      roles,
      size: 3 * json.length,
    };
  }

  /** @throws what `missesValue` tells when a value is missing that can't be null */
  async json({ statement, alone }: PlannedQuery, values: RequestValues): Promise<string> {
    const [row] = await this.rows<{ json: string }>(alone, statement.valuesFor(values));
    return row.json;
  }

  /** The same, and in the same statement what is known of a token. */
  async jsonAndToken(
    { statement, withToken }: PlannedQuery,
    values: RequestValues,
    hash: Buffer,
  ): Promise<{ readonly json: string; readonly token: TokenFacts | null }> {
    const [row] = await this.rows<{ json: string; token: TokenJson | null }>(withToken, [
      ...statement.valuesFor(values),
      hash,
    ]);
    return { json: row.json, token: row.token && tokenFromJson(row.token) };
  }

  static missesValue(error: unknown): boolean {
    return error instanceof Error && 'code' in error && error.code === MISSING_VALUE;
  }

  private async rows<R extends object>({ text, name }: Text, values: unknown[]): Promise<[R]> {
    const { rows } = await poolOf(this.dataSource).query<R>(
      this.isPrepared(name) ? { text, values, name } : { text, values },
    );
    const [row] = rows;
    if (row === undefined) throw new Error('A planned statement gave no row.');
    return [row];
  }

  private isPrepared(name: string): boolean {
    if (!isPreparing(this.dataSource)) return false;
    if (this.prepared.has(name)) return true;
    if (!this.seen.has(name)) {
      if (this.seen.size === MOST_SEEN) this.seen.clear();
      this.seen.add(name);
      return false;
    }
    if (this.prepared.size === MOST_PREPARED) return false;
    this.prepared.add(name);
    return true;
  }
}

const named = (text: string): Text => ({ text, name: nameOf(text) });
