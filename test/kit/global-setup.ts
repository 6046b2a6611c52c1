import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { locateDataFolder, startEmbeddedDatabase } from '../../src/embedded-database';
import { migrateTemplate, TEMPLATE_DATABASE } from './template-database';

interface Globals {
  stopTestServer?: () => Promise<void>;
}

/**
 * One real PostgreSQL for the whole run: the server that DATABASE_URL names, else the embedded one.
 * The schema is migrated once into a template, which every test file copies.
 */
export default async function globalSetup(): Promise<void> {
  const given = process.env['DATABASE_URL'];
  const server = given ?? (await startServer());
  process.env['TEST_SERVER_URL'] = server;
  const admin = new Client({ connectionString: server });
  await admin.connect();
  try {
    await dropLeftovers(admin);
    await admin.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  } finally {
    await admin.end();
  }
  await migrateTemplate(server);
}

async function startServer(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mci graph tests '));
  // PostgreSQL may run as another account, which must be able to enter.
  await chmod(folder, 0o755);
  const location = locateDataFolder({ projectFolder: process.cwd(), configured: join(folder, 'data') });
  const server = await startEmbeddedDatabase({
    location,
    log: () => undefined,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  (globalThis as Globals).stopTestServer = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return server.adminUrl;
}

/** What an interrupted run left on a server that outlives it. */
async function dropLeftovers(admin: Client): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname LIKE 'mcig\\_test\\_%'`,
  );
  for (const { datname } of rows) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
}
