import type { DataSource } from 'typeorm';

/** How many transactions were a deadlock's victim, even if they were tried again. */
export async function deadlocks(dataSource: DataSource): Promise<number> {
  await dataSource.query('SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()');
  const [row] = await dataSource.query(
    'SELECT deadlocks::integer FROM pg_stat_database WHERE datname = current_database()',
  );
  return row.deadlocks;
}
