import { migrate, openDatabase } from '../../src/database';

export const TEMPLATE_DATABASE = 'mcig_test_template';

/** The address of another database on the same server. */
export function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

export async function migrateTemplate(server: string): Promise<void> {
  const database = await openDatabase(databaseUrl(server, TEMPLATE_DATABASE), 2);
  try {
    await migrate(database);
  } finally {
    await database.destroy();
  }
}
