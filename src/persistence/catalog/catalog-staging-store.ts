import type { EntityManager } from 'typeorm';
import type { ListedImage, ListedInstanceType } from '../../domain/catalog/catalog-row';
import { MAXIMUM_REFUSED_SHOWN } from '../../domain/catalog/import-report';
import { copyIn, type CopyValue } from '../copy-in';

/**
 * Where the rows of one import wait for the merge: tables of this transaction only, so that a file of any length
 * is merged by a handful of statements.
 */

/** Something of the listing, with its place in the order of the file. */
export interface StagedRow {
  readonly position: number;
  /** The source that the import counts it to; a refused row has none. */
  readonly source: string | null;
  readonly listed: ListedImage | ListedInstanceType | RefusedUid;
}

/** What a refused row lists: it has not left the listing. */
export interface RefusedUid {
  readonly kind: 'REFUSED';
  readonly resourceUid: string;
}

/** What a listing says, by the property that says it. */
const LISTED: readonly (readonly [
  property: keyof ListedImage | keyof ListedInstanceType,
  column: string,
  type: string,
])[] = [
  ['row', 'label', 'text'],
  ['kind', 'kind', 'text'],
  ['cloudType', 'cloud_type', 'text'],
  ['region', 'region', 'text'],
  ['resourceUid', 'resource_uid', 'text'],
  ['name', 'name', 'text'],
  ['description', 'description', 'text'],
  ['imageType', 'image_type', 'text'],
  ['osPlatform', 'os_platform', 'text'],
  ['operatingSystem', 'operating_system', 'text'],
  ['cpuArchitecture', 'cpu_architecture', 'text'],
  ['virtualizationType', 'virtualization_type', 'text'],
  ['rootDeviceStorage', 'root_device_storage', 'text'],
  ['fingerprint', 'fingerprint', 'text'],
  ['publishedAt', 'published_at', 'timestamptz(3)'],
  ['deprecatesAt', 'deprecates_at', 'timestamptz(3)'],
  ['lifecycle', 'lifecycle', 'text'],
  ['agentEnabled', 'agent_enabled', 'boolean'],
  ['cpuArchitectures', 'cpu_architectures', 'text[]'],
  ['cpuCount', 'cpu_count', 'integer'],
  ['memoryMb', 'memory_mb', 'integer'],
];

const PROPERTIES = LISTED.map(([property]) => property);
const NAMES = ['position', 'source', ...LISTED.map(([, column]) => column)];
/** What makes two rows say the same of the same thing. */
const FACTS = NAMES.filter((column) => column !== 'position' && column !== 'label');

const CREATE = [
  `CREATE TEMPORARY TABLE catalog_import_rows (
    position integer NOT NULL, source text, ${LISTED.map(([, column, type]) => `${column} ${type}`).join(', ')}
  ) ON COMMIT DROP`,
  `CREATE TEMPORARY TABLE catalog_import_places (
    source text NOT NULL, cloud_type text NOT NULL, region text NOT NULL,
    source_id uuid, cloud_id uuid, current boolean NOT NULL DEFAULT true,
    PRIMARY KEY (source, cloud_type, region)
  ) ON COMMIT DROP`,
  `CREATE TEMPORARY TABLE catalog_import_things (
    position integer NOT NULL, kind text NOT NULL, thing_id uuid NOT NULL, source_id uuid NOT NULL,
    cloud_id uuid NOT NULL, current boolean NOT NULL, created boolean NOT NULL
  ) ON COMMIT DROP`,
];

export async function openStaging(manager: EntityManager): Promise<void> {
  for (const statement of CREATE) await manager.query(statement);
}

/** Drops it before the end of the transaction, in which there may be another import. */
export async function closeStaging(manager: EntityManager): Promise<void> {
  await manager.query('DROP TABLE catalog_import_rows, catalog_import_places, catalog_import_things');
}

/** Stages rows while they are read (see `copyIn`). */
export function stageRows(manager: EntityManager, rows: AsyncIterable<StagedRow>): Promise<void> {
  return copyIn(manager, 'catalog_import_rows', NAMES, valuesOf(rows));
}

async function* valuesOf(rows: AsyncIterable<StagedRow>): AsyncGenerator<CopyValue[]> {
  for await (const { position, source, listed } of rows) {
    const facts: Partial<Record<(typeof PROPERTIES)[number], CopyValue>> = listed;
    yield [position, source, ...PROPERTIES.map((property) => facts[property])];
  }
}

/** A row that another one of the same file overrules. */
export interface RepeatedRow {
  readonly position: number;
  readonly label: string;
  /** Where the row stands that was taken. */
  readonly takenLabel: string;
  /** How many such rows there are. */
  readonly total: number;
}

/**
 * Keeps the last of the rows for one thing, and removes the others. Answers those that said something else, at
 * most MAXIMUM_REFUSED_SHOWN of them.
 */
export async function removeRepeatedRows(manager: EntityManager): Promise<RepeatedRow[]> {
  await manager.query(
    'ANALYZE catalog_import_rows (position, kind, source, cloud_type, region, resource_uid)',
  );
  return manager.query<RepeatedRow[]>(
    `WITH repeated AS (
       SELECT kind, cloud_type, region, resource_uid, max(position) AS last_position
       FROM catalog_import_rows WHERE kind <> 'REFUSED'
       GROUP BY kind, cloud_type, region, resource_uid HAVING count(*) > 1
     ), removed AS (
       DELETE FROM catalog_import_rows AS item
       USING repeated JOIN catalog_import_rows AS taken ON taken.position = repeated.last_position
       WHERE (item.kind, item.cloud_type, item.region, item.resource_uid)
           = (repeated.kind, repeated.cloud_type, repeated.region, repeated.resource_uid)
         AND item.position < repeated.last_position
       RETURNING item.position, item.label, taken.label AS taken_label,
         (${FACTS.map((column) => `item.${column}`).join(', ')})
           IS DISTINCT FROM (${FACTS.map((column) => `taken.${column}`).join(', ')}) AS differs
     )
     SELECT position, label, taken_label AS "takenLabel", count(*) OVER ()::integer AS total
     FROM removed WHERE differs ORDER BY position LIMIT ${MAXIMUM_REFUSED_SHOWN}`,
  );
}
