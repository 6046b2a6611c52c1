import type { EntityManager } from 'typeorm';
import type { CarriedFacts } from '../../domain/marketplace/import-plan';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { Publication } from '../../entities/marketplace/publication';
import { COMPONENT_ENTITIES } from '../components/component-store';
import { publicationMeant } from '../visibility';

/** In the order in which edits and commits lock them: what pins before what is pinned. */
export const PINNING_FIRST: readonly ComponentType[] = ['ServerTemplate', 'MultiCloudImage', 'RightScript'];

/**
 * Lets nobody else change what these accounts imported until the transaction ends. Accounts share a bounded number of
 * locks: a publication may have more subscribers than the server has room for.
 */
export async function lockCollections(manager: EntityManager, accountIds: readonly string[]): Promise<void> {
  await manager.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('imports:' || place, 0)) FROM (
       SELECT DISTINCT hashtextextended(account.id::text, 0) & 511 AS place FROM unnest($1::uuid[]) AS account(id)
       ORDER BY place) AS places`,
    [accountIds],
  );
}

/**
 * The publications of everything that a publication carries are not republished or withdrawn from anybody until the
 * transaction ends; its own must be locked. In the order of their keys, before any collection is locked.
 */
export async function lockCarriedPublications(manager: EntityManager, publicationId: string): Promise<void> {
  const versions = PINNING_FIRST.map(
    (type) => `SELECT id, lineage_id, revision FROM ${tableOf(manager, type)}`,
  ).join(' UNION ALL ');
  await manager.query(
    `SELECT publication.id FROM publications AS publication WHERE publication.id IN (
       SELECT source_publication_id FROM publication_versions WHERE publication_id = $1
       UNION ALL
       SELECT own.id FROM publication_versions AS carried
       JOIN (${versions}) AS version ON version.id = carried.version_id
       JOIN publications AS own ON own.lineage_id = version.lineage_id AND own.revision = version.revision
       WHERE carried.publication_id = $1)
     ORDER BY publication.id FOR KEY SHARE`,
    [publicationId],
  );
}

/** Copies in these accounts of lineages that a publication carries, locked: pins before pinned, HEADs first, by key. */
export async function lockCopies(
  manager: EntityManager,
  publicationId: string,
  accountIds: readonly string[],
): Promise<void> {
  for (const type of PINNING_FIRST) {
    const table = tableOf(manager, type);
    await manager.query(
      `SELECT copy.id FROM ${table} AS copy
       WHERE copy.account_id = ANY($2::uuid[]) AND copy.original_id IS NOT NULL AND NOT copy.snapshot
         AND copy.lineage_id = ANY(ARRAY(SELECT source.lineage_id FROM publication_versions AS carried
           JOIN ${table} AS source ON source.id = carried.version_id WHERE carried.publication_id = $1))
       ORDER BY copy.revision = 0 DESC, copy.id FOR NO KEY UPDATE`,
      [publicationId, accountIds],
    );
  }
}

const meantForAccount = (publication: string): string =>
  publicationMeant(publication).replaceAll(':viewer', 'account.id');

/** Accounts that follow a published HEAD, and that it is meant for still; the others keep what they have. */
export async function subscribersOf(
  manager: EntityManager,
  { id, componentType, lineageId }: Pick<Publication, 'id' | 'componentType' | 'lineageId'>,
): Promise<string[]> {
  const rows: { readonly accountId: string }[] = await manager.query(
    `SELECT copy.account_id AS "accountId"
     FROM ${tableOf(manager, componentType)} AS copy JOIN publications AS publication ON publication.id = $1
     WHERE copy.lineage_id = $2 AND copy.revision = 0 AND NOT copy.snapshot AND copy.original_id IS NOT NULL
       AND copy.deleted_at IS NULL AND ${publicationMeant('publication').replaceAll(':viewer', 'copy.account_id')}
     ORDER BY copy.account_id`,
    [id, lineageId],
  );
  return rows.map(({ accountId }) => accountId);
}

/**
 * What these accounts have access to of a publication, and of those that what it carries comes from, is not revoked until
 * the transaction ends: their memberships in the groups that these are offered to.
 */
export async function lockMemberships(
  manager: EntityManager,
  publicationId: string,
  accountIds: readonly string[],
): Promise<void> {
  await manager.query(
    `SELECT FROM account_group_members AS member
     WHERE member.account_id = ANY($2::uuid[]) AND member.account_group_id IN (
       SELECT account_group_id FROM publication_account_groups WHERE publication_id = $1 OR publication_id IN (
         SELECT source_publication_id FROM publication_versions WHERE publication_id = $1))
     ORDER BY member.account_group_id, member.account_id FOR KEY SHARE`,
    [publicationId, accountIds],
  );
}

interface CarriedRow extends Omit<CarriedFacts, 'type' | 'local'> {
  readonly name: string;
  readonly localId: string | null;
  readonly removed: boolean;
  readonly outdated: boolean;
  readonly importedWith: string | null;
}

/**
 * Everything that a publication carries, for each of these accounts: what it offers first, then by kind and name. One
 * statement for each kind.
 *
 * @param which CHANGES: only what an account has not got, or not as it is carried now
 */
export async function carriedVersions(
  manager: EntityManager,
  publicationId: string,
  accountIds: readonly string[],
  which: 'ALL' | 'CHANGES',
): Promise<CarriedFacts[]> {
  const found: CarriedFacts[] = [];
  for (const type of PINNING_FIRST) {
    const table = tableOf(manager, type);
    const rows: CarriedRow[] = await manager.query(
      `SELECT * FROM (SELECT account.id AS "accountId", source.name, source.id AS "sourceId", source.lineage_id AS "lineageId", source.revision,
         coalesce(source.original_id, head.id, source.id) AS "originalId",
         coalesce(own.id, publication.id) AS "publicationId", source.id = publication.content_id AS offered,
         provider.id IS NULL OR ${meantForAccount('provider')} AS permitted,
         local.id AS "localId", local.deleted_at IS NOT NULL AS removed,
         coalesce(local.original_id IS NOT NULL AND source.snapshot AND held.id <> source.id
           AND held.created_at <= source.created_at, false) AS outdated,
         imported.publication_id AS "importedWith"
       FROM publications AS publication
       JOIN publication_versions AS carried ON carried.publication_id = publication.id
       JOIN ${table} AS source ON source.id = carried.version_id
       LEFT JOIN publications AS provider ON provider.id = carried.source_publication_id
       LEFT JOIN ${table} AS head ON source.snapshot AND head.account_id = source.account_id
         AND head.lineage_id = source.lineage_id AND head.revision = 0 AND NOT head.snapshot
       CROSS JOIN unnest($2::uuid[]) AS account(id)
       LEFT JOIN publications AS own ON own.lineage_id = source.lineage_id AND own.revision = source.revision
         AND ${meantForAccount('own')}
       LEFT JOIN ${table} AS local ON local.account_id = account.id AND local.lineage_id = source.lineage_id
         AND local.revision = source.revision AND NOT local.snapshot
       LEFT JOIN LATERAL (SELECT frozen.id, frozen.created_at FROM ${table} AS frozen
         WHERE source.snapshot AND frozen.id = ANY(local.parent_ids) AND frozen.account_id = source.account_id
         ORDER BY frozen.created_at DESC LIMIT 1) AS held ON true
       LEFT JOIN imported_versions AS imported ON imported.version_id = local.id
       WHERE publication.id = $1) AS version
       ${which === 'ALL' ? '' : 'WHERE "localId" IS NULL OR removed OR outdated'}
       ORDER BY offered DESC, name, "sourceId", "accountId"`,
      [publicationId, accountIds],
    );
    for (const { localId, removed, outdated, importedWith, name: _name, ...version } of rows)
      found.push({
        ...version,
        type,
        local: localId === null ? null : { id: localId, removed, outdated, importedWith },
      });
  }
  return found.sort((left, right) => Number(right.offered) - Number(left.offered));
}

/** Rows of the publisher's, whoever asks. */
export const tableOf = (manager: EntityManager, type: ComponentType): string =>
  manager.connection.getMetadata(COMPONENT_ENTITIES[type]).tableName;
