import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { locateDataFolder, startEmbeddedDatabase } from '../../src/embedded-database';

/** A PostgreSQL server that databases can be made on. */
export interface DatabaseServer {
  /** Makes an empty database and answers its URL. */
  create(name: string): Promise<string>;
}

/**
 * Runs `act` on the server that `DATABASE_URL` names, else on an embedded one that is removed afterwards. What was made
 * there is dropped again.
 */
export async function withDatabaseServer(
  log: (line: string) => void,
  act: (server: DatabaseServer) => Promise<void>,
): Promise<void> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') return onServer(given, act);
  const folder = await mkdtemp(join(tmpdir(), 'mci-graph-bench-'));
  try {
    // PostgreSQL may run as another account, which must be able to enter.
    await chmod(folder, 0o755);
    const embedded = await startEmbeddedDatabase({
      location: locateDataFolder({ projectFolder: process.cwd(), configured: join(folder, 'data') }),
      log,
    });
    try {
      await onServer(embedded.url, act);
    } finally {
      await embedded.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onServer(url: string, act: (server: DatabaseServer) => Promise<void>): Promise<void> {
  const made: string[] = [];
  const run = randomBytes(4).toString('hex');
  try {
    await act({
      create: async (name) => {
        const database = `mci_graph_bench_${run}_${name}`;
        await withClient(url, (client) => client.query(`CREATE DATABASE ${database}`));
        made.push(database);
        const own = new URL(url);
        own.pathname = `/${database}`;
        return own.href;
      },
    });
  } finally {
    for (const database of made)
      await withClient(url, (client) => client.query(`DROP DATABASE ${database} WITH (FORCE)`));
  }
}

/** Runs `act` on a connection of its own. */
export async function withClient<T>(url: string, act: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}
