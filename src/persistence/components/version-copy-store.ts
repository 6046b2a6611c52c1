import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { Contained } from './component-contents';
import { COMPONENT_ENTITIES } from './component-store';
import { CONTENT_TABLES } from './content-tables';
import { queryPrepared } from '../prepared-statement';

/** A new version with the content of another one: everything about it that isn't content. */
export interface VersionCopy {
  readonly fromId: string;
  readonly id: string;
  readonly accountId: string;
  readonly lineageId: string;
  readonly revision: number;
  readonly snapshot: boolean;
  readonly version: number;
  readonly name: string;
  readonly description: string | null;
  /** Hex. */
  readonly contentHash: string;
  readonly parentIds: readonly string[];
  readonly clonedFromId: string | null;
  /** Of an imported or subscribed copy: the publisher's version (R-9.4). */
  readonly originalId: string | null;
  readonly commitMessage: string | null;
  readonly committedAt: Date | null;
  readonly committedById: string | null;
}

/** A new version with the content of this one: all as it is there, and no commit, but for what is told otherwise. */
export const copyOf = (
  { version: source, hash }: Contained<ComponentType>,
  own: Partial<Omit<VersionCopy, 'fromId' | 'id'>>,
): VersionCopy => ({
  fromId: source.id,
  id: randomUUID(),
  accountId: source.accountId,
  lineageId: source.lineageId,
  revision: 0,
  snapshot: false,
  version: source.version,
  name: source.name,
  description: source.description,
  contentHash: hash,
  parentIds: source.parentIds,
  clonedFromId: source.clonedFromId,
  originalId: null,
  commitMessage: null,
  committedAt: null,
  committedById: null,
  ...own,
});

/** Where each column of the new row comes from when it isn't copied. */
const OWN: Record<string, string> = {
  id: 'copy.id',
  account_id: 'copy."accountId"',
  lineage_id: 'copy."lineageId"',
  revision: 'copy.revision',
  snapshot: 'copy.snapshot',
  version: 'copy.version',
  sealed: 'false',
  superseded: 'false',
  name: 'copy.name',
  description: 'copy.description',
  content_hash: `decode(copy."contentHash", 'hex')`,
  parent_ids: 'copy."parentIds"',
  cloned_from_id: 'copy."clonedFromId"',
  original_id: 'copy."originalId"',
  commit_message: 'copy."commitMessage"',
  committed_at: 'copy."committedAt"',
  committed_by_id: 'copy."committedById"',
  created_at: '$2',
  updated_at: '$2',
  // What is deleted is cloned to bring it back; but its snapshot is as deleted as the rest of its lineage.
  deleted_at: 'CASE WHEN copy.snapshot THEN source.deleted_at END',
};

const COPIES = `jsonb_to_recordset($1) AS copy("fromId" uuid, id uuid, "accountId" uuid, "lineageId" uuid, revision integer,
  snapshot boolean, version integer, name text, description text, "contentHash" text, "parentIds" uuid[],
  "clonedFromId" uuid, "originalId" uuid, "commitMessage" text, "committedAt" timestamptz, "committedById" uuid)`;

/**
 * Copies versions of one kind with their whole content: one statement, however many versions and rows there are.
 * Revisions and snapshots must be sealed in the same transaction.
 */
export async function copyVersions(
  manager: EntityManager,
  type: ComponentType,
  copies: readonly VersionCopy[],
  now: Date,
): Promise<void> {
  if (copies.length === 0) return;
  const { tableName, columns } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const names = columns.map(({ databaseName }) => databaseName);
  // References are checked at the end of the statement, when everything is there.
  const contents = contentCopies(manager, type, 'copy.id', '$3').map(
    (insert, index) => `content_${index} AS (${insert})`,
  );
  await queryPrepared(
    manager,
    `WITH ${[`copy AS MATERIALIZED (SELECT * FROM ${COPIES})`, ...contents].join(',\n')}
     INSERT INTO ${tableName} (${names.join(', ')})
     SELECT ${names.map((name) => OWN[name] ?? `source.${name}`).join(', ')}
     FROM copy JOIN ${tableName} AS source ON source.id = copy."fromId" AND source.id = ANY($3)`,
    [JSON.stringify(copies), now, copies.map(({ fromId }) => fromId)],
  );
}

/** A version, and the one that gets its content. */
export interface Replacement {
  readonly fromId: string;
  readonly toId: string;
}

const REPLACEMENTS = 'jsonb_to_recordset($1) AS copy("fromId" uuid, "toId" uuid)';

/**
 * Statements that copy the rows beside the version's own, one per table. They read a table `copy` with a column `fromId`.
 *
 * @param toId SQL for the version that gets them
 * @param fromIds SQL for all versions that they are copied from: PostgreSQL can't tell how many rows `copy` has, and
 *   would read large tables from end to end
 */
const contentCopies = (
  manager: EntityManager,
  type: ComponentType,
  toId: string,
  fromIds: string,
): string[] =>
  CONTENT_TABLES[type].map(({ entity, parent }) => {
    const content = manager.connection.getMetadata(entity);
    const all = content.columns.map(({ databaseName }) => databaseName);
    const copied: Record<string, string> = { [parent]: toId, id: 'gen_random_uuid()' };
    return `INSERT INTO ${content.tableName} (${all.join(', ')})
       SELECT ${all.map((name) => copied[name] ?? `source.${name}`).join(', ')}
       FROM copy JOIN ${content.tableName} AS source
         ON source.${parent} = copy."fromId" AND source.${parent} = ANY(${fromIds})`;
  });

/**
 * Gives locked versions of one kind the whole content of others, which they come from, from then on, and from what their
 * own account took of them (R-6.8); under their next version when that changes them. One statement for their own rows,
 * two per table of their content.
 */
export async function replaceContents(
  manager: EntityManager,
  type: ComponentType,
  replacements: readonly Replacement[],
  now: Date,
): Promise<void> {
  if (replacements.length === 0) return;
  const toIds = replacements.map(({ toId }) => toId);
  const { tableName, columns } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const content = columns
    .map(({ databaseName }) => databaseName)
    .filter((name) => OWN[name] === undefined || ['name', 'description', 'content_hash'].includes(name));
  const changed = 'version.content_hash IS DISTINCT FROM source.content_hash';
  await manager.query(
    `UPDATE ${tableName} AS version SET ${content.map((name) => `${name} = source.${name}`).join(', ')},
       parent_ids = array_append(ARRAY(SELECT kept.id FROM ${tableName} AS kept
         WHERE kept.id = ANY(version.parent_ids) AND kept.account_id = version.account_id), source.id),
       version = CASE WHEN ${changed} THEN version.version + 1 ELSE version.version END,
       updated_at = CASE WHEN ${changed} THEN $2 ELSE version.updated_at END
     FROM ${REPLACEMENTS} JOIN ${tableName} AS source ON source.id = copy."fromId"
     WHERE version.id = copy."toId" AND version.id = ANY($3)`,
    [JSON.stringify(replacements), now, toIds],
  );
  for (const { entity, parent } of CONTENT_TABLES[type]) {
    const table = manager.connection.getMetadata(entity).tableName;
    await manager.query(`DELETE FROM ${table} WHERE ${parent} = ANY($1)`, [toIds]);
  }
  for (const insert of contentCopies(manager, type, 'copy."toId"', '$2'))
    await manager.query(`WITH copy AS MATERIALIZED (SELECT * FROM ${REPLACEMENTS}) ${insert}`, [
      JSON.stringify(replacements),
      replacements.map(({ fromId }) => fromId),
    ]);
}

/**
 * New revisions never change from now on (R-6.1), and the HEADs that they were made of come from them (R-6.8). One
 * statement.
 */
export async function sealRevisions(
  manager: EntityManager,
  type: ComponentType,
  revisions: readonly VersionCopy[],
): Promise<void> {
  if (revisions.length === 0) return;
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  await queryPrepared(
    manager,
    `UPDATE ${tableName} AS version
     SET sealed = (version.id = made.id), content_hash = decode(made."contentHash", 'hex'),
       parent_ids = CASE version.id WHEN made.id THEN version.parent_ids ELSE ARRAY[made.id] END
     FROM jsonb_to_recordset($1) AS made(id uuid, "fromId" uuid, "contentHash" text)
     WHERE version.id IN (made.id, made."fromId")`,
    [JSON.stringify(revisions)],
  );
}

/** From now on they never change (R-6.1). */
export async function sealVersions(
  manager: EntityManager,
  type: ComponentType,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  await queryPrepared(manager, `UPDATE ${tableName} SET sealed = true WHERE id = ANY($1)`, [ids]);
}
