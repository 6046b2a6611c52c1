import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { openDatabase } from '../../src/database';
import { databaseUrl, TEMPLATE_DATABASE } from './template-database';

export interface TestDatabase {
  readonly dataSource: DataSource;
  readonly url: string;
  drop(): Promise<void>;
}

/** An own, migrated, empty database for one test file. */
export async function createTestDatabase(poolSize = 10): Promise<TestDatabase> {
  const server = process.env['TEST_SERVER_URL'];
  if (server === undefined) throw new Error('TEST_SERVER_URL is not set: run the tests through Jest');
  const name = `mcig_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE}`);
  const url = databaseUrl(server, name);
  const dataSource = await openDatabase(url, poolSize);
  return {
    dataSource,
    url,
    drop: async () => {
      await dataSource.destroy();
      await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function onServer(server: string, statement: string): Promise<void> {
  const admin = new Client({ connectionString: server });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}
