import type { DataSource } from 'typeorm';
import type { Data, TestAccount } from './api';
import { denied } from './marketplace';

const TABLES = [
  'organizations',
  'account_groups',
  'account_group_members',
  'account_group_invitations',
  'published_lineages',
  'publications',
  'publication_account_groups',
  'publication_versions',
  'imported_versions',
  'publication_importers',
  'eulas',
  'eula_revisions',
  'publication_eulas',
  'eula_acceptances',
  'publication_ratings',
  'publication_comments',
  'audit_entries',
];

/** Every row of the marketplace and of the audit log, of all accounts: equal exactly when nothing changed. */
export async function marketplaceRows(dataSource: DataSource): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown> = {};
  for (const table of TABLES) {
    const [{ found }] = await dataSource.query(
      `SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)), '[]') AS found FROM ${table} AS t`,
    );
    rows[table] = found;
  }
  return rows;
}

/** A mutation that must be refused for one reason, which it gives, and change nothing. */
export async function deniedWithoutTrace(
  dataSource: DataSource,
  account: TestAccount,
  name: string,
  input: object,
): Promise<Data> {
  const before = await marketplaceRows(dataSource);
  const error = await denied(account, name, input);
  expect(await marketplaceRows(dataSource)).toEqual(before);
  return error;
}
