import type { DataSource } from 'typeorm';
import dataSource from '../ormconfig';

/** Any number; all processes that start on one database must use the same. */
const MIGRATION_LOCK = 7_319_441_288;

/** Milliseconds to wait for a connection: an unreachable server must not keep requests for ever. */
const CONNECTION_TIMEOUT = 30_000;

/** Opens the one DataSource on this database. */
export async function openDatabase(url: string, poolSize: number): Promise<DataSource> {
  // Compiling a plan to machine code takes longer than any of our short queries.
  dataSource.setOptions({
    url,
    poolSize,
    extra: { options: '-c jit=off', connectionTimeoutMillis: CONNECTION_TIMEOUT },
  });
  return dataSource.initialize();
}

/** Brings the schema up to date. Several processes may start at once: one migrates, the others wait. */
export async function migrate(database: DataSource): Promise<number> {
  const lock = database.createQueryRunner();
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      return (await database.runMigrations()).length;
    } finally {
      await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await lock.release();
  }
}
