import type { EntityManager } from 'typeorm';
import type { Statement } from './recorder';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What an executed plan did. */
export interface MeasuredPlan {
  readonly milliseconds: number;
  /** Ways into the tables: an index by its name, or `Seq Scan TABLE`. */
  readonly accesses: readonly string[];
  readonly sequentiallyScanned: readonly string[];
  /** Rows that all scans read, whether or not they were kept. */
  readonly rowsRead: number;
}

/** Executes the statement once to warm the cache, then with its plan. */
export async function measure(manager: EntityManager, { sql, parameters }: Statement): Promise<MeasuredPlan> {
  const explain = `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`;
  await manager.query(sql, [...parameters]);
  const rows: { 'QUERY PLAN': { Plan: PlanNode; 'Execution Time': number; 'Planning Time': number }[] }[] =
    await manager.query(explain, [...parameters]);
  const measured = rows[0]?.['QUERY PLAN'][0];
  if (measured === undefined) throw new Error(`No plan for: ${sql}`);
  const nodes = flatten(measured.Plan);
  const scans = nodes.filter((node) => node['Relation Name'] !== undefined);
  const sequential = scans.filter((node) => node['Node Type'] === 'Seq Scan').map(relation);
  const indexes = nodes.flatMap((node) => (node['Index Name'] === undefined ? [] : [node['Index Name']]));
  return {
    milliseconds: measured['Execution Time'] + measured['Planning Time'],
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
