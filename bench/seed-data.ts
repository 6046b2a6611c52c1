import type { DataSource, EntityManager } from 'typeorm';
import { loadAccountsAndClouds, loadImages, loadSharesAndTags } from './seed-catalog';
import { loadMultiCloudImages, loadRightScripts, loadServerTemplates } from './seed-components';
import { loadMarketplace } from './seed-marketplace';
import type { SeedSizes } from './seed-options';
import { loadServers } from './seed-servers';
import { keyOf } from './seed-values';

/** What is loaded in one transaction. */
const IMAGES_PER_CHUNK = 100_000;
const LINEAGES_PER_CHUNK = 10_000;

export interface SeedAccounts {
  /** Owns half of all components and private images. */
  readonly large: string;
  /** One of the others. */
  readonly small: string;
}

export async function seedAccounts(manager: EntityManager): Promise<SeedAccounts | null> {
  const accounts = { large: keyOf('account', 0), small: keyOf('account', 1) };
  const rows: unknown[] = await manager.query('SELECT FROM accounts WHERE id = $1', [accounts.large]);
  return rows.length > 0 ? accounts : null;
}

/**
 * Fills an empty, migrated database by COPY, with all of its checks. Rows are made while they are sent, so that memory hardly
 * grows with their number. Half of the components belong to account 0, the rest is shared out evenly.
 */
export async function seed(
  database: DataSource,
  sizes: SeedSizes,
  log: (line: string) => void,
): Promise<void> {
  const run = async (what: string, act: (manager: EntityManager) => Promise<unknown>) => {
    const start = performance.now();
    await database.transaction(act);
    log(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  };
  await run('accounts, clouds, instance types', (manager) => loadAccountsAndClouds(manager, sizes));
  for (const { from, to } of chunks(sizes.images, IMAGES_PER_CHUNK))
    await run(`images ${to}`, (manager) => loadImages(manager, sizes, from, to));
  await run('image shares and tags', (manager) => loadSharesAndTags(manager, sizes));
  for (const { from, to } of chunks(Math.floor(sizes.mcis / 2), LINEAGES_PER_CHUNK))
    await run(`MCI lineages ${to}`, (manager) => loadMultiCloudImages(manager, sizes, from, to));
  await run('RightScripts', (manager) => loadRightScripts(manager, sizes));
  await run('ServerTemplates', (manager) => loadServerTemplates(manager, sizes));
  await run('servers, arrays, instances', (manager) => loadServers(manager, sizes));
  await run('publications, imports', (manager) => loadMarketplace(manager, sizes));
  await run('statistics', () => database.query('VACUUM (ANALYZE)'));
}

function* chunks(count: number, size: number): Generator<{ from: number; to: number }> {
  for (let from = 0; from < count; from += size) yield { from, to: Math.min(from + size, count) };
}
