import type { EntityManager } from 'typeorm';
import { COUNT_CHANGED, countOf, insertThings, LISTED_INSTANCE_TYPES } from './catalog-listing-store';
import type { CatalogImport } from './catalog-source-store';

/** Adds the staged instance types that this catalog doesn't have; answers how many. */
export function insertListedInstanceTypes(manager: EntityManager, run: CatalogImport): Promise<number> {
  return insertThings(
    manager,
    LISTED_INSTANCE_TYPES,
    `INSERT INTO instance_types (id, cloud_id, owner_account_id, resource_uid, name, cpu_architectures, cpu_count,
       memory_mb, offered, source_id, created_at, updated_at)
     SELECT thing.thing_id, thing.cloud_id, $1, item.resource_uid, item.name, item.cpu_architectures, item.cpu_count,
       item.memory_mb, thing.current, thing.source_id, $2, $2
     FROM catalog_import_things AS thing
     JOIN catalog_import_rows AS item USING (position)
     WHERE thing.kind = 'INSTANCE_TYPE' AND thing.created
     ORDER BY thing.thing_id`,
    run,
  );
}

/**
 * As for images: the newest listing of the source that brought a type keeps it current, any other fills what is
 * unknown.
 */
const WANTED: Readonly<Record<string, string>> = {
  name: 'CASE WHEN item.leads THEN item.name ELSE type.name END',
  cpu_architectures: `CASE WHEN item.leads OR type.cpu_architectures = '{}' THEN item.cpu_architectures ELSE type.cpu_architectures END`,
  cpu_count:
    'CASE WHEN item.leads THEN coalesce(item.cpu_count, type.cpu_count) ELSE coalesce(type.cpu_count, item.cpu_count) END',
  memory_mb:
    'CASE WHEN item.leads THEN coalesce(item.memory_mb, type.memory_mb) ELSE coalesce(type.memory_mb, item.memory_mb) END',
  offered: 'type.offered OR (item.leads AND item.current)',
  source_id: 'coalesce(type.source_id, item.source_id)',
};
const COLUMNS = Object.keys(WANTED);

/** Brings known types up to date, as far as no newer listing of their source did; answers how many changed. */
export function updateListedInstanceTypes(
  manager: EntityManager,
  { listedAt, now }: CatalogImport,
): Promise<number> {
  return countOf(
    manager,
    `WITH item AS (
       SELECT staged.*, thing.thing_id, thing.source_id, thing.current, known.leads
       FROM catalog_import_things AS thing
       JOIN catalog_import_rows AS staged USING (position)
       JOIN instance_types AS type ON type.id = thing.thing_id
       LEFT JOIN catalog_instance_type_listings AS listing
         ON listing.source_id = thing.source_id AND listing.instance_type_id = thing.thing_id
       CROSS JOIN LATERAL (SELECT coalesce(type.source_id = thing.source_id, true)
         AND NOT coalesce(listing.last_listed_at > $1, false) AS leads) AS known
       WHERE thing.kind = 'INSTANCE_TYPE' AND NOT thing.created
     ), changed AS (
       UPDATE instance_types AS type
       SET ${COLUMNS.map((column) => `${column} = ${WANTED[column]}`).join(', ')}, updated_at = $2
       FROM item
       WHERE type.id = item.thing_id
         AND (${COLUMNS.map((column) => `type.${column}`).join(', ')})
           IS DISTINCT FROM (${COLUMNS.map((column) => WANTED[column]).join(', ')})
       RETURNING type.id
     ) ${COUNT_CHANGED}`,
    [listedAt, now],
  );
}

/** Types of these sources that are no longer listed stay, and are no longer offered (R-3.4); answers how many. */
export function settleUnlistedInstanceTypes(
  manager: EntityManager,
  { sourceIds, now }: CatalogImport,
): Promise<number> {
  return countOf(
    manager,
    `WITH changed AS (
       UPDATE instance_types AS type SET offered = false, updated_at = $2
       FROM catalog_instance_type_listings AS listing
       WHERE listing.source_id = ANY($1) AND NOT listing.listed AND listing.instance_type_id = type.id
         AND type.source_id = listing.source_id AND type.offered
       RETURNING type.id
     ) ${COUNT_CHANGED}`,
    [sourceIds, now],
  );
}
