import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { migrate, openDatabase } from '../src/database';
import { locateDataFolder, startEmbeddedDatabase } from '../src/embedded-database';

/**
 * Runs `act` on the database that `DATABASE_URL` names, else on an embedded one that is removed afterwards.
 * Its schema is brought up to date first.
 */
export async function withBenchDatabase(
  log: (line: string) => void,
  act: (database: DataSource) => Promise<void>,
): Promise<void> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined) return onDatabase(given, act);
  const folder = await mkdtemp(join(tmpdir(), 'mci-graph-bench-'));
  try {
    // PostgreSQL may run as another account, which must be able to enter.
    await chmod(folder, 0o755);
    const server = await startEmbeddedDatabase({
      location: locateDataFolder({ projectFolder: process.cwd(), configured: join(folder, 'data') }),
      log,
    });
    try {
      await onDatabase(server.url, act);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onDatabase(url: string, act: (database: DataSource) => Promise<void>): Promise<void> {
  const database = await openDatabase(url, 4);
  try {
    await migrate(database);
    await act(database);
  } finally {
    await database.destroy();
  }
}
