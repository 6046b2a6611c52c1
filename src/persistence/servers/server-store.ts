import { randomUUID } from 'node:crypto';
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { DeploymentContents } from '../../domain/errors';
import type { DefinedType, ServerType } from '../../domain/servers/defined-type';
import { Deployment } from '../../entities/servers/deployment';
import { Server } from '../../entities/servers/server';
import { ServerArray } from '../../entities/servers/server-array';
import type { ServerDefinition } from '../../entities/servers/server-definition';
import { DEFINITION_KINDS } from './definition-kind';
import { selectRows, type Row } from '../select';

/** The row of each type of definition. */
export interface DefinedRows {
  Deployment: Deployment;
  Server: Server;
  ServerArray: ServerArray;
}

const ENTITIES: { [T in DefinedType]: EntityTarget<DefinedRows[T]> } = { Deployment, Server, ServerArray };

/** A refusal shows at most so many things that a deployment holds. */
const MAXIMUM_SHOWN_CONTENTS = 100;

/** A definition of the account's, deleted or not, locked against other writers until the transaction ends. */
export async function lockDefined<T extends DefinedType>(
  manager: EntityManager,
  type: T,
  accountId: string,
  id: string,
): Promise<Row<DefinedRows[T]> | null> {
  const row = await selectRows<DefinedRows[T]>(manager, ENTITIES[type], 'defined')
    .where('defined.id = :id AND defined.account_id = :accountId', { id, accountId })
    // The weaker lock lets others insert rows that refer to it meanwhile; what must not happen meanwhile takes a lock itself.
    .setLock('for_no_key_update')
    .getRawOne<Row<DefinedRows[T]>>();
  return row ?? null;
}

/** A live definition, locked against changes, so that it isn't deleted while something new refers to it. */
export async function shareDefined<T extends DefinedType>(
  manager: EntityManager,
  type: T,
  accountId: string,
  id: string,
): Promise<Row<DefinedRows[T]> | null> {
  const row = await selectRows<DefinedRows[T]>(manager, ENTITIES[type], 'defined')
    .where('defined.id = :id AND defined.account_id = :accountId AND defined.deleted_at IS NULL', {
      id,
      accountId,
    })
    .setLock('pessimistic_read')
    .getRawOne<Row<DefinedRows[T]>>();
  return row ?? null;
}

/** The columns that every new definition starts with. */
type Started = 'version' | 'createdAt' | 'updatedAt' | 'deletedAt';

const started = (now: Date) => ({ version: 1, createdAt: now, updatedAt: now, deletedAt: null });

/** Inserts a new definition. @returns its key */
export async function insertDefined<T extends DefinedType>(
  manager: EntityManager,
  type: T,
  columns: NewDefined<T>,
  now: Date,
): Promise<string> {
  const id = randomUUID();
  const entity: EntityTarget<ObjectLiteral> = ENTITIES[type];
  await manager.insert(entity, { ...columns, ...started(now), id });
  return id;
}

type Relation = 'account' | 'deployment' | 'cloud' | 'serverTemplate' | 'multiCloudImage' | 'instanceType';
type ImageRelation = 'image' | 'kernelImage' | 'ramdiskImage';

/** What a new definition is made of. */
export type NewDefined<T extends DefinedType> = Omit<
  DefinedRows[T],
  'id' | '__typename' | Started | Relation | ImageRelation
>;

/** What an edit may set. The cloud never changes. */
export type DefinedColumns<T extends DefinedType> = Partial<Omit<NewDefined<T>, 'accountId' | 'cloudId'>>;

/** Writes a changed definition under its next version. It must be locked. */
export async function updateDefined<T extends DefinedType>(
  manager: EntityManager,
  type: T,
  { id, version }: { readonly id: string; readonly version: number },
  columns: DefinedColumns<T>,
  now: Date,
): Promise<void> {
  const result = await manager
    .createQueryBuilder()
    .update(ENTITIES[type] as EntityTarget<ObjectLiteral>)
    .set({ ...columns, version: () => 'version + 1', updatedAt: now })
    .where('id = :id AND version = :version', { id, version })
    .execute();
  if (result.affected !== 1) throw new Error(`${type} ${id} changed although it was locked`);
}

/** Deletion is soft: instances that were launched, and the audit log, still refer to it. */
export async function markDefinedDeleted(
  manager: EntityManager,
  type: DefinedType,
  id: string,
  now: Date,
): Promise<void> {
  await manager.update(ENTITIES[type], { id }, { deletedAt: now });
}

/** How many instances of a server or array are running: not TERMINATED. */
export async function countRunning(manager: EntityManager, type: ServerType, id: string): Promise<number> {
  const rows = await manager.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM instances WHERE ${DEFINITION_KINDS[type].owner} = $1 AND state <> 'TERMINATED'`,
    [id],
  );
  return rows[0]?.count ?? 0;
}

/** Keys of the live servers and arrays of a deployment, by name; at most 100 of each. */
export async function deploymentContents(
  manager: EntityManager,
  deploymentId: string,
): Promise<DeploymentContents> {
  const keys = async (entity: EntityTarget<ServerDefinition>): Promise<string[]> => {
    const rows = await manager
      .createQueryBuilder(entity, 'held')
      .select('held.id', 'id')
      .where('held.deployment_id = :deploymentId AND held.deleted_at IS NULL', { deploymentId })
      .orderBy('held.name')
      .addOrderBy('held.id')
      .limit(MAXIMUM_SHOWN_CONTENTS)
      .getRawMany<{ id: string }>();
    return rows.map(({ id }) => id);
  };
  return { servers: await keys(Server), serverArrays: await keys(ServerArray) };
}

/** What every clone of a server takes over as it is. */
const CLONED = [
  'account_id',
  'cloud_id',
  'server_template_id',
  'multi_cloud_image_id',
  'image_id',
  'instance_type_id',
  'kernel_image_id',
  'ramdisk_image_id',
  'user_data',
  'none',
  'description',
  'tags',
].join(', ');

/** Copies a server. @returns the key of the copy */
export async function cloneServerInto(
  manager: EntityManager,
  serverId: string,
  { deploymentId, name }: { readonly deploymentId: string; readonly name: string },
  now: Date,
): Promise<string> {
  const id = randomUUID();
  await manager.query(
    `INSERT INTO servers (id, deployment_id, name, created_at, updated_at, ${CLONED})
     SELECT $2, $3, $4, $5, $5, ${CLONED} FROM servers WHERE id = $1`,
    [serverId, id, deploymentId, name, now],
  );
  return id;
}

/** Copies all live servers of a deployment into another one, under their names. @returns how many there are */
export async function cloneServersInto(
  manager: EntityManager,
  fromDeploymentId: string,
  toDeploymentId: string,
  now: Date,
): Promise<number> {
  const rows = await manager.query<{ count: number }[]>(
    `WITH cloned AS (
       INSERT INTO servers (id, deployment_id, name, created_at, updated_at, ${CLONED})
       SELECT gen_random_uuid(), $2, name, $3, $3, ${CLONED}
       FROM servers WHERE deployment_id = $1 AND deleted_at IS NULL
       RETURNING id)
     SELECT count(*)::int AS count FROM cloned`,
    [fromDeploymentId, toDeploymentId, now],
  );
  return rows[0]?.count ?? 0;
}

/** Those of the names that live definitions of this type have in the account. */
export async function takenDefinedNames(
  manager: EntityManager,
  type: DefinedType,
  accountId: string,
  names: readonly string[],
): Promise<Set<string>> {
  const rows = await manager
    .createQueryBuilder(ENTITIES[type] as EntityTarget<ObjectLiteral>, 'defined')
    .select('defined.name', 'name')
    .where('defined.account_id = :accountId AND defined.name = ANY(:names)', { accountId, names })
    .andWhere('defined.deleted_at IS NULL')
    .getRawMany<{ name: string }>();
  return new Set(rows.map(({ name }) => name));
}
