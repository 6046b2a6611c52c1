import type { EntityManager } from 'typeorm';
import type { CatalogFormat } from '../../domain/catalog/catalog-row';
import type { CloudPlace } from '../../domain/catalog/listing-extent';

/** What every statement of one import's merge needs to know. */
export interface CatalogImport {
  /** Whose private catalog; `null`: the public one. */
  readonly ownerAccountId: string | null;
  readonly sourceIds: readonly string[];
  readonly format: CatalogFormat;
  /** When the listing was made. */
  readonly listedAt: Date;
  /** Whether that is the listing's own word; else it is when the listing was read. */
  readonly dated: boolean;
  readonly nature: 'RELEASE_LIST' | 'INVENTORY';
  /** Whether a complete listing covers all clouds of its source, or only those that it names. */
  readonly wholeSource: boolean;
  readonly now: Date;
}

/** A source of listings. */
export interface ImportSource {
  readonly id: string;
  readonly name: string;
  readonly format: CatalogFormat;
}

/**
 * Whether a row belongs to the catalog of the owner that `parameter` holds. Written so that the partial unique index
 * of public or private rows serves it, also while the tables have no statistics yet.
 */
export const ownedBy = (row: string, ownerAccountId: string | null, parameter: string): string =>
  ownerAccountId === null
    ? `(${row}.owner_account_id IS NULL AND ${parameter}::uuid IS NULL)`
    : `${row}.owner_account_id = ${parameter}::uuid`;

/** From here to the end of the transaction no other import merges into the same catalog. */
export async function lockCatalog(manager: EntityManager, ownerAccountId: string | null): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `catalog import ${ownerAccountId ?? 'public'}`,
  ]);
}

/** The sources and clouds that the staged rows name. */
export async function stagePlaces(manager: EntityManager): Promise<void> {
  await manager.query(
    `INSERT INTO catalog_import_places (source, cloud_type, region)
     SELECT DISTINCT source, cloud_type, region FROM catalog_import_rows WHERE kind <> 'REFUSED'`,
  );
}

/** The sources of the staged rows, made where they are new, and the one that was named, if it is known. */
export async function openSources(
  manager: EntityManager,
  ownerAccountId: string | null,
  format: CatalogFormat,
  named: string | null,
  now: Date,
): Promise<ImportSource[]> {
  await manager.query(
    `INSERT INTO catalog_sources (id, account_id, name, format, created_at)
     SELECT gen_random_uuid(), $1, place.source, $2, $3
     FROM (SELECT DISTINCT source FROM catalog_import_places) AS place ON CONFLICT DO NOTHING`,
    [ownerAccountId, format, now],
  );
  return manager.query<ImportSource[]>(
    `SELECT id, name, format FROM catalog_sources
     WHERE account_id IS NOT DISTINCT FROM $1::uuid
       AND (name = $2 OR name IN (SELECT source FROM catalog_import_places)) ORDER BY name`,
    [ownerAccountId, named],
  );
}

/** A listing that doesn't say when it was made is newer than everything that its sources said before. */
export async function timeOfUndatedListing(
  manager: EntityManager,
  sourceIds: readonly string[],
  now: Date,
): Promise<Date> {
  const [row] = await manager.query<{ at: Date }[]>(
    `SELECT greatest($2::timestamptz(3), max(last_listed_at) + interval '1 millisecond') AS at
     FROM catalog_coverage WHERE source_id = ANY($1)`,
    [sourceIds, now],
  );
  return row?.at ?? now;
}

/**
 * Gives the staged places the keys of their sources and clouds: the cloud that the source is in already, so that its
 * rows stay where they are; else the account's own one before the public one. `covered` is the cloud that the listing is of although it may name nothing in it.
 */
export async function resolvePlaces(
  manager: EntityManager,
  { ownerAccountId, sourceIds, listedAt, wholeSource }: CatalogImport,
  covered: (CloudPlace & { readonly source: string }) | null,
): Promise<void> {
  if (covered !== null)
    await manager.query(
      `INSERT INTO catalog_import_places (source, cloud_type, region) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [covered.source, covered.cloudType, covered.region],
    );
  await manager.query(
    `UPDATE catalog_import_places AS place SET
       source_id = (SELECT source.id FROM catalog_sources AS source
         WHERE source.id = ANY($2) AND source.name = place.source),
       cloud_id = (SELECT cloud.id FROM clouds AS cloud
         WHERE (cloud.cloud_type, cloud.region) = (place.cloud_type, place.region)
           AND (cloud.account_id IS NULL OR cloud.account_id = $1::uuid)
         ORDER BY NOT EXISTS (SELECT FROM catalog_coverage AS coverage
             JOIN catalog_sources AS source ON source.id = coverage.source_id
             WHERE source.id = ANY($2) AND source.name = place.source AND coverage.cloud_id = cloud.id),
           cloud.account_id IS NULL LIMIT 1)`,
    [ownerAccountId, sourceIds],
  );
  await manager.query('DELETE FROM catalog_import_places WHERE source_id IS NULL OR cloud_id IS NULL');
  await manager.query(
    `UPDATE catalog_import_places AS place SET current = false
     FROM catalog_coverage AS coverage
     WHERE coverage.source_id = place.source_id AND ($2 OR coverage.cloud_id = place.cloud_id)
       AND coverage.last_complete_at > $1`,
    [listedAt, wholeSource],
  );
}

/** Records how far the sources have been read. */
export async function recordCoverage(
  manager: EntityManager,
  { sourceIds, listedAt, wholeSource }: CatalogImport,
  complete: boolean,
): Promise<void> {
  const completeAt = complete ? listedAt : null;
  await manager.query(
    `INSERT INTO catalog_coverage AS coverage (source_id, cloud_id, last_listed_at, last_complete_at)
     SELECT DISTINCT source_id, cloud_id, $1::timestamptz, $2::timestamptz FROM catalog_import_places
     ON CONFLICT (source_id, cloud_id) DO UPDATE SET
       last_listed_at = greatest(coverage.last_listed_at, excluded.last_listed_at),
       last_complete_at = greatest(coverage.last_complete_at, excluded.last_complete_at)`,
    [listedAt, completeAt],
  );
  if (complete && wholeSource)
    await manager.query(
      `UPDATE catalog_coverage SET last_listed_at = greatest(last_listed_at, $2),
         last_complete_at = greatest(last_complete_at, $2) WHERE source_id = ANY($1)`,
      [sourceIds, listedAt],
    );
}
