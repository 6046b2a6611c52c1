import type { EntityManager } from 'typeorm';
import { FORMATS_WITHOUT_LIFECYCLE } from '../../domain/catalog/listing-extent';
import { COUNT_CHANGED, countOf, insertThings, LISTED_IMAGES } from './catalog-listing-store';
import type { CatalogImport } from './catalog-source-store';

/** Adds the staged images that this catalog doesn't have; answers how many. */
export function insertListedImages(manager: EntityManager, run: CatalogImport): Promise<number> {
  return insertThings(
    manager,
    LISTED_IMAGES,
    `INSERT INTO cloud_images (id, cloud_id, owner_account_id, resource_uid, name, description, image_type, os_platform,
       operating_system, cpu_architecture, virtualization_type, root_device_storage, fingerprint, published_at,
       lifecycle, deprecates_at, agent_enabled, source_id, created_at, updated_at)
     SELECT thing.thing_id, thing.cloud_id, $1, item.resource_uid, item.name, item.description, item.image_type,
       item.os_platform, item.operating_system, item.cpu_architecture, item.virtualization_type,
       item.root_device_storage, item.fingerprint, item.published_at, item.lifecycle, item.deprecates_at,
       coalesce(item.agent_enabled, false), thing.source_id, $2, $2
     FROM catalog_import_things AS thing
     JOIN catalog_import_rows AS item USING (position)
     WHERE thing.kind = 'IMAGE' AND thing.created
     ORDER BY thing.thing_id`,
    run,
  );
}

/** What may change of a known image. A fact that a listing doesn't state stays as it was known. */
const DESCRIPTIVE = [
  'description',
  'os_platform',
  'operating_system',
  'cpu_architecture',
  'virtualization_type',
  'root_device_storage',
  'fingerprint',
];

const GONE = `('OBSOLETE', 'DELETED')`;

/**
 * The value of each column after the import. `item.own`: this source brought the image, or nobody did.
 * `item.leads`: own, and no newer listing of the source was read; any other only fills what is unknown.
 * `item.decides`: leads, not held by hand, and not overtaken by a complete listing. `item.informs`: an inventory of
 * an image whose own source has no word on lifecycles. Its word then lasts: the own source doesn't take it back.
 */
const WANTED: Readonly<Record<string, string>> = {
  name: 'CASE WHEN item.leads THEN item.name ELSE image.name END',
  image_type: 'CASE WHEN item.leads THEN item.image_type ELSE image.image_type END',
  ...Object.fromEntries(
    DESCRIPTIVE.map((column) => [
      column,
      `CASE WHEN item.leads THEN coalesce(item.${column}, image.${column}) ELSE coalesce(image.${column}, item.${column}) END`,
    ]),
  ),
  published_at:
    'CASE WHEN item.own THEN least(image.published_at, item.published_at) ELSE coalesce(image.published_at, item.published_at) END',
  agent_enabled:
    'CASE WHEN item.leads THEN coalesce(item.agent_enabled, image.agent_enabled) WHEN item.own THEN image.agent_enabled ELSE image.agent_enabled OR coalesce(item.agent_enabled, false) END',
  deprecates_at: `CASE WHEN item.informs OR (item.decides AND NOT item.speechless) THEN item.deprecates_at
    ELSE image.deprecates_at END`,
  lifecycle: `CASE
    WHEN item.decides AND NOT (item.speechless AND image.lifecycle IN ${GONE}) THEN item.lifecycle
    WHEN item.informs AND item.lifecycle IN ${GONE} THEN item.lifecycle
    WHEN item.informs AND item.lifecycle = 'AVAILABLE' AND image.lifecycle IN ${GONE} THEN 'AVAILABLE'
    ELSE image.lifecycle END`,
  replacement_id: `CASE WHEN item.decides OR (item.informs AND item.lifecycle IN ${GONE}) THEN NULL
    ELSE image.replacement_id END`,
  source_id: 'coalesce(image.source_id, item.source_id)',
};
const COLUMNS = Object.keys(WANTED);

/**
 * Waits for whoever is changing an image that this import may change, so that what a hand sets meanwhile is seen by
 * the statements after this one, and nobody sets anything until the import ends (R-3.4).
 */
export async function lockListedImages(
  manager: EntityManager,
  { sourceIds }: CatalogImport,
  complete: boolean,
): Promise<void> {
  await manager.query(
    `SELECT count(*) FROM (
       SELECT FROM cloud_images
       WHERE id IN (
         SELECT thing_id FROM catalog_import_things WHERE kind = 'IMAGE' AND NOT created
         UNION SELECT cloud_image_id FROM catalog_image_listings
         WHERE source_id = ANY($1) AND ($2 OR NOT listed))
       ORDER BY id FOR NO KEY UPDATE
     ) AS locked`,
    [sourceIds, complete],
  );
}

/** Brings known images up to date, as far as no newer listing of their source did; answers how many changed. */
export function updateListedImages(
  manager: EntityManager,
  { listedAt, now, format, nature }: CatalogImport,
): Promise<number> {
  return countOf(
    manager,
    `WITH item AS (
       SELECT staged.*, thing.thing_id, thing.source_id, known.own, known.own AND known.newest AS leads,
         known.own AND known.newest AND thing.current AND NOT image.lifecycle_held AS decides,
         $3 = ANY($5::text[]) AS speechless,
         NOT known.own AND known.newest AND thing.current AND NOT image.lifecycle_held
           AND $4 = 'INVENTORY' AND owner.format = ANY($5::text[]) AS informs
       FROM catalog_import_things AS thing
       JOIN catalog_import_rows AS staged USING (position)
       JOIN cloud_images AS image ON image.id = thing.thing_id
       LEFT JOIN catalog_image_listings AS listing
         ON listing.source_id = thing.source_id AND listing.cloud_image_id = thing.thing_id
       LEFT JOIN catalog_sources AS owner ON owner.id = image.source_id
       CROSS JOIN LATERAL (SELECT coalesce(image.source_id = thing.source_id, true) AS own,
         NOT coalesce(listing.last_listed_at > $1, false) AS newest) AS known
       WHERE thing.kind = 'IMAGE' AND NOT thing.created
     ), changed AS (
       UPDATE cloud_images AS image
       SET ${COLUMNS.map((column) => `${column} = ${WANTED[column]}`).join(', ')}, updated_at = $2
       FROM item
       WHERE image.id = item.thing_id
         AND (${COLUMNS.map((column) => `image.${column}`).join(', ')})
           IS DISTINCT FROM (${COLUMNS.map((column) => WANTED[column]).join(', ')})
       RETURNING image.id
     ) ${COUNT_CHANGED}`,
    [listedAt, now, format, nature, FORMATS_WITHOUT_LIFECYCLE],
  );
}

/** What settling the images that are no longer listed changed. */
export interface SettledImages {
  /** Those that were in the catalog before this import, and are withdrawn by it. */
  readonly withdrawn: number;
  /** Those that only got another replacement. */
  readonly redirected: number;
}

/**
 * Images of these sources that are no longer listed are DEPRECATED, with the current replacement (a release list),
 * or DELETED (an inventory), except where the lifecycle was set by hand (R-3.4). What is in a state worse than
 * DEPRECATED keeps it.
 */
export async function settleUnlistedImages(
  manager: EntityManager,
  run: CatalogImport,
): Promise<SettledImages> {
  const isReleaseList = run.nature === 'RELEASE_LIST';
  if (isReleaseList) await stageReplacements(manager, run);
  const [row] = await manager.query<SettledImages[]>(
    `${isReleaseList ? DEPRECATE_UNLISTED : DELETE_UNLISTED}
     SELECT count(*) FILTER (WHERE NOT created AND lifecycle <> before)::integer AS withdrawn,
       count(*) FILTER (WHERE NOT created AND lifecycle = before)::integer AS redirected
     FROM changed`,
    isReleaseList ? [run.now] : [run.now, run.sourceIds],
  );
  if (isReleaseList) await manager.query('DROP TABLE catalog_import_unlisted, catalog_import_replacements');
  return row ?? { withdrawn: 0, redirected: 0 };
}

const CREATED =
  'EXISTS (SELECT FROM catalog_import_things AS thing WHERE thing.created AND thing.thing_id = image.id)';

const DELETE_UNLISTED = `
  WITH changed AS (
    UPDATE cloud_images AS image SET lifecycle = 'DELETED', replacement_id = NULL, updated_at = $1
    FROM catalog_image_listings AS listing, cloud_images AS previous
    WHERE listing.source_id = ANY($2) AND NOT listing.listed AND listing.cloud_image_id = image.id
      AND image.source_id = listing.source_id AND NOT image.lifecycle_held AND image.lifecycle <> 'DELETED'
      AND previous.id = image.id
    RETURNING image.lifecycle, previous.lifecycle AS before, ${CREATED} AS created
  )`;

const DEPRECATE_UNLISTED = `
  WITH changed AS (
    UPDATE cloud_images AS image
    SET lifecycle = 'DEPRECATED', replacement_id = choice.replacement_id, updated_at = $1
    FROM catalog_import_unlisted AS unlisted
    JOIN catalog_import_replacements AS choice USING (class)
    WHERE image.id = unlisted.id AND NOT image.lifecycle_held AND image.lifecycle IN ('AVAILABLE', 'DEPRECATED')
      AND (unlisted.before <> 'DEPRECATED' OR unlisted.replacement_id IS DISTINCT FROM choice.replacement_id)
    RETURNING image.lifecycle, unlisted.before, ${CREATED} AS created
  )`;

/** What images share that have the same replacement; unknown is like unknown. */
const CLASS = `jsonb_build_array(image.source_id, image.cloud_id, image.image_type, image.cpu_architecture,
  image.operating_system, image.virtualization_type, image.root_device_storage)`;

/** What a replacement must share with what it replaces: source, cloud, type of image, architecture. */
const alike = (a: string, b: string): string =>
  [0, 1, 2, 3].map((part) => `${a}.class -> ${part} = ${b}.class -> ${part}`).join(' AND ');

/** `Ubuntu` of `Ubuntu 16.04`. */
const systemName = (image: string): string => `regexp_replace(${image}.class ->> 4, ' *[0-9].*$', '')`;

/**
 * Finds the replacement once per class of images, not once per image: the newest image that is listed now, of the
 * same source, cloud, architecture and type of image; among several one of the same operating system, best with its
 * version, then virtualization, then root storage.
 */
async function stageReplacements(manager: EntityManager, { sourceIds, now }: CatalogImport): Promise<void> {
  const listings = `catalog_image_listings AS listing
    JOIN cloud_images AS image ON image.id = listing.cloud_image_id AND image.source_id = listing.source_id`;
  await manager.query(
    `CREATE TEMPORARY TABLE catalog_import_unlisted (
       id uuid NOT NULL, class jsonb NOT NULL, before text NOT NULL, replacement_id uuid
     ) ON COMMIT DROP`,
  );
  await manager.query(
    `CREATE TEMPORARY TABLE catalog_import_replacements (class jsonb NOT NULL, replacement_id uuid) ON COMMIT DROP`,
  );
  await manager.query(
    `INSERT INTO catalog_import_unlisted (id, class, before, replacement_id)
     SELECT image.id, ${CLASS}, image.lifecycle, image.replacement_id FROM ${listings}
     WHERE listing.source_id = ANY($1) AND NOT listing.listed AND NOT image.lifecycle_held
       AND image.lifecycle IN ('AVAILABLE', 'DEPRECATED')`,
    [sourceIds],
  );
  await manager.query(
    `WITH candidate AS (
       SELECT DISTINCT ON (class) ${CLASS} AS class, image.id, image.published_at, image.resource_uid FROM ${listings}
       WHERE listing.source_id = ANY($1) AND listing.listed AND image.lifecycle = 'AVAILABLE'
         AND (image.deprecates_at IS NULL OR image.deprecates_at > $2)
       ORDER BY class, image.published_at DESC NULLS LAST, image.resource_uid DESC
     ), class AS (SELECT DISTINCT class FROM catalog_import_unlisted)
     INSERT INTO catalog_import_replacements (class, replacement_id)
     SELECT DISTINCT ON (class.class) class.class, candidate.id
     FROM class LEFT JOIN candidate ON ${alike('candidate', 'class')}
     ORDER BY class.class, coalesce(candidate.class -> 4 = class.class -> 4, false) DESC,
       coalesce(${systemName('candidate')} = ${systemName('class')}, false) DESC,
       candidate.class -> 5 = class.class -> 5 DESC, candidate.class -> 6 = class.class -> 6 DESC,
       candidate.published_at DESC NULLS LAST, candidate.resource_uid DESC`,
    [sourceIds, now],
  );
  for (const table of ['catalog_import_unlisted', 'catalog_import_replacements'])
    await manager.query(`ANALYZE ${table}`);
}
