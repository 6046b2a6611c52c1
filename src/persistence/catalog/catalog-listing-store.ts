import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { sqlState } from '../unit-of-work';
import { ownedBy, type CatalogImport } from './catalog-source-store';

/** Which sources list a thing, and since when: alike for images and instance types. */
export interface ListedKind {
  readonly kind: 'IMAGE' | 'INSTANCE_TYPE';
  readonly things: string;
  readonly listings: string;
  /** The column of `listings` that names the thing. */
  readonly reference: string;
}

export const LISTED_IMAGES: ListedKind = {
  kind: 'IMAGE',
  things: 'cloud_images',
  listings: 'catalog_image_listings',
  reference: 'cloud_image_id',
};

export const LISTED_INSTANCE_TYPES: ListedKind = {
  kind: 'INSTANCE_TYPE',
  things: 'instance_types',
  listings: 'catalog_instance_type_listings',
  reference: 'instance_type_id',
};

/** The number of rows that a data-changing CTE named `changed` touched. */
export const COUNT_CHANGED = 'SELECT count(*)::integer AS count FROM changed';

export async function countOf(
  manager: EntityManager,
  statement: string,
  parameters: unknown[],
): Promise<number> {
  const [row] = await manager.query<{ count: number }[]>(statement, parameters);
  return row?.count ?? 0;
}

/** How many rows a plain INSERT adds; quicker than counting what it returns. */
async function insertedBy(manager: EntityManager, statement: string, parameters: unknown[]): Promise<number> {
  const { queryRunner } = manager;
  if (queryRunner === undefined) throw new Error('A catalog import needs a transaction.');
  const { affected } = await queryRunner.query(statement, parameters, true);
  return affected ?? 0;
}

/**
 * Tables that have grown much since they were last looked at, as after a first import, get fresh statistics:
 * without them the planner joins a long listing row by row.
 */
export async function analyzeGrownTables(manager: EntityManager): Promise<void> {
  const tables = [LISTED_IMAGES, LISTED_INSTANCE_TYPES].flatMap(({ things, listings }) => [things, listings]);
  const grown = await manager.query<{ name: string }[]>(
    `SELECT relname AS name FROM pg_class
     WHERE oid = ANY($1::regclass[]) AND pg_relation_size(oid) > 2 * relpages * current_setting('block_size')::bigint`,
    [tables],
  );
  if (grown.length > 0) await manager.query(`ANALYZE ${grown.map(({ name }) => name).join(', ')}`);
}

/**
 * A key of its own for each new thing, a UUID of version 7 (RFC 9562: time $3, a counter of 28 bits around the variant,
 * 44 bits $4 that are random once per import), in the order of its resource uid and cloud: what is inserted in that
 * order comes side by side in the indexes. Those that begin with the cloud have one such place for each cloud.
 */
const NEW_KEY = `(
  $3 || to_hex((7::bigint << 32) | (counter >> 16 << 20) | (8::bigint << 16) | (counter & 65535)) || $4)::uuid`;

/** Finds which of the staged rows the catalog has; those that it doesn't have are to be created. */
export async function resolveThings(
  manager: EntityManager,
  { kind, things }: ListedKind,
  { ownerAccountId, now }: CatalogImport,
): Promise<void> {
  await manager.query(
    `INSERT INTO catalog_import_things (position, kind, thing_id, source_id, cloud_id, current, created)
     SELECT position, kind, coalesce(known_id, ${NEW_KEY}), source_id, cloud_id, current, known_id IS NULL
     FROM (
       SELECT item.position, item.kind, known.id AS known_id, place.source_id, place.cloud_id, place.current,
         row_number() OVER (ORDER BY item.resource_uid, place.cloud_id) AS counter
       FROM catalog_import_rows AS item
       JOIN catalog_import_places AS place USING (source, cloud_type, region)
       LEFT JOIN ${things} AS known ON known.cloud_id = place.cloud_id AND known.resource_uid = item.resource_uid
         AND ${ownedBy('known', ownerAccountId, '$2')}
       WHERE item.kind = $1
     ) AS listed`,
    [kind, ownerAccountId, now.getTime().toString(16).padStart(12, '0'), randomUUID().slice(-11)],
  );
  await manager.query('ANALYZE catalog_import_things');
}

const UNIQUE_VIOLATION = '23505';

/**
 * Inserts the rows that are to be created; answers how many. A row that somebody else made meanwhile is then known:
 * to be prepared for that costs a look-up per row, so it is done only where it happens.
 */
export async function insertThings(
  manager: EntityManager,
  { kind, things }: ListedKind,
  insert: string,
  { ownerAccountId, now }: CatalogImport,
): Promise<number> {
  const parameters = [ownerAccountId, now];
  await manager.query('SAVEPOINT catalog_import_insert');
  try {
    const inserted = await insertedBy(manager, insert, parameters);
    await manager.query('RELEASE SAVEPOINT catalog_import_insert');
    return inserted;
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    await manager.query('ROLLBACK TO SAVEPOINT catalog_import_insert');
  }
  const inserted = await insertedBy(manager, `${insert} ON CONFLICT DO NOTHING`, parameters);
  await manager.query(
    `UPDATE catalog_import_things AS thing SET thing_id = known.id, created = false
     FROM catalog_import_rows AS item, ${things} AS known
     WHERE thing.kind = $1 AND thing.created AND item.position = thing.position AND known.id <> thing.thing_id
       AND known.cloud_id = thing.cloud_id AND known.resource_uid = item.resource_uid
       AND ${ownedBy('known', ownerAccountId, '$2')}`,
    [kind, ownerAccountId],
  );
  return inserted;
}

/**
 * Adds to the history: an older listing moves the first time, a newer one the last. Answers how much it changed;
 * that an undated listing, which is new each time it is read, was read again is no change. What this import created
 * has no history yet.
 */
export async function recordListings(
  manager: EntityManager,
  { kind, listings, reference }: ListedKind,
  { listedAt, dated }: CatalogImport,
): Promise<number> {
  const begun = await insertedBy(
    manager,
    `INSERT INTO ${listings} (source_id, ${reference}, first_listed_at, last_listed_at, listed)
     SELECT source_id, thing_id, $2, $2, current FROM catalog_import_things WHERE kind = $1 AND created`,
    [kind, listedAt],
  );
  const continued = await countOf(
    manager,
    `WITH known AS (
       SELECT listing.* FROM ${listings} AS listing
       JOIN catalog_import_things AS item
         ON item.source_id = listing.source_id AND item.thing_id = listing.${reference}
       WHERE item.kind = $1 AND NOT item.created
     ), changed AS (
     INSERT INTO ${listings} AS listing (source_id, ${reference}, first_listed_at, last_listed_at, listed)
     SELECT source_id, thing_id, $2, $2, current FROM catalog_import_things WHERE kind = $1 AND NOT created
     ON CONFLICT (source_id, ${reference}) DO UPDATE SET
       first_listed_at = least(listing.first_listed_at, excluded.first_listed_at),
       last_listed_at = greatest(listing.last_listed_at, excluded.last_listed_at),
       listed = listing.listed OR excluded.listed
     WHERE (listing.first_listed_at, listing.last_listed_at, listing.listed) IS DISTINCT FROM
       (least(listing.first_listed_at, excluded.first_listed_at),
        greatest(listing.last_listed_at, excluded.last_listed_at), listing.listed OR excluded.listed)
     RETURNING *
     )
     SELECT count(*)::integer AS count FROM changed LEFT JOIN known USING (source_id, ${reference})
     WHERE $3 OR (known.first_listed_at, known.listed) IS DISTINCT FROM (changed.first_listed_at, changed.listed)`,
    [kind, listedAt, dated],
  );
  return begun + continued;
}

/**
 * What a complete listing covers but no longer has is not listed any more, unless a newer listing has it, or this
 * one in a row that was refused. Answers how many.
 */
export async function recordUnlisted(
  manager: EntityManager,
  { kind, things, listings, reference }: ListedKind,
  { sourceIds, listedAt, wholeSource }: CatalogImport,
): Promise<number> {
  return countOf(
    manager,
    `WITH changed AS (
     UPDATE ${listings} AS listing SET listed = false
     FROM ${things} AS thing
     WHERE listing.source_id = ANY($2) AND listing.listed AND listing.last_listed_at <= $3
       AND thing.id = listing.${reference}
       AND ($4 OR (listing.source_id, thing.cloud_id) IN (SELECT source_id, cloud_id FROM catalog_import_places))
       AND NOT EXISTS (SELECT FROM catalog_import_things AS item
         WHERE item.kind = $1 AND item.thing_id = listing.${reference} AND item.source_id = listing.source_id)
       AND thing.resource_uid NOT IN (SELECT resource_uid FROM catalog_import_rows WHERE kind = 'REFUSED')
     RETURNING 1
     ) ${COUNT_CHANGED}`,
    [kind, sourceIds, listedAt, wholeSource],
  );
}
