import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { ComponentType } from '../domain/versioning/component-type';
import { MultiCloudImage } from '../entities/multi-cloud-image';
import { ServerTemplate } from '../entities/server-template';
import { selectRows, type Row } from './select';

/** The row of each type of component. */
export interface ComponentRows {
  MultiCloudImage: MultiCloudImage;
  ServerTemplate: ServerTemplate;
}

const ENTITIES: { [T in ComponentType]: EntityTarget<ComponentRows[T]> } = {
  MultiCloudImage,
  ServerTemplate,
};

/** Columns of HEAD that an edit may set. */
export interface HeadColumns {
  name?: string;
  description?: string | null;
  tags?: string[];
  /** Of ServerTemplates only. */
  defaultMciLineageId?: string | null;
}

/** One version of the account's, locked against other writers until the transaction ends. */
export async function lockVersion<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  accountId: string,
  id: string,
): Promise<Row<ComponentRows[T]> | null> {
  const row = await selectRows<ComponentRows[T]>(manager, ENTITIES[type], 'component')
    .where('component.id = :id AND component.account_id = :accountId', { id, accountId })
    .setLock('pessimistic_write')
    .getRawOne<Row<ComponentRows[T]>>();
  return row ?? null;
}

/**
 * All versions of the lineage that this version belongs to, HEAD first, locked like `lockVersion`.
 * Empty when the account has no such version.
 */
export async function lockLineage<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  accountId: string,
  id: string,
): Promise<Row<ComponentRows[T]>[]> {
  const table = manager.connection.getMetadata(ENTITIES[type]).tableName;
  return (
    selectRows<ComponentRows[T]>(manager, ENTITIES[type], 'component')
      .where('component.account_id = :accountId', { accountId })
      .andWhere(
        `component.lineage_id = (SELECT version.lineage_id FROM ${table} AS version WHERE version.id = :id)`,
        {
          id,
        },
      )
      // HEAD first, as every edit locks it first: no deadlocks.
      .orderBy('component.revision')
      .setLock('pessimistic_write')
      .getRawMany<Row<ComponentRows[T]>>()
  );
}

/** Writes a changed HEAD under its next version. It must be locked. */
export async function updateHead(
  manager: EntityManager,
  type: ComponentType,
  head: { readonly id: string; readonly version: number },
  columns: HeadColumns,
  now: Date,
): Promise<void> {
  const result = await manager
    .createQueryBuilder()
    .update(ENTITIES[type] as EntityTarget<ObjectLiteral>)
    .set({ ...columns, version: () => 'version + 1', updatedAt: now })
    .where('id = :id AND version = :version', { id: head.id, version: head.version })
    .execute();
  if (result.affected !== 1) throw new Error(`${type} ${head.id} changed although it was locked`);
}

/** deletion is soft, and of the whole lineage. */
export async function markLineageDeleted(
  manager: EntityManager,
  type: ComponentType,
  accountId: string,
  lineageId: string,
  now: Date,
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(ENTITIES[type] as EntityTarget<ObjectLiteral>)
    .set({ deletedAt: now })
    .where('account_id = :accountId AND lineage_id = :lineageId AND deleted_at IS NULL', {
      accountId,
      lineageId,
    })
    .execute();
}

/** What identifies a new component: HEAD of a lineage of its own. */
export interface NewHead {
  readonly id: string;
  readonly accountId: string;
  readonly lineageId: string;
  readonly name: string;
  readonly description: string | null;
  readonly tags: string[];
  readonly now: Date;
}

/** The columns that every new HEAD starts with. */
export function headRow({ now, ...head }: NewHead) {
  return {
    ...head,
    revision: 0,
    version: 1,
    sealed: false,
    commitMessage: null,
    committedAt: null,
    committedById: null,
    clonedFromId: null,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}
