import type { EntityManager } from 'typeorm';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import { COMPONENT_ENTITIES, type ComponentRows } from '../components/component-store';
import { tableOf } from './import-facts';
import { selectRows, type Row } from '../select';

/** Lets this transaction change subscribed HEADs, or no more: nothing else may. */
export async function allowPublishing(manager: EntityManager, allowed: boolean): Promise<void> {
  await manager.query("SELECT set_config('mci_graph.publishing', $1, true)", [allowed ? 'on' : 'off']);
}

/** Versions as their publisher has them. */
export const publishedVersions = <T extends ComponentType>(
  manager: EntityManager,
  type: T,
  ids: readonly string[],
): Promise<Row<ComponentRows[T]>[]> =>
  selectRows<ComponentRows[T]>(manager, COMPONENT_ENTITIES[type], 'component')
    .where('component.id = ANY(:ids)', { ids })
    .getRawMany();

const PINS: Readonly<Record<PinnedType, { readonly table: string; readonly column: string }>> = {
  MultiCloudImage: { table: 'server_template_multi_cloud_images', column: 'multi_cloud_image_id' },
  RightScript: { table: 'server_template_scripts', column: 'right_script_id' },
};

/**
 * Copied ServerTemplates pin what their own account has of the same lineages and numbers, no more what the publisher
 * has. Two statements for each kind of pin.
 */
export async function pinOwnVersions(
  manager: EntityManager,
  serverTemplateIds: readonly string[],
): Promise<void> {
  for (const type of ['MultiCloudImage', 'RightScript'] as const) {
    const { table, column } = PINS[type];
    const versions = tableOf(manager, type);
    // From the templates to what they pin, by index, whatever the statistics say: else PostgreSQL may join all versions.
    await manager.query(
      `UPDATE ${table} AS pin SET ${column} = moved.own_id
       FROM (SELECT template.id AS template_id, named.${column} AS pinned_id, own.id AS own_id
         FROM server_templates AS template
         JOIN ${table} AS named ON named.server_template_id = template.id
         CROSS JOIN LATERAL (SELECT version.account_id, version.lineage_id, version.revision
           FROM ${versions} AS version WHERE version.id = named.${column} OFFSET 0) AS pinned
         CROSS JOIN LATERAL (SELECT version.id FROM ${versions} AS version
           WHERE version.account_id = template.account_id AND version.lineage_id = pinned.lineage_id
             AND version.revision = pinned.revision AND NOT version.snapshot OFFSET 0) AS own
         WHERE template.id = ANY($1::uuid[]) AND pinned.account_id <> template.account_id OFFSET 0) AS moved
       WHERE pin.server_template_id = moved.template_id AND pin.${column} = moved.pinned_id`,
      [serverTemplateIds],
    );
    const foreign: unknown[] = await manager.query(
      `SELECT FROM ${table} AS pin JOIN server_templates AS template ON template.id = pin.server_template_id
       JOIN ${versions} AS pinned ON pinned.id = pin.${column}
       WHERE pin.server_template_id = ANY($1::uuid[]) AND pinned.account_id <> template.account_id LIMIT 1`,
      [serverTemplateIds],
    );
    if (foreign.length > 0)
      throw new Error(`A copied ServerTemplate pins a ${type} that its publication does not carry`);
  }
}

/** What was removed is in its account's local collection again; with a HEAD, what was taken from it. */
export async function reviveVersions(
  manager: EntityManager,
  type: ComponentType,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const table = tableOf(manager, type);
  await manager.query(
    `UPDATE ${table} AS version SET deleted_at = NULL FROM ${table} AS revived
     WHERE revived.id = ANY($1::uuid[]) AND version.account_id = revived.account_id
       AND version.lineage_id = revived.lineage_id
       AND (version.id = revived.id OR version.snapshot AND revived.revision = 0)`,
    [ids],
  );
}

/** Of the imported revisions of these lineages only the newest is listed, and none beside a subscribed HEAD. */
export async function markSuperseded(
  manager: EntityManager,
  type: ComponentType,
  accountIds: readonly string[],
  lineageIds: readonly string[],
): Promise<void> {
  if (lineageIds.length === 0) return;
  const table = tableOf(manager, type);
  await manager.query(
    `UPDATE ${table} AS version SET superseded = found.superseded FROM (
       SELECT copy.id, EXISTS (SELECT FROM ${table} AS other
         WHERE other.account_id = copy.account_id AND other.lineage_id = copy.lineage_id AND NOT other.snapshot
           AND other.deleted_at IS NULL AND (other.revision = 0 OR other.revision > copy.revision)) AS superseded
       FROM ${table} AS copy
       WHERE copy.account_id = ANY($1::uuid[]) AND copy.lineage_id = ANY($2::uuid[])
         AND copy.original_id IS NOT NULL AND copy.revision > 0 AND NOT copy.snapshot) AS found
     WHERE version.id = found.id AND version.superseded <> found.superseded`,
    [accountIds, lineageIds],
  );
}

/** That an account has a version from a publication. */
export interface ImportRecord {
  readonly versionId: string;
  readonly accountId: string;
  readonly type: ComponentType;
  readonly lineageId: string;
  readonly revision: number;
  readonly publicationId: string;
}

/** How many accounts have something of a publication that never had anything of it before. */
export interface NewImporters {
  readonly publicationId: string;
  readonly accounts: number;
}

const RECORDS = `jsonb_to_recordset($1) AS record("versionId" uuid, "accountId" uuid, type text, "lineageId" uuid,
  revision integer, "publicationId" uuid)`;

/** Writes down what was imported, also what comes back, and who imports from a publication for the first time. */
export async function recordImports(
  manager: EntityManager,
  records: readonly ImportRecord[],
  importedById: string | null,
  now: Date,
): Promise<NewImporters[]> {
  if (records.length === 0) return [];
  const parameter = JSON.stringify(records);
  await manager.query(
    `INSERT INTO imported_versions
       (version_id, account_id, component_type, lineage_id, revision, publication_id, imported_at, imported_by_id)
     SELECT record."versionId", record."accountId", record.type, record."lineageId", record.revision,
       record."publicationId", $2, $3 FROM ${RECORDS}
     ON CONFLICT (version_id) DO UPDATE SET publication_id = EXCLUDED.publication_id,
       imported_at = EXCLUDED.imported_at, imported_by_id = EXCLUDED.imported_by_id, removed_at = NULL`,
    [parameter, now, importedById],
  );
  return manager.query(
    `WITH fresh AS (
       INSERT INTO publication_importers (publication_id, account_id)
       SELECT DISTINCT record."publicationId", record."accountId" FROM ${RECORDS}
       ON CONFLICT DO NOTHING RETURNING publication_id)
     SELECT publication_id AS "publicationId", count(*)::integer AS accounts FROM fresh GROUP BY publication_id`,
    [parameter],
  );
}

/** Counts new importers; the last thing that a transaction does, since others count there, too. */
export async function countImporters(
  manager: EntityManager,
  importers: readonly NewImporters[],
): Promise<void> {
  if (importers.length === 0) return;
  await manager.query(
    `WITH counted AS MATERIALIZED (
       SELECT publication.id, fresh.accounts
       FROM jsonb_to_recordset($1) AS fresh("publicationId" uuid, accounts integer)
       JOIN publications AS publication ON publication.id = fresh."publicationId"
       ORDER BY publication.id FOR NO KEY UPDATE OF publication)
     UPDATE publications AS publication SET import_count = publication.import_count + counted.accounts
     FROM counted WHERE publication.id = counted.id`,
    [JSON.stringify(importers)],
  );
}

/** What an account imported of a lineage is not in its local collection any more. */
export async function markImportsRemoved(
  manager: EntityManager,
  accountId: string,
  lineageId: string,
  now: Date,
): Promise<void> {
  await manager.query(
    `UPDATE imported_versions SET removed_at = $3
     WHERE account_id = $1 AND lineage_id = $2 AND removed_at IS NULL`,
    [accountId, lineageId, now],
  );
}
