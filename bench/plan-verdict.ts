import type { EntityManager } from 'typeorm';
import type { MeasuredPlan } from './plan';

/** Rows: a table with more is big. More of one for one page is absurd, whatever the size of the tables. */
export const ONE_PAGE = 20_000;

/** What a statement may do. */
export interface Allowance {
  /** The most rows that its scans may touch. */
  readonly reads: number;
  /** Whether its answer needs every row of a big table, so that reading the table in one go is right. */
  readonly wholeTable?: boolean;
}

/** Says of plans whether they are right for tables of this size. */
export class Judge {
  private constructor(private readonly bigTables: ReadonlySet<string>) {}

  /** Of tables whose rows have been counted (`ANALYZE`). */
  static async ofDatabase(manager: EntityManager): Promise<Judge> {
    const rows: { name: string }[] = await manager.query(
      `SELECT relname AS name FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > $1`,
      [ONE_PAGE],
    );
    return new Judge(new Set(rows.map(({ name }) => name)));
  }

  /** `ok`, or what is wrong with it. */
  verdict({ reads, wholeTable }: Allowance, plan: MeasuredPlan): string {
    const tables = [...new Set(plan.sequentiallyScanned)].filter((table) => this.bigTables.has(table));
    if (tables.length > 0 && !wholeTable) return `FAILED: reads all of ${tables.join(', ')}`;
    if (plan.rowsRead > reads) return `FAILED: reads more than ${reads} rows`;
    return 'ok';
  }
}
