import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { ComponentType } from '../domain/versioning/component-type';
import type { Contained } from './component-contents';
import { COMPONENT_ENTITIES } from './component-store';
import { CONTENT_TABLES } from './content-tables';

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
  name: 'copy.name',
  description: 'copy.description',
  content_hash: `decode(copy."contentHash", 'hex')`,
  parent_ids: 'copy."parentIds"',
  cloned_from_id: 'copy."clonedFromId"',
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
  "clonedFromId" uuid, "commitMessage" text, "committedAt" timestamptz, "committedById" uuid)`;

/**
 * Copies versions of one kind with their whole content: one statement per table, however many versions and rows there
 * are. Revisions and snapshots must be sealed in the same transaction.
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
  await manager.query(
    `INSERT INTO ${tableName} (${names.join(', ')})
     SELECT ${names.map((name) => OWN[name] ?? `source.${name}`).join(', ')}
     FROM ${COPIES} JOIN ${tableName} AS source ON source.id = copy."fromId"`,
    [JSON.stringify(copies), now],
  );
  const pairs = JSON.stringify(copies.map(({ fromId, id }) => ({ fromId, toId: id })));
  for (const { entity, parent } of CONTENT_TABLES[type]) {
    const content = manager.connection.getMetadata(entity);
    const all = content.columns.map(({ databaseName }) => databaseName);
    const copied: Record<string, string> = { [parent]: 'copy."toId"', id: 'gen_random_uuid()' };
    await manager.query(
      `INSERT INTO ${content.tableName} (${all.join(', ')})
       SELECT ${all.map((name) => copied[name] ?? `source.${name}`).join(', ')}
       FROM jsonb_to_recordset($1) AS copy("fromId" uuid, "toId" uuid)
       JOIN ${content.tableName} AS source ON source.${parent} = copy."fromId"`,
      [pairs],
    );
  }
}

/** From now on they never change (R-6.1). */
export async function sealVersions(
  manager: EntityManager,
  type: ComponentType,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await manager
    .createQueryBuilder()
    .update(COMPONENT_ENTITIES[type])
    .set({ sealed: true })
    .where('id = ANY(:ids)', { ids })
    .execute();
}
