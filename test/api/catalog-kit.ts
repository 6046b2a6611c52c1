import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { commandLine, type Principal } from '../../src/domain/access/principal';
import type { CatalogFormat } from '../../src/domain/catalog/catalog-row';
import type { ImportReport } from '../../src/domain/catalog/import-report';
import { readListing } from '../../src/import/read-listing';
import { importCatalog, type ImportCatalogInput } from '../../src/services/catalog/import-catalog';

export const DATA = join(__dirname, '../../demo/data');

export type ImportOptions = { region?: string; cloudType?: string } & Partial<
  Pick<ImportCatalogInput, 'source' | 'complete' | 'dryRun' | 'onProgress'>
>;

export const OPERATOR: Principal = commandLine(null);

/** A machine of an account that is not the operator. */
export const machineOf = (accountId: string): Principal => ({ ...commandLine(accountId), operator: false });

/** Imports a listing through the service, by default as the operator's command line. */
export function importContent(
  dataSource: DataSource,
  content: AsyncIterable<Uint8Array | string> | string,
  format: CatalogFormat,
  { region, cloudType, ...input }: ImportOptions = {},
  principal: Principal = OPERATOR,
): Promise<ImportReport> {
  const read = { format, region, cloudType };
  const chunks = typeof content === 'string' ? chunksOf(content) : content;
  return importCatalog(
    { dataSource, principal, now: new Date() },
    { ...input, read, listing: readListing(chunks, read) },
  );
}

/** Imports a real listing of the repository. */
export function importFile(
  dataSource: DataSource,
  path: string,
  format: CatalogFormat,
  options: ImportOptions = {},
  principal: Principal = OPERATOR,
): Promise<ImportReport> {
  return importContent(dataSource, createReadStream(join(DATA, path)), format, options, principal);
}

export async function* chunksOf(content: string): AsyncGenerator<string> {
  yield content;
}

/** A CSV listing; the columns are those that any row names. */
export function csv(rows: readonly Record<string, string | number | boolean>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => cells.join(','))
    .join('\n');
}

/** A stream listing of AWS images, one per region: `{ 'eu-west-1': 'ami-1' }`. */
export function stream(lastModified: string, regions: Record<string, string>, release = '1.2.3.0'): string {
  const images = Object.entries(regions).map(([region, image]) => [region, { image, release }]);
  return JSON.stringify({
    stream: 'stable',
    metadata: { 'last-modified': lastModified },
    architectures: { x86_64: { images: { aws: { regions: Object.fromEntries(images) } } } },
  });
}

/** `describe-images` records. */
export function describeImages(images: readonly object[]): string {
  return JSON.stringify({
    Images: images.map((image) => ({
      OwnerId: '123456789012',
      State: 'available',
      Name: 'an image',
      Architecture: 'x86_64',
      Public: true,
      ...image,
    })),
  });
}

/** Every column of the catalog, with what a source has brought, in a fixed order. */
export async function catalogRows(dataSource: DataSource, sources = '%'): Promise<unknown> {
  return Promise.all(
    ['cloud_images', 'instance_types'].map((table) =>
      dataSource.query(
        `SELECT thing.* FROM ${table} AS thing LEFT JOIN catalog_sources AS source ON source.id = thing.source_id
         WHERE source.name LIKE $1 ORDER BY thing.id`,
        [sources],
      ),
    ),
  );
}

export interface CatalogImage {
  readonly region: string;
  readonly uid: string;
  readonly name: string;
  readonly architecture: string | null;
  readonly lifecycle: string;
  /** The uid of the replacement. */
  readonly replacement: string | null;
  readonly owner: string | null;
  readonly source: string | null;
}

/** The images of the catalog as people compare them, by region and uid. */
export function images(dataSource: DataSource, where = 'true'): Promise<CatalogImage[]> {
  return dataSource.query(
    `SELECT cloud.region, image.resource_uid AS uid, image.name, image.cpu_architecture AS architecture, image.lifecycle,
       replacement.resource_uid AS replacement, image.owner_account_id AS owner, source.name AS source
     FROM cloud_images AS image JOIN clouds AS cloud ON cloud.id = image.cloud_id
     LEFT JOIN cloud_images AS replacement ON replacement.id = image.replacement_id
     LEFT JOIN catalog_sources AS source ON source.id = image.source_id
     WHERE ${where} ORDER BY cloud.cloud_type, cloud.region, image.resource_uid, image.owner_account_id`,
  );
}

/** `uid: lifecycle`, with the replacement after an arrow. */
export async function lifecycles(dataSource: DataSource, where = 'true'): Promise<Record<string, string>> {
  const rows = await images(dataSource, where);
  return Object.fromEntries(
    rows.map(({ uid, lifecycle, replacement }) => [
      uid,
      replacement === null ? lifecycle : `${lifecycle} -> ${replacement}`,
    ]),
  );
}

export async function countOf(dataSource: DataSource, table: string): Promise<number> {
  const rows: { count: number }[] = await dataSource.query(`SELECT count(*)::integer AS count FROM ${table}`);
  return rows[0]?.count ?? NaN;
}

/** Empties the catalog, between tests that look at all of it. */
export async function emptyCatalog(dataSource: DataSource): Promise<void> {
  await dataSource.query(
    `TRUNCATE catalog_image_listings, catalog_instance_type_listings, catalog_coverage, cloud_image_shares, cloud_image_tags,
       multi_cloud_image_settings, multi_cloud_image_matchers, cloud_images, instance_types, catalog_sources, clouds CASCADE`,
  );
}
