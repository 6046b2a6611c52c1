import type { EntityManager } from 'typeorm';
import { refreshPublicationSearch } from '../src/persistence/marketplace/marketplace-search';
import { key, TIME } from './seed-keys';
import type { SeedSizes } from './seed-options';
import { pick, PRIVATE_EVERY, PURPOSES, seal, spread, SYSTEMS, TYPES_PER_CLOUD } from './seed-values';

/** Of each lineage. */
const REVISIONS = 5;
const SETTINGS_PER_MCI = 3;
const GROUPS_PER_PUBLISHER = 5;
const MEMBERS_PER_GROUP = 4;

/** Keys of lineage `n`, which is one of MCIs or of templates. */
const LINEAGE = key('published lineage', 'n');
const version = (number: string, revision: string): string =>
  key('published version', `(${number}) || ' ' || (${revision})`);
const PUBLICATION = key('publication', "n || ' ' || r");
const COPY = key('imported version', "importer || ' ' || n || ' ' || r");

const NAME = `${pick(spread('n'), SYSTEMS)} || ' ' || ${pick(spread('n + 1'), PURPOSES)} || CASE WHEN template THEN ' host ' ELSE ' base ' END || n`;
const COLUMNS =
  'account_id, lineage_id, revision, version, name, description, tags, commit_message, committed_at, created_at, updated_at';
const VALUES = `${LINEAGE}, r, 1, ${NAME}, 'Published ' || to_hex(${spread('n + 2')}),
  ARRAY['team:owner=' || ${pick(spread('n + 3'), PURPOSES)}], CASE WHEN r > 0 THEN 'Revision ' || r END,
  CASE WHEN r > 0 THEN ${TIME} END, ${TIME} + (${spread('n')} % 10000000 + r) * interval '1 second',
  ${TIME} + (${spread('n + 5')} % 20000000 + r) * interval '1 second'`;

/**
 * What every account publishes, by threes: two MCIs, and a template that pins both. Every fifth three is private, for one
 * of the publisher's groups. Every account imported some of the public ones, the large one the most, and cloned some.
 */
export async function insertMarketplace(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  const { accounts, publications } = sizes;
  await manager.query(
    `CREATE TEMPORARY TABLE offered ON COMMIT DROP AS
     SELECT n, n % $2::int AS publisher, n / $2::int % 3 = 2 AS template, n / $2::int / 3 AS three,
       n / $2::int / 3 % 5 = 0 AS private
     FROM generate_series(0, $1::int - 1) AS n`,
    [Math.floor(publications / REVISIONS), accounts],
  );
  await insertPublishers(manager, sizes);
  await insertVersions(manager, sizes);
  await insertPublications(manager, sizes);
  await insertImports(manager, sizes);
  for (const table of ['multi_cloud_images', 'server_templates']) await seal(manager, table);
  const lineages: { id: string }[] = await manager.query('SELECT lineage_id AS id FROM published_lineages');
  await refreshPublicationSearch(
    manager,
    lineages.map(({ id }) => id),
  );
}

async function insertPublishers(manager: EntityManager, { accounts }: SeedSizes): Promise<void> {
  await manager.query(
    `INSERT INTO organizations (account_id, name, email, created_at, updated_at)
     SELECT ${key('account', 'n')}, 'Publisher ' || n, 'publisher@example.com', ${TIME}, ${TIME}
     FROM generate_series(0, $1::int - 1) AS n`,
    [accounts],
  );
  await manager.query(
    `INSERT INTO account_groups (id, account_id, name, created_at, updated_at)
     SELECT ${key('group', "n || ' ' || g")}, ${key('account', 'n')}, 'Group ' || g, ${TIME}, ${TIME}
     FROM generate_series(0, $1::int - 1) AS n, generate_series(0, ${GROUPS_PER_PUBLISHER - 1}) AS g`,
    [accounts],
  );
  await manager.query(
    `INSERT INTO account_group_members (account_group_id, account_id, created_at)
     SELECT DISTINCT ${key('group', "n || ' ' || g")}, ${key('account', '((n + 1 + g + m) % $1::int)')}, ${TIME}
     FROM generate_series(0, $1::int - 1) AS n, generate_series(0, ${GROUPS_PER_PUBLISHER - 1}) AS g,
       generate_series(0, ${MEMBERS_PER_GROUP - 1}) AS m
     WHERE (n + 1 + g + m) % $1::int <> n`,
    [accounts],
  );
}

/** HEAD and revisions. The template of a three pins its MCIs at the same revision, at HEAD the newest. */
async function insertVersions(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  const from = `FROM offered, generate_series(0, ${REVISIONS}) AS r`;
  await manager.query(
    `INSERT INTO multi_cloud_images (id, ${COLUMNS})
     SELECT ${version('n', 'r')}, ${key('account', 'publisher')}, ${VALUES} ${from} WHERE NOT template`,
  );
  await insertSettings(manager, sizes, version('n', 'r'), `${from} CROSS JOIN SETTINGS WHERE NOT template`);
  await manager.query(
    `INSERT INTO server_templates (id, ${COLUMNS}, default_mci_lineage_id)
     SELECT ${version('n', 'r')}, ${key('account', 'publisher')}, ${VALUES},
       ${key('published lineage', '(n - $1::int)')} ${from} WHERE template`,
    [sizes.accounts],
  );
  await manager.query(
    `INSERT INTO server_template_multi_cloud_images (server_template_id, mci_lineage_id, multi_cloud_image_id, position)
     SELECT ${version('n', 'r')}, ${key('published lineage', '(n - $1::int * p)')},
       ${version('n - $1::int * p', `CASE WHEN r = 0 THEN ${REVISIONS} ELSE r END`)}, p - 1
     FROM offered, generate_series(0, ${REVISIONS}) AS r, generate_series(1, 2) AS p WHERE template`,
    [sizes.accounts],
  );
}

/** On public images. @param from with `SETTINGS` where their numbers come from; its `parameters` begin at `$3` */
async function insertSettings(
  manager: EntityManager,
  { clouds, images }: SeedSizes,
  multiCloudImageId: string,
  from: string,
  ...parameters: number[]
): Promise<void> {
  const blocks = Math.floor(images / clouds / PRIVATE_EVERY);
  await manager.query(
    `INSERT INTO multi_cloud_image_settings (id, multi_cloud_image_id, cloud_id, image_id, instance_type_id, made_by)
     SELECT md5('setting ' || id || ' ' || s)::uuid, id, ${key('cloud', 'cloud')},
       ${key('image', `(cloud + $1::int * (${PRIVATE_EVERY} * (${spread('n * 31 + r + s')} % $2::int) + 4 + ${spread('n')} % 15))`)},
       ${key('type', `cloud || ' ' || ${spread('n + s')} % ${TYPES_PER_CLOUD}`)}, 'HAND'
     FROM (SELECT ${multiCloudImageId} AS id, n, r, s, (n + s) % $1::int AS cloud
           ${from.replace('SETTINGS', `generate_series(0, ${SETTINGS_PER_MCI - 1}) AS s`)}) AS made`,
    [clouds, blocks, ...parameters],
  );
}

async function insertPublications(manager: EntityManager, { accounts }: SeedSizes): Promise<void> {
  const type = "CASE WHEN template THEN 'ServerTemplate' ELSE 'MultiCloudImage' END";
  await manager.query(
    `INSERT INTO published_lineages (lineage_id, account_id, component_type, short_description, long_description,
       categories, updated_at)
     SELECT ${LINEAGE}, ${key('account', 'publisher')}, ${type}, 'Ready for ' || ${pick(spread('n + 6'), PURPOSES)},
       'Tested in every cloud, build ' || to_hex(${spread('n + 7')}),
       ARRAY[${pick('n / 7', PURPOSES)}, ${pick('n', ['Linux', 'Windows', 'Containers'])}], ${TIME}
     FROM offered`,
  );
  await manager.query(
    `INSERT INTO publications (id, account_id, component_type, lineage_id, revision, component_id, content_id, name,
       visibility, status, implicit, import_count, rating_sum, rating_count, published_at, updated_at)
     SELECT ${PUBLICATION}, ${key('account', 'publisher')}, ${type}, ${LINEAGE}, r, ${version('n', 'r')}, ${version('n', 'r')},
       ${NAME}, CASE WHEN private THEN 'PRIVATE' ELSE 'PUBLIC' END,
       CASE WHEN r = ${REVISIONS} AND three % 7 = 0 THEN 'DEPRECATED' ELSE 'ACTIVE' END, NOT template AND n % 2 = 0,
       ${spread('n + r')} % 500, raters * (1 + ${spread('n + 8')} % 4), raters,
       ${TIME} + (${spread('n * 5 + r')} % 10000000) * interval '1 second', ${TIME}
     FROM offered, generate_series(1, ${REVISIONS}) AS r, LATERAL (SELECT ${spread('n + 9')} % 50 AS raters) AS rated`,
  );
  await manager.query(
    `INSERT INTO publication_account_groups (publication_id, account_group_id)
     SELECT ${PUBLICATION}, ${key('group', `publisher || ' ' || three / 5 % ${GROUPS_PER_PUBLISHER}`)}
     FROM offered, generate_series(1, ${REVISIONS}) AS r WHERE private`,
  );
  await manager.query(
    `INSERT INTO publication_versions (publication_id, version_id, component_type)
     SELECT ${PUBLICATION}, ${version('n - $1::int * p', 'r')}, CASE WHEN template AND p = 0 THEN 'ServerTemplate' ELSE 'MultiCloudImage' END
     FROM offered, generate_series(1, ${REVISIONS}) AS r, generate_series(0, 2) AS p WHERE template OR p = 0`,
    [accounts],
  );
}

/** Revision 1, of half of them the newest, too; and clones of MCIs that have merged nothing since. */
async function insertImports(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  const both = 'three % 16 > 7';
  const from = `FROM offered, generate_series(0, $1::int - 1) AS importer, unnest(ARRAY[1, ${REVISIONS}]) AS r`;
  const which = `NOT private AND importer <> publisher AND (r = 1 OR ${both})
    AND CASE WHEN importer = 0 THEN three % 2 = 1 ELSE (three + importer) % 8 = 1 END`;
  const columns = `${COLUMNS}, original_id, superseded`;
  const account = key('account', 'importer');
  const values = `${account}, ${VALUES}, ${version('n', 'r')}, r = 1 AND ${both}`;
  const { accounts } = sizes;
  await manager.query(
    `INSERT INTO multi_cloud_images (id, ${columns}) SELECT ${COPY}, ${values} ${from} WHERE ${which} AND NOT template`,
    [accounts],
  );
  await insertSettings(
    manager,
    sizes,
    COPY,
    `${from.replace('$1', '$3')} CROSS JOIN SETTINGS WHERE ${which} AND NOT template`,
    accounts,
  );
  await manager.query(
    `INSERT INTO server_templates (id, ${columns}, default_mci_lineage_id)
     SELECT ${COPY}, ${values}, ${key('published lineage', '(n - $1::int)')} ${from} WHERE ${which} AND template`,
    [accounts],
  );
  await manager.query(
    `INSERT INTO server_template_multi_cloud_images (server_template_id, mci_lineage_id, multi_cloud_image_id, position)
     SELECT ${COPY}, ${key('published lineage', '(n - $1::int * p)')},
       ${key('imported version', "importer || ' ' || (n - $1::int * p) || ' ' || r")}, p - 1
     ${from}, generate_series(1, 2) AS p WHERE ${which} AND template`,
    [accounts],
  );
  await manager.query(
    `INSERT INTO imported_versions (version_id, account_id, component_type, lineage_id, revision, publication_id, imported_at)
     SELECT ${COPY}, ${account}, CASE WHEN template THEN 'ServerTemplate' ELSE 'MultiCloudImage' END, ${LINEAGE}, r,
       ${PUBLICATION}, ${TIME} + (${spread('n + 3')} % 10000000 + r) * interval '1 second'
     ${from} WHERE ${which}`,
    [accounts],
  );
  await manager.query(
    `INSERT INTO publication_importers (publication_id, account_id)
     SELECT DISTINCT publication_id, account_id FROM imported_versions`,
  );
  await manager.query(
    `INSERT INTO multi_cloud_images (id, account_id, lineage_id, revision, version, name, tags, cloned_from_id, parent_ids,
       created_at, updated_at)
     SELECT ${key('clone', "importer || ' ' || n")}, ${account}, ${key('clone lineage', "importer || ' ' || n")}, 0, 1,
       'Clone ' || n, '{}', ${COPY}, ARRAY[${COPY}], ${TIME}, ${TIME}
     ${from} WHERE ${which} AND NOT template AND r = 1 AND three % 3 = 0`,
    [accounts],
  );
}
