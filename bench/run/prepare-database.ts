import type { Client } from 'pg';
import { mintToken } from '../../src/domain/access/token';
import { migrate, openDatabase } from '../../src/database';
import { seed, seedAccounts, type SeedAccounts } from '../seed-data';
import { insertToken } from './tokens';
import { withClient, type DatabaseServer } from './database-server';
import { sizesOf } from './sizes';

/** A seeded database, and who asks for what. */
export interface PreparedDatabase {
  /** How many times the rows of the smallest it has. */
  readonly times: number;
  readonly url: string;
  readonly accounts: SeedAccounts;
  /** Token of the account that owns half of the components; it is the operator, too. */
  readonly token: string;
  /** Token of an account that owns much less. */
  readonly otherToken: string;
  readonly rows: RowCounts;
}

export interface RowCounts {
  readonly serverTemplates: number;
  readonly multiCloudImages: number;
  readonly settings: number;
  readonly images: number;
  readonly publications: number;
}

const ROLES = ['OBSERVER', 'DESIGNER', 'LIBRARY', 'INFRASTRUCTURE'];

/** Makes a database, fills it, and gives tokens to two of its accounts. */
export async function prepareDatabase(
  server: DatabaseServer,
  times: number,
  log: (line: string) => void,
): Promise<PreparedDatabase> {
  const url = await server.create(`x${times}`);
  const accounts = await fill(url, times, log);
  const tokens = { token: mintToken(), otherToken: mintToken() };
  const rows = await withClient(url, async (client) => {
    await insertToken(client, accounts.large, tokens.token, ROLES);
    await insertToken(client, accounts.small, tokens.otherToken, ROLES);
    await client.query('CHECKPOINT');
    return countRows(client);
  });
  return { times, url, accounts, ...tokens, rows };
}

async function fill(url: string, times: number, log: (line: string) => void): Promise<SeedAccounts> {
  const database = await openDatabase(url, 4);
  try {
    await migrate(database);
    await seed(database, sizesOf(times), (line) => log(`${times}×: ${line}`));
    const accounts = await seedAccounts(database.manager);
    if (accounts === null) throw new Error('The seeded database has no accounts.');
    return accounts;
  } finally {
    await database.destroy();
  }
}

async function countRows(client: Client): Promise<RowCounts> {
  const { rows } = await client.query<RowCounts>(
    `SELECT (SELECT count(*)::int FROM server_templates) AS "serverTemplates",
       (SELECT count(*)::int FROM multi_cloud_images) AS "multiCloudImages",
       (SELECT count(*)::int FROM multi_cloud_image_settings) AS settings,
       (SELECT count(*)::int FROM cloud_images) AS images,
       (SELECT count(*)::int FROM publications) AS publications`,
  );
  const [counts] = rows;
  if (counts === undefined) throw new Error('The database does not count its rows.');
  return counts;
}
