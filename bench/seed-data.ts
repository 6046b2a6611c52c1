import type { DataSource, EntityManager } from 'typeorm';
import { key, owner, TIME } from './seed-keys';
import type { SeedSizes } from './seed-options';
import { insertMarketplace } from './seed-marketplace';
import { insertServers } from './seed-servers';
import { pick, PRIVATE_EVERY, PURPOSES, seal, spread, SYSTEMS, TYPES_PER_CLOUD } from './seed-values';

const PINS_PER_TEMPLATE = 4;
const CHUNK = 100_000;

export interface SeedAccounts {
  /** Owns half of all components and private images. */
  readonly large: string;
  /** One of the others. */
  readonly small: string;
}

export async function seedAccounts(manager: EntityManager): Promise<SeedAccounts | null> {
  const rows: { large: string; small: string; present: boolean }[] = await manager.query(
    `SELECT ${key('account', '0')} AS large, ${key('account', '1')} AS small,
       EXISTS (SELECT FROM accounts WHERE id = ${key('account', '0')}) AS present`,
  );
  const row = rows[0];
  return row?.present ? { large: row.large, small: row.small } : null;
}

/**
 * Fills an empty, migrated database. Set-based: one statement per table and chunk.
 * Half of the components belong to account 0, the rest is shared out evenly.
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
  await run('accounts, clouds, instance types', (manager) => insertSmall(manager, sizes));
  for (let from = 0; from < sizes.images; from += CHUNK) {
    const to = Math.min(from + CHUNK, sizes.images);
    await run(`images ${to}`, (manager) => insertImages(manager, sizes, from, to));
  }
  await run('image shares and tags', (manager) => insertSharesAndTags(manager, sizes));
  const lineages = Math.floor(sizes.mcis / 2);
  for (let from = 0; from < lineages; from += CHUNK / 10) {
    const to = Math.min(from + CHUNK / 10, lineages);
    await run(`MCI lineages ${to}`, (manager) => insertMultiCloudImages(manager, sizes, from, to));
  }
  await run('RightScripts', (manager) => insertRightScripts(manager, sizes));
  await run('ServerTemplates', (manager) => insertServerTemplates(manager, sizes));
  await run('servers, arrays, instances', (manager) => insertServers(manager, sizes));
  await run('publications, imports', (manager) => insertMarketplace(manager, sizes));
  await run('statistics', () => database.query('VACUUM (ANALYZE)'));
}

/** Number of the first lineage of the account that owns lineage `n`. */
const firstOf = (number: string, { accounts }: SeedSizes): string =>
  `(CASE WHEN ${number} % 2 = 0 THEN 0 ELSE 1 + 2 * (${number} / 2 % ${accounts - 1}) END)`;

async function insertSmall(manager: EntityManager, { accounts, clouds }: SeedSizes): Promise<void> {
  await manager.query(
    `INSERT INTO accounts (id, name, operator, created_at)
     SELECT ${key('account', 'n')}, 'Bench account ' || n, n = 0, ${TIME} FROM generate_series(0, $1::int - 1) AS n`,
    [accounts],
  );
  await manager.query(
    `INSERT INTO clouds (id, account_id, cloud_type, region, name, display_name, created_at)
     SELECT ${key('cloud', 'n')}, NULL, ${pick('n', ['amazon', 'azure', 'google', 'openstack'])}, 'region-' || n,
       'Cloud ' || lpad(n::text, 5, '0'), 'Cloud number ' || n, ${TIME}
     FROM generate_series(0, $1::int - 1) AS n
     UNION ALL
     SELECT ${key('private cloud', 'n')}, ${key('account', 'n')}, 'vsphere', 'datacenter', 'Private cloud ' || n,
       'Private cloud of account ' || n, ${TIME}
     FROM generate_series(0, $2::int - 1) AS n`,
    [clouds, accounts],
  );
  await manager.query(
    `INSERT INTO instance_types (id, cloud_id, resource_uid, name, cpu_architectures, cpu_count, memory_mb, created_at, updated_at)
     SELECT ${key('type', "cloud || ' ' || n")}, ${key('cloud', 'cloud')}, 'size.' || n, 'Size ' || n,
       ARRAY[${pick('n', ['x86_64', 'arm64'])}], 1 + n, 1024 * (1 + n), ${TIME}, ${TIME}
     FROM generate_series(0, $1::int - 1) AS cloud, generate_series(0, ${TYPES_PER_CLOUD - 1}) AS n`,
    [clouds],
  );
}

/** Image `n` lies in cloud `n % clouds`; there it is number `n / clouds`. */
async function insertImages(
  manager: EntityManager,
  sizes: SeedSizes,
  from: number,
  to: number,
): Promise<void> {
  await manager.query(
    `INSERT INTO cloud_images (id, cloud_id, owner_account_id, resource_uid, name, description, image_type, os_platform,
       operating_system, cpu_architecture, virtualization_type, root_device_storage, fingerprint, published_at,
       lifecycle, replacement_id, agent_enabled, created_at, updated_at)
     SELECT ${key('image', 'n')}, ${key('cloud', 'n % $3::int')},
       CASE WHEN n / $3::int % ${PRIVATE_EVERY} = 0 THEN ${key('account', owner(`(n / $3::int / ${PRIVATE_EVERY})`, sizes))} END,
       'ami-' || lpad(to_hex(n), 17, '0'),
       ${pick(spread('n'), SYSTEMS)} || '-' || (${spread('n + 1')} % 2000) || '.' || n || '-' || ${pick('n / $3::int', ['x86_64', 'arm64'])},
       'Build ' || to_hex(${spread('n + 2')} * 977) || ' for ' || ${pick(spread('n + 3'), PURPOSES)},
       CASE n / $3::int % ${PRIVATE_EVERY} WHEN 2 THEN 'KERNEL' WHEN 3 THEN 'RAMDISK' ELSE 'MACHINE' END,
       'linux', ${pick(spread('n'), SYSTEMS)} || ' ' || (${spread('n + 1')} % 50), ${pick('n / $3::int', ['x86_64', 'arm64'])},
       'hvm', 'ebs', md5('fingerprint ' || n / 10),
       CASE WHEN n % 100 = 99 THEN NULL ELSE ${TIME} - (${spread('n')} % 4000000 * 15) * interval '1 second' END,
       ${pick(spread('n + 4'), ['AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'DEPRECATED', 'OBSOLETE', 'DELETED', 'AVAILABLE'])},
       CASE WHEN n >= 7 AND n % 7 = 3 THEN ${key('image', '(n - n % $3::int) % $3::int + n % $3::int')} END,
       n % 2 = 0, ${TIME}, ${TIME}
     FROM generate_series($1::int, $2::int - 1) AS n`,
    [from, to, sizes.clouds],
  );
}

async function insertSharesAndTags(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  // Every tenth private image of an account is shared with the next account.
  await manager.query(
    `INSERT INTO cloud_image_shares (cloud_image_id, account_id, created_at)
     SELECT image.id, ${key('account', `((account.number + 1) % ${sizes.accounts})`)}, ${TIME}
     FROM (SELECT id, owner_account_id, row_number() OVER (ORDER BY resource_uid) AS position
           FROM cloud_images WHERE owner_account_id IS NOT NULL) AS image
     JOIN (SELECT ${key('account', 'n')} AS id, n AS number FROM generate_series(0, $1::int - 1) AS n) AS account
       ON account.id = image.owner_account_id
     WHERE image.position % 10 = 0`,
    [sizes.accounts],
  );
  await manager.query(
    `INSERT INTO cloud_image_tags (account_id, cloud_image_id, tags)
     SELECT ${key('account', 'n % $2::int')}, ${key('image', '(n * 50 + 1)')},
       ARRAY['team:owner=' || ${pick('n / $2::int', PURPOSES)}] || CASE WHEN n / $2::int % 500 = 0 THEN ARRAY['rare'] ELSE ARRAY[]::text[] END
     FROM generate_series(0, $1::int / 50 - 1) AS n WHERE (n * 50 + 1) / $3::int % ${PRIVATE_EVERY} <> 0`,
    [sizes.images, sizes.accounts, sizes.clouds],
  );
}

/** Lineages with their HEAD and revision 1, and the settings of both. */
async function insertMultiCloudImages(
  manager: EntityManager,
  sizes: SeedSizes,
  from: number,
  to: number,
): Promise<void> {
  await manager.query(
    `INSERT INTO multi_cloud_images (id, account_id, lineage_id, revision, version, name, description, tags, commit_message,
       committed_at, created_at, updated_at)
     SELECT ${key('mci', "n || ' ' || r")}, ${key('account', owner('n', sizes))}, ${key('mci lineage', 'n')}, r, 1,
       ${pick(spread('n'), SYSTEMS)} || ' ' || ${pick(spread('n + 1'), PURPOSES)} || ' ' || n,
       'Golden image ' || to_hex(${spread('n + 2')}),
       ARRAY['provides:rs_agent_type=right_link', 'team:owner=' || ${pick(spread('n + 3'), PURPOSES)}]
         || CASE WHEN n % 5000 < 2 THEN ARRAY['rare'] ELSE ARRAY[]::text[] END,
       CASE r WHEN 1 THEN 'First' END, CASE r WHEN 1 THEN ${TIME} END,
       ${TIME} + (${spread('n')} % 10000000) * interval '1 second', ${TIME} + (${spread('n + 5')} % 20000000) * interval '1 second'
     FROM generate_series($1::int, $2::int - 1) AS n, generate_series(0, 1) AS r`,
    [from, to],
  );
  // One setting in ten names the first public image of its cloud, which is therefore used by very many.
  const imagesPerCloud = Math.floor(sizes.images / sizes.clouds);
  const blocks = Math.floor(imagesPerCloud / PRIVATE_EVERY);
  await manager.query(
    `INSERT INTO multi_cloud_image_settings (id, multi_cloud_image_id, cloud_id, image_id, instance_type_id, kernel_image_id,
       ramdisk_image_id, user_data, made_by)
     SELECT ${key('setting', "n || ' ' || r || ' ' || s")}, ${key('mci', "n || ' ' || r")}, ${key('cloud', 'cloud')},
       ${key('image', `(cloud + $4::int * CASE WHEN ${spread('n * 31 + s')} % 10 = 0 THEN 1 ELSE ${PRIVATE_EVERY} * (${spread('n * 31 + s')} % ${blocks}) + 4 + ${spread('n')} % 15 END)`)},
       ${key('type', `cloud || ' ' || ${spread('n + s')} % ${TYPES_PER_CLOUD}`)},
       CASE WHEN n % 10 = 0 THEN ${key('image', '(cloud + $4::int * 2)')} END,
       CASE WHEN n % 10 = 0 THEN ${key('image', '(cloud + $4::int * 3)')} END,
       CASE WHEN s = 0 THEN '#cloud-config' END, 'HAND'
     FROM (SELECT n, r, s, (n + s) % $4::int AS cloud
           FROM generate_series($1::int, $2::int - 1) AS n, generate_series(0, 1) AS r, generate_series(0, $3::int - 1) AS s) AS made`,
    [from, to, sizes.settingsPerMci, sizes.clouds],
  );
  await seal(manager, 'multi_cloud_images');
}

/** As many lineages as there are of MCIs, with the same owners. */
async function insertRightScripts(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  await manager.query(
    `INSERT INTO right_scripts (id, account_id, lineage_id, revision, version, name, description, tags, commit_message,
       committed_at, created_at, updated_at, source)
     SELECT ${key('script', "n || ' ' || r")}, ${key('account', owner('n', sizes))}, ${key('script lineage', 'n')}, r, 1,
       'Install ' || ${pick(spread('n'), PURPOSES)} || ' ' || n, 'Sets up ' || to_hex(${spread('n + 2')}),
       ARRAY['team:owner=' || ${pick(spread('n + 3'), PURPOSES)}] || CASE WHEN n % 5000 < 2 THEN ARRAY['rare'] ELSE ARRAY[]::text[] END,
       CASE r WHEN 1 THEN 'First' END, CASE r WHEN 1 THEN ${TIME} END,
       ${TIME} + (${spread('n')} % 10000000) * interval '1 second', ${TIME} + (${spread('n + 5')} % 20000000) * interval '1 second',
       E'#!/bin/sh\\nset -eu\\n' || repeat('echo step\n', 20)
     FROM generate_series(0, $1::int - 1) AS n, generate_series(0, 1) AS r`,
    [Math.floor(sizes.mcis / 2)],
  );
  await seal(manager, 'right_scripts');
}

/** Their names sort before those of imported ones, in every collation: the first page has the same shape at every size. */
async function insertServerTemplates(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  const perAccount = Math.floor(Math.floor(sizes.mcis / 2 / 2) / (sizes.accounts - 1));
  const mciOf = (position: string): string =>
    `(CASE WHEN n % 2 = 0 THEN 2 * ((n / 2 * 7 + ${position}) % ${Math.floor(sizes.mcis / 4)})
      ELSE 1 + 2 * ((n / 2) % ${sizes.accounts - 1} + ${sizes.accounts - 1} * ((n / 2 * 7 + ${position}) % ${perAccount})) END)`;
  await manager.query(
    `INSERT INTO server_templates (id, account_id, lineage_id, revision, version, name, description, tags, commit_message,
       committed_at, created_at, updated_at, default_mci_lineage_id)
     SELECT ${key('template', "n || ' ' || r")}, ${key('account', owner('n', sizes))}, ${key('template lineage', 'n')}, r, 1,
       '3-tier server ' || ${pick(spread('n'), PURPOSES)} || ' ' || n, 'Runs ' || to_hex(${spread('n + 2')}),
       ARRAY['team:owner=' || ${pick(spread('n + 3'), PURPOSES)}] || CASE WHEN n % 5000 < 2 THEN ARRAY['rare'] ELSE ARRAY[]::text[] END,
       CASE r WHEN 1 THEN 'First' END, CASE r WHEN 1 THEN ${TIME} END,
       ${TIME} + (${spread('n')} % 10000000) * interval '1 second', ${TIME} + (${spread('n + 5')} % 20000000) * interval '1 second',
       ${key('mci lineage', mciOf('0'))}
     FROM generate_series(0, $1::int / 2 - 1) AS n, generate_series(0, 1) AS r`,
    [sizes.templates],
  );
  // HEAD pins the first MCI's HEAD, everything else is pinned to revision 1.
  await manager.query(
    `INSERT INTO server_template_multi_cloud_images (server_template_id, mci_lineage_id, multi_cloud_image_id, position)
     SELECT ${key('template', "n || ' ' || r")}, ${key('mci lineage', 'mci')},
       ${key('mci', "mci || ' ' || CASE WHEN r = 0 AND position = 0 THEN 0 ELSE 1 END")}, position
     FROM (SELECT n, r, position, ${mciOf('position')} AS mci
           FROM generate_series(0, $1::int / 2 - 1) AS n, generate_series(0, 1) AS r,
             generate_series(0, ${PINS_PER_TEMPLATE - 1}) AS position) AS made`,
    [sizes.templates],
  );
  // Three scripts of boot, one of decommission, and one for all templates of an account, of which HEADs pin HEAD.
  await manager.query(
    `INSERT INTO server_template_scripts (server_template_id, phase, script_lineage_id, right_script_id, position)
     SELECT ${key('template', "n || ' ' || r")}, phase, ${key('script lineage', 'script')},
       ${key('script', "script || ' ' || CASE WHEN r = 0 AND phase = 'OPERATIONAL' THEN 0 ELSE 1 END")}, position
     FROM (SELECT n, r, phase, position,
             CASE WHEN phase = 'OPERATIONAL' THEN ${firstOf('n', sizes)} ELSE ${mciOf('position')} END AS script
           FROM generate_series(0, $1::int / 2 - 1) AS n, generate_series(0, 1) AS r,
             (VALUES ('BOOT', 0), ('BOOT', 1), ('BOOT', 2), ('OPERATIONAL', 0), ('DECOMMISSION', 0)) AS attached(phase, position)) AS made`,
    [sizes.templates],
  );
  await seal(manager, 'server_templates');
}
