import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { PinPublication } from '../../domain/marketplace/offer';
import type { PublicationWords } from '../../domain/marketplace/publication-words';
import type { PublicationStatus } from '../../domain/marketplace/publication';
import type { ComponentType } from '../../domain/versioning/component-type';
import {
  Publication,
  PublicationAccountGroup,
  PublishedLineage,
} from '../../entities/marketplace/publication';
import { PublicationEula } from '../../entities/marketplace/eula';
import { COMPONENT_ENTITIES } from '../components/component-store';
import { queryPrepared } from '../prepared-statement';
import { selectRows, type Row } from '../select';
import { PUBLICATION_SEARCH, PUNCTUATION } from './marketplace-search';

/** A version that a publication carries, by the key of the publisher's own row. */
export interface CarriedVersion {
  readonly type: ComponentType;
  readonly versionId: string;
  /** Of what the publisher imported itself: the publication that it came with. */
  readonly sourcePublicationId: string | null;
}

/** The publication of the account's, locked until the transaction ends; imports of it wait. */
export async function lockPublication(
  manager: EntityManager,
  accountId: string,
  id: string,
): Promise<Row<Publication> | null> {
  const row = await selectRows(manager, Publication, 'publication')
    .where('publication.id = :id AND publication.account_id = :accountId', { id, accountId })
    .setLock('pessimistic_write')
    .getRawOne<Row<Publication>>();
  return row ?? null;
}

/** What was found when a lineage was locked for publishing. */
export interface LockedLineage {
  /** Whether the account said as what it publishes. */
  readonly hasOrganization: boolean;
  /** Whether the lineage has words. */
  readonly described: boolean;
  readonly publications: readonly Pick<Publication, 'revision' | 'status'>[];
}

/**
 * What is published of the account's lineage, if anything is, locked until the transaction ends: its words, which are
 * written to all its publications, then these. Whoever publishes, updates or republishes locks it right after the
 * component's own version, before what this pins; imports of it wait. Nor is the organization renamed meanwhile, which is
 * written to all publications of the account. Three statements: each sees what was committed while the one before waited.
 */
export async function lockPublishedLineage(
  manager: EntityManager,
  accountId: string,
  lineageId: string,
): Promise<LockedLineage> {
  const organizations = await queryPrepared(
    manager,
    'SELECT FROM organizations WHERE account_id = $1 FOR KEY SHARE',
    [accountId],
  );
  const lineages = await lockPublishedLineages(manager, [lineageId]);
  const publications = await queryPrepared<Pick<Publication, 'revision' | 'status'>>(
    manager,
    'SELECT revision, status FROM publications WHERE lineage_id = $1 ORDER BY id FOR UPDATE',
    [lineageId],
  );
  return { hasOrganization: organizations.length > 0, described: lineages > 0, publications };
}

/** The words of these lineages, as far as they are published, locked in one order. @returns how many have any */
export async function lockPublishedLineages(
  manager: EntityManager,
  lineageIds: readonly string[],
): Promise<number> {
  if (lineageIds.length === 0) return 0;
  const locked = await queryPrepared(
    manager,
    'SELECT FROM published_lineages WHERE lineage_id = ANY($1) ORDER BY lineage_id FOR NO KEY UPDATE',
    [lineageIds],
  );
  return locked.length;
}

/**
 * All that is published of lineages that the account's group is offered something of, locked until the transaction ends, as
 * who publishes locks it: before the group. Two statements.
 */
export async function lockLineagesOfferedTo(
  manager: EntityManager,
  accountId: string,
  accountGroupId: string,
): Promise<void> {
  const lineages: { readonly lineageId: string }[] = await manager.query(
    `SELECT lineage_id AS "lineageId" FROM published_lineages WHERE account_id = $1 AND lineage_id IN (
       SELECT publication.lineage_id FROM publication_account_groups AS offered
       JOIN publications AS publication ON publication.id = offered.publication_id
       WHERE offered.account_group_id = $2)
     ORDER BY lineage_id FOR NO KEY UPDATE`,
    [accountId, accountGroupId],
  );
  await manager.query('SELECT FROM publications WHERE lineage_id = ANY($1) ORDER BY id FOR NO KEY UPDATE', [
    lineages.map(({ lineageId }) => lineageId),
  ]);
}

/** What the publications of a lineage share; `null`: none is published. */
export const publishedLineage = (
  manager: EntityManager,
  lineageId: string,
): Promise<PublishedLineage | null> => manager.findOneBy(PublishedLineage, { lineageId });

/** How a lineage is in the marketplace. */
export interface LineagePublished {
  /** It has publications of its own. */
  readonly published: boolean;
  /** Other accounts imported or subscribed to versions of it, even if they removed them since. */
  readonly taken: boolean;
  /** Names of other publications that carry versions of it, at most 20. */
  readonly carriers: readonly string[];
}

/** Whether the account published a lineage, who else has it, and in what else it carries any of these versions of it. */
export async function lineagePublished(
  manager: EntityManager,
  type: ComponentType,
  accountId: string,
  lineageId: string,
  versionIds: readonly string[],
): Promise<LineagePublished> {
  const [row]: [LineagePublished] = await manager.query(
    `SELECT EXISTS (SELECT FROM published_lineages WHERE lineage_id = $1 AND account_id = $2) AS published,
       EXISTS (SELECT FROM ${manager.connection.getMetadata(COMPONENT_ENTITIES[type]).tableName} AS copy
         WHERE copy.original_id = ANY($3) AND copy.account_id <> $2) AS taken,
       ARRAY(SELECT DISTINCT publication.name
         FROM publication_versions AS carried JOIN publications AS publication ON publication.id = carried.publication_id
         WHERE carried.version_id = ANY($3) AND publication.lineage_id <> $1 ORDER BY 1 LIMIT 20) AS carriers`,
    [lineageId, accountId, versionIds],
  );
  return row;
}

/** The account's groups among these, locked against deletion. */
export async function lockAccountGroups(
  manager: EntityManager,
  accountId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows: { readonly id: string }[] = await manager.query(
    'SELECT id FROM account_groups WHERE id = ANY($1) AND account_id = $2 ORDER BY id FOR KEY SHARE',
    [ids, accountId],
  );
  return new Set(rows.map(({ id }) => id));
}

/** A licence text of the account's. */
interface OwnEula {
  readonly id: string;
  readonly name: string;
  readonly archived: boolean;
}

/** The account's licence texts among these, which are not archived meanwhile. */
export async function lockEulaRevisions(
  manager: EntityManager,
  accountId: string,
  ids: readonly string[],
): Promise<Map<string, OwnEula>> {
  if (ids.length === 0) return new Map();
  const rows: OwnEula[] = await manager.query(
    `SELECT revision.id, eula.name, eula.archived_at IS NOT NULL AS archived
     FROM eula_revisions AS revision JOIN eulas AS eula ON eula.id = revision.eula_id
     WHERE revision.id = ANY($1) AND eula.account_id = $2 ORDER BY eula.id, revision.id FOR SHARE OF eula`,
    [ids, accountId],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Groups that publications are offered to, by publication. */
export async function accountGroupsOf(
  manager: EntityManager,
  publicationIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await manager
    .createQueryBuilder(PublicationAccountGroup, 'offered')
    .select('offered.publication_id', 'publicationId')
    .addSelect('offered.account_group_id', 'accountGroupId')
    .where('offered.publication_id = ANY(:publicationIds)', { publicationIds })
    .orderBy('offered.account_group_id')
    .getRawMany<PublicationAccountGroup>();
  const groups = new Map<string, string[]>(publicationIds.map((id) => [id, []]));
  for (const { publicationId, accountGroupId } of rows) groups.get(publicationId)?.push(accountGroupId);
  return groups;
}

/**
 * The publications of these own versions. All of their lineages are locked in the order of their keys, as imports count:
 * what is published along changes by what words the others are found. Two statements.
 */
export async function lockPublicationsOf(
  manager: EntityManager,
  accountId: string,
  versions: readonly { readonly id: string; readonly lineageId: string }[],
): Promise<PinPublication[]> {
  if (versions.length === 0) return [];
  const wanted = new Set(versions.map(({ id }) => id));
  const locked = await manager
    .createQueryBuilder(Publication, 'publication')
    .select('publication.id', 'id')
    .addSelect('publication.component_id', 'componentId')
    .addSelect('publication.visibility', 'visibility')
    .where('publication.lineage_id = ANY(:lineageIds) AND publication.account_id = :accountId', {
      lineageIds: versions.map(({ lineageId }) => lineageId),
      accountId,
    })
    .orderBy('publication.id')
    .setLock('for_no_key_update')
    .getRawMany<Omit<PinPublication, 'accountGroupIds'>>();
  const rows = locked.filter(({ componentId }) => wanted.has(componentId));
  // A statement of its own: it sees what was committed while they were waited for.
  const groups = await accountGroupsOf(
    manager,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, accountGroupIds: groups.get(row.id) ?? [] }));
}

export type NewPublication = Pick<
  Publication,
  | 'accountId'
  | 'componentType'
  | 'lineageId'
  | 'revision'
  | 'componentId'
  | 'contentId'
  | 'name'
  | 'visibility'
  | 'implicit'
  | 'revisionNotes'
  | 'allowComments'
>;

/**
 * Active publications that nobody has imported yet, to be found by the words of their lineages, which are there already.
 * One statement. @returns their keys, in the same order
 */
export async function insertPublications(
  manager: EntityManager,
  publications: readonly NewPublication[],
  now: Date,
): Promise<string[]> {
  if (publications.length === 0) return [];
  const rows = publications.map((publication, place) => ({ ...publication, id: randomUUID(), place }));
  await queryPrepared(
    manager,
    `INSERT INTO publications (id, account_id, component_type, lineage_id, revision, component_id, content_id, name, visibility,
       implicit, revision_notes, allow_comments, status, published_at, updated_at, search)
     SELECT id, "accountId", "componentType", lineage_id, revision, "componentId", "contentId", name, visibility, implicit,
       "revisionNotes", "allowComments", 'ACTIVE', $3::timestamptz, $3::timestamptz, ${PUBLICATION_SEARCH}
     FROM jsonb_to_recordset($1) AS publication(id uuid, place integer, "accountId" uuid, "componentType" text,
       lineage_id uuid, revision integer, "componentId" uuid, "contentId" uuid, name text, visibility text, implicit boolean,
       "revisionNotes" text, "allowComments" boolean)
     ORDER BY place`,
    [
      JSON.stringify(rows.map(({ lineageId, ...row }) => ({ ...row, lineage_id: lineageId }))),
      PUNCTUATION,
      now,
    ],
  );
  return rows.map(({ id }) => id);
}

/** What publications carry from now on. One statement. */
export async function insertCarriedVersions(
  manager: EntityManager,
  carried: readonly (CarriedVersion & { readonly publicationId: string })[],
): Promise<void> {
  if (carried.length === 0) return;
  await queryPrepared(
    manager,
    `INSERT INTO publication_versions (publication_id, version_id, component_type, source_publication_id)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[])`,
    [
      carried.map(({ publicationId }) => publicationId),
      carried.map(({ versionId }) => versionId),
      carried.map(({ type }) => type),
      carried.map(({ sourcePublicationId }) => sourcePublicationId),
    ],
  );
}

/** Offers publications to groups, too. One statement. */
export async function offerToAccountGroups(
  manager: EntityManager,
  publicationIds: readonly string[],
  accountGroupIds: readonly string[],
): Promise<void> {
  if (publicationIds.length === 0 || accountGroupIds.length === 0) return;
  await queryPrepared(
    manager,
    `INSERT INTO publication_account_groups (publication_id, account_group_id)
     SELECT publication_id, account_group_id
     FROM unnest($1::uuid[]) AS publication_id CROSS JOIN unnest($2::uuid[]) AS account_group_id
     ON CONFLICT DO NOTHING`,
    [publicationIds, accountGroupIds],
  );
}

/** Offers a publication no more to groups. */
export async function withdrawFromAccountGroups(
  manager: EntityManager,
  publicationId: string,
  accountGroupIds: readonly string[],
): Promise<void> {
  if (accountGroupIds.length === 0) return;
  await manager.query(
    'DELETE FROM publication_account_groups WHERE publication_id = $1 AND account_group_id = ANY($2)',
    [publicationId, accountGroupIds],
  );
}

/** Offers locked publications to everyone, for ever. Two statements. */
export async function offerToEveryone(
  manager: EntityManager,
  publicationIds: readonly string[],
): Promise<void> {
  if (publicationIds.length === 0) return;
  await manager.query('DELETE FROM publication_account_groups WHERE publication_id = ANY($1)', [
    publicationIds,
  ]);
  await manager.query(`UPDATE publications SET visibility = 'PUBLIC' WHERE id = ANY($1)`, [publicationIds]);
}

/** Columns of a locked publication that its publisher may change. */
export interface PublicationColumns {
  readonly status?: PublicationStatus;
  readonly allowComments?: boolean;
}

/** That something about locked publications changed. */
export async function touchPublications(
  manager: EntityManager,
  ids: readonly string[],
  columns: PublicationColumns,
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await manager
    .createQueryBuilder()
    .update(Publication)
    .set({ ...columns, updatedAt: now })
    .where('id = ANY(:ids)', { ids })
    .execute();
}

/** A lineage that is published for the first time, as far as is known. */
export interface DescribedLineage extends Required<PublicationWords> {
  readonly lineageId: string;
  readonly accountId: string;
  readonly componentType: ComponentType;
}

/**
 * What has no words yet gets these. One statement, in one order: two that publish the same lineages at once wait for one
 * another, but never both.
 *
 * @returns how many had none
 */
export async function describeLineages(
  manager: EntityManager,
  lineages: readonly DescribedLineage[],
  now: Date,
): Promise<number> {
  if (lineages.length === 0) return 0;
  const inserted = await queryPrepared(
    manager,
    `INSERT INTO published_lineages
       (lineage_id, account_id, component_type, short_description, long_description, categories, updated_at)
     SELECT "lineageId", "accountId", "componentType", "shortDescription", "longDescription", categories, $2
     FROM jsonb_to_recordset($1) AS lineage("lineageId" uuid, "accountId" uuid, "componentType" text,
       "shortDescription" text, "longDescription" text, categories text[])
     ORDER BY "lineageId" ON CONFLICT DO NOTHING RETURNING lineage_id`,
    [JSON.stringify(lineages), now],
  );
  return inserted.length;
}

/** New words for a lineage, and so for all its publications; what is left out stays. A bounded number of statements. */
export async function updateLineageWords(
  manager: EntityManager,
  lineageId: string,
  { categories, ...words }: PublicationWords,
  now: Date,
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(PublishedLineage)
    .set({ ...words, ...(categories !== undefined && { categories: [...categories] }), updatedAt: now })
    .where('lineage_id = :lineageId', { lineageId })
    .execute();
  // Locked in the order of ids, as imports lock those that they count.
  await queryPrepared(
    manager,
    `WITH chosen AS MATERIALIZED (
       SELECT id FROM publications WHERE lineage_id = $1 ORDER BY id FOR NO KEY UPDATE)
     UPDATE publications AS publication SET updated_at = $3, search = ${PUBLICATION_SEARCH}
     FROM chosen WHERE publication.id = chosen.id`,
    [lineageId, PUNCTUATION, now],
  );
}

/** What importers of a publication must accept. */
export async function attachEulas(
  manager: EntityManager,
  publicationId: string,
  eulaRevisionIds: readonly string[],
): Promise<void> {
  if (eulaRevisionIds.length === 0) return;
  await manager.insert(
    PublicationEula,
    eulaRevisionIds.map((eulaRevisionId) => ({ publicationId, eulaRevisionId })),
  );
}
