import type { EntityManager, QueryRunner } from 'typeorm';
import type { Statement } from './recorder';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Total Cost': number;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

type Explained = { 'QUERY PLAN': { Plan: PlanNode; 'Execution Time': number; 'Planning Time': number }[] }[];

/** What an executed plan did. */
export interface MeasuredPlan {
  readonly milliseconds: number;
  /** PostgreSQL's own guess, by which it chooses. */
  readonly cost: number;
  /** Ways into the tables: an index by its name, or `Seq Scan TABLE`. */
  readonly accesses: readonly string[];
  readonly sequentiallyScanned: readonly string[];
  /** Rows that all scans read, whether or not they were kept. */
  readonly rowsRead: number;
}

const EXPLAIN = 'EXPLAIN (ANALYZE, FORMAT JSON)';

/** Executes the statement once to warm the cache, then with its plan. */
export async function measure(manager: EntityManager, { sql, parameters }: Statement): Promise<MeasuredPlan> {
  await manager.query(sql, [...parameters]);
  return measured(sql, await manager.query(`${EXPLAIN} ${sql}`, [...parameters]));
}

/** The same, by the plan that PostgreSQL may keep for a prepared statement, made without knowing the parameters. */
export async function measureGeneric(
  manager: EntityManager,
  { sql, parameters }: Statement,
): Promise<MeasuredPlan> {
  const runner = manager.connection.createQueryRunner();
  try {
    const values = await literals(runner, parameters);
    await runner.query('SET plan_cache_mode = force_generic_plan');
    await runner.query(`PREPARE measured AS ${sql}`);
    try {
      const call = values.length === 0 ? 'measured' : `measured(${values.join(', ')})`;
      return measured(sql, (await runner.query(`${EXPLAIN} EXECUTE ${call}`)) as Explained);
    } finally {
      await runner.query('DEALLOCATE measured');
      await runner.query('RESET plan_cache_mode');
    }
  } finally {
    await runner.release();
  }
}

/** As the driver sends them: `EXECUTE` takes no parameters. */
async function literals(runner: QueryRunner, parameters: readonly unknown[]): Promise<string[]> {
  if (parameters.length === 0) return [];
  const columns = parameters.map((_value, index) => `quote_nullable($${index + 1}::text) AS v${index}`);
  const rows = (await runner.query(`SELECT ${columns.join(', ')}`, [...parameters])) as Record<
    string,
    string
  >[];
  return Object.values(rows[0] ?? {});
}

function measured(sql: string, rows: Explained): MeasuredPlan {
  const explained = rows[0]?.['QUERY PLAN'][0];
  if (explained === undefined) throw new Error(`No plan for: ${sql}`);
  const nodes = flatten(explained.Plan);
  const scans = nodes.filter((node) => node['Relation Name'] !== undefined);
  const sequential = scans.filter((node) => node['Node Type'] === 'Seq Scan').map(relation);
  const indexes = nodes.flatMap((node) => (node['Index Name'] === undefined ? [] : [node['Index Name']]));
  return {
    milliseconds: explained['Execution Time'] + explained['Planning Time'],
    cost: explained.Plan['Total Cost'],
    accesses: [...new Set([...indexes, ...sequential.map((table) => `Seq Scan ${table}`)])],
    sequentiallyScanned: sequential,
    rowsRead: Math.round(scans.reduce((sum, node) => sum + rowsReadBy(node), 0)),
  };
}

const flatten = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flatten)];

const relation = (node: PlanNode): string => node['Relation Name'] ?? '';

// PostgreSQL reports averages per loop.
const rowsReadBy = (node: PlanNode): number =>
  node['Actual Loops'] *
  (node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0));
