import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { EnrolledInstance } from '../../domain/access/instance-principal';
import type { ServerType } from '../../domain/servers/defined-type';
import type { InstanceState } from '../../domain/servers/instance-state';
import type { FrozenLaunch } from '../../domain/servers/plan-launch';
import { Instance } from '../../entities/servers/instance';
import { DEFINITION_KINDS } from './definition-kind';
import { selectRows, type Row } from '../select';
import { violatedConstraint } from '../unit-of-work';

/** What a server or array launches. */
export interface NewInstances {
  readonly accountId: string;
  readonly cloudId: string;
  readonly serverId: string | null;
  readonly serverArrayId: string | null;
  /** One for each instance. */
  readonly names: readonly string[];
  readonly frozen: FrozenLaunch;
}

/** Inserts PENDING instances that are launched with the same values, in one statement. @returns their keys, as the names */
export async function insertInstances(
  manager: EntityManager,
  { names, frozen, ...instances }: NewInstances,
  now: Date,
): Promise<string[]> {
  const ids = names.map(() => randomUUID());
  await manager.query(
    `INSERT INTO instances (id, name, state, account_id, cloud_id, server_id, server_array_id, server_template_id,
       launched_from_id, launched_from_version, multi_cloud_image_id, multi_cloud_image_version, image_id,
       instance_type_id, kernel_image_id, ramdisk_image_id, user_data, launched_tags, tags, launched_at)
     SELECT launched.id, launched.name, 'PENDING', $3::uuid, $4::uuid, $5::uuid, $6::uuid, $7::uuid,
       $8::uuid, $9::integer, $10::uuid, $11::integer, $12::uuid,
       $13::uuid, $14::uuid, $15::uuid, $16::text, $17::text[], $18::text[], $19::timestamptz
     FROM unnest($1::uuid[], $2::text[]) AS launched(id, name)`,
    [
      ids,
      names,
      instances.accountId,
      instances.cloudId,
      instances.serverId,
      instances.serverArrayId,
      frozen.serverTemplateId,
      frozen.launchedFromId,
      frozen.launchedFromVersion,
      frozen.multiCloudImageId,
      frozen.multiCloudImageVersion,
      frozen.imageId,
      frozen.instanceTypeId,
      frozen.kernelImageId,
      frozen.ramdiskImageId,
      frozen.userData,
      frozen.launchedTags,
      frozen.tags,
      now,
    ],
  );
  return ids;
}

/** An instance of the account, locked against other writers until the transaction ends. */
export async function lockInstance(
  manager: EntityManager,
  accountId: string,
  id: string,
): Promise<Row<Instance> | null> {
  const row = await selectRows(manager, Instance, 'instance')
    .where('instance.id = :id AND instance.account_id = :accountId', { id, accountId })
    // The weaker lock lets others insert orders that refer to it meanwhile.
    .setLock('for_no_key_update')
    .getRawOne<Row<Instance>>();
  return row ?? null;
}

/** What runs of a locked server or array, locked too: the last launched first. */
export async function lockRunningInstances(
  manager: EntityManager,
  type: ServerType,
  ownerId: string,
): Promise<Row<Instance>[]> {
  const rows = await selectRows(manager, Instance, 'instance')
    .where(`instance.${DEFINITION_KINDS[type].owner} = :ownerId AND instance.state <> 'TERMINATED'`, {
      ownerId,
    })
    .orderBy('instance.id')
    .setLock('for_no_key_update')
    .getRawMany<Row<Instance>>();
  return rows.sort((left, right) => right.launchedAt.getTime() - left.launchedAt.getTime());
}

/** Those of the keys that are instances of the array, running or not. */
export async function instancesOfArray(
  manager: EntityManager,
  serverArrayId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await manager
    .createQueryBuilder(Instance, 'instance')
    .select('instance.id', 'id')
    .where('instance.id = ANY(:ids) AND instance.server_array_id = :serverArrayId', { ids, serverArrayId })
    .getRawMany<{ id: string }>();
  return new Set(rows.map(({ id }) => id));
}

/** How many instances an array ever launched. */
export function countLaunched(manager: EntityManager, serverArrayId: string): Promise<number> {
  return manager.countBy(Instance, { serverArrayId });
}

/** What changes when a machine moves from one state to another. */
export interface InstanceMove {
  readonly state: InstanceState;
  readonly stateReason: string | null;
  /** When its LAUNCH order could be claimed, once the cloud took the call. */
  readonly claimableAt?: Date | null;
  readonly operationalAt?: Date;
  readonly forced?: boolean;
}

/** Moves locked instances. With its end a machine's credential ends, too. */
export async function moveInstances(
  manager: EntityManager,
  ids: readonly string[],
  move: InstanceMove,
  now: Date,
): Promise<void> {
  const ended = move.state === 'TERMINATED' && { terminatedAt: now, credentialHash: null };
  await manager
    .createQueryBuilder()
    .update(Instance)
    .set({ ...move, ...ended })
    .where('id = ANY(:ids)', { ids })
    .execute();
}

/** Writes what became known of a locked instance. */
export async function updateInstance(
  manager: EntityManager,
  id: string,
  columns: Partial<Pick<Instance, 'credentialHash' | 'stateReason' | 'tags'>>,
): Promise<void> {
  await manager.update(Instance, { id }, columns);
}

/**
 * Writes which machine a locked instance is. A machine is one instance's at a time; that of one that is TERMINATED may
 * still have to be ended, and must not be another one's either.
 *
 * @returns `false`: it is another one's, which has not ended
 */
export async function setResourceUid(
  manager: EntityManager,
  { id, accountId, cloudId }: Pick<Instance, 'id' | 'accountId' | 'cloudId'>,
  resourceUid: string,
): Promise<boolean> {
  try {
    const result = await manager
      .createQueryBuilder()
      .update(Instance)
      .set({ resourceUid })
      .where(
        `id = :id AND NOT EXISTS (SELECT FROM instances AS other WHERE other.account_id = :accountId
           AND other.cloud_id = :cloudId AND other.resource_uid = :resourceUid AND other.state <> 'TERMINATED'
           AND other.id <> :id)`,
        { id, accountId, cloudId, resourceUid },
      )
      .execute();
    return result.affected === 1;
  } catch (error) {
    // Another one was told to be this machine at the same time.
    if (violatedConstraint(error) === 'instances_machine') return false;
    throw error;
  }
}

interface EnrolledRow {
  id: string;
  name: string;
  accountId: string;
  accountName: string;
  operator: boolean;
}

/** The machine that a credential acts for, and whether its enrolment token can still be used; `null`: none that still runs. */
export async function instanceByCredential(
  manager: EntityManager,
  hash: Buffer,
): Promise<(EnrolledInstance & { readonly tokenUnspent: boolean }) | null> {
  const rows = await manager.query<(EnrolledRow & { tokenUnspent: boolean })[]>(
    `SELECT instance.id, instance.name, account.id AS "accountId", account.name AS "accountName", account.operator,
            EXISTS (SELECT FROM launch_orders AS launch
              WHERE launch.instance_id = instance.id AND launch.enrolment_hash IS NOT NULL) AS "tokenUnspent"
       FROM instances AS instance JOIN accounts AS account ON account.id = instance.account_id
      WHERE instance.credential_hash = $1`,
    [hash],
  );
  const instance = enrolled(rows);
  return instance && { ...instance, tokenUnspent: rows[0]?.tokenUnspent === true };
}

/** The machine that an enrolment token was made for, and the order that it goes with; `null`: the token is unknown or spent. */
export async function instanceByEnrolment(
  manager: EntityManager,
  hash: Buffer,
): Promise<(EnrolledInstance & { readonly orderId: string }) | null> {
  const rows = await manager.query<(EnrolledRow & { orderId: string })[]>(
    `SELECT instance.id, instance.name, account.id AS "accountId", account.name AS "accountName", account.operator,
            launch.id AS "orderId"
       FROM launch_orders AS launch
       JOIN instances AS instance ON instance.id = launch.instance_id
       JOIN accounts AS account ON account.id = instance.account_id
      WHERE launch.enrolment_hash = $1`,
    [hash],
  );
  const instance = enrolled(rows);
  const orderId = rows[0]?.orderId;
  return instance && orderId !== undefined ? { ...instance, orderId } : null;
}

function enrolled([row]: readonly EnrolledRow[]): EnrolledInstance | null {
  if (row === undefined) return null;
  const { id, name, accountId, accountName, operator } = row;
  return { id, name, account: { id: accountId, name: accountName, operator } };
}
