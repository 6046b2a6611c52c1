import type { EntityManager } from 'typeorm';
import type { OrderKind, OrderState } from '../domain/servers/launch-order';
import { LaunchOrder } from '../entities/launch-order';
import { selectRows, type Row } from './select';

/** Orders of one kind, one for each instance. */
export interface NewOrders {
  readonly accountId: string;
  readonly kind: OrderKind;
  readonly instanceIds: readonly string[];
  /** WAITING until this instance has ended; `null`: OPEN. */
  readonly afterInstanceId?: string | null;
}

export async function insertOrders(
  manager: EntityManager,
  { accountId, kind, instanceIds, afterInstanceId = null }: NewOrders,
  now: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO launch_orders (id, account_id, kind, state, instance_id, after_instance_id, created_at)
     SELECT gen_random_uuid(), $2::uuid, $3::text, CASE WHEN $4::uuid IS NULL THEN 'OPEN' ELSE 'WAITING' END, instance.id,
       $4::uuid, $5::timestamptz
     FROM unnest($1::uuid[]) AS instance(id)`,
    [instanceIds, accountId, kind, afterInstanceId, now],
  );
}

/** An order to make an image of a machine. Its key is known before, since the image is named after it. */
export async function insertBundleOrder(
  manager: EntityManager,
  order: Pick<LaunchOrder, 'id' | 'accountId' | 'instanceId' | 'imageId' | 'createdAt'>,
): Promise<void> {
  await manager.insert(LaunchOrder, { ...order, kind: 'BUNDLE', state: 'OPEN' });
}

const orderRows = (manager: EntityManager, accountId: string, id: string) =>
  selectRows(manager, LaunchOrder, 'launch').where('launch.id = :id AND launch.account_id = :accountId', {
    id,
    accountId,
  });

/** The instance that an order is about: it is locked before the order. `null`: the account has no such order. */
export async function instanceOfOrder(
  manager: EntityManager,
  accountId: string,
  id: string,
): Promise<string | null> {
  const row = await orderRows(manager, accountId, id).getRawOne<Row<LaunchOrder>>();
  return row?.instanceId ?? null;
}

/** An order of the account, locked until the transaction ends; `null`: it has none with this key. */
export async function lockOrder(
  manager: EntityManager,
  accountId: string,
  id: string,
): Promise<Row<LaunchOrder> | null> {
  const row = await orderRows(manager, accountId, id)
    .setLock('for_no_key_update')
    .getRawOne<Row<LaunchOrder>>();
  return row ?? null;
}

/** Which orders a launcher takes. */
export interface Claimable {
  readonly accountId: string;
  readonly kinds: readonly OrderKind[];
  /** `null`: of any cloud. */
  readonly cloudIds: readonly string[] | null;
  readonly limit: number;
  readonly now: Date;
}

/** Locks the oldest orders that can be claimed: OPEN ones, and those whose lease expired, about machines that are known. What others are claiming is passed over. */
export async function lockClaimable(
  manager: EntityManager,
  { accountId, kinds, cloudIds, limit, now }: Claimable,
): Promise<{ readonly id: string; readonly kind: OrderKind }[]> {
  return manager.query(
    `SELECT launch.id, launch.kind FROM launch_orders AS launch
      WHERE launch.account_id = $1 AND launch.state IN ('OPEN', 'CLAIMED')
        AND (launch.state = 'OPEN' OR launch.lease_expires_at <= $2)
        AND launch.kind = ANY($3::text[])
        AND EXISTS (SELECT FROM instances AS instance WHERE instance.id = launch.instance_id
          AND ($4::uuid[] IS NULL OR instance.cloud_id = ANY($4::uuid[]))
          AND (launch.kind = 'LAUNCH' OR instance.resource_uid IS NOT NULL))
      ORDER BY launch.created_at, launch.id LIMIT $5
      FOR NO KEY UPDATE SKIP LOCKED`,
    [accountId, now, kinds, cloudIds, limit],
  );
}

/** A new claim of a locked order. The enrolment token of an earlier one dies. */
export interface NewClaim {
  readonly id: string;
  readonly claimId: string;
  /** `null`: not a LAUNCH order. */
  readonly enrolmentHash: Buffer | null;
}

export async function markClaimed(
  manager: EntityManager,
  claims: readonly NewClaim[],
  leaseExpiresAt: Date,
): Promise<void> {
  await manager.query(
    `UPDATE launch_orders AS launch SET state = 'CLAIMED', claim_id = claim.claim_id, lease_expires_at = $4,
       enrolment_hash = claim.enrolment_hash, attempts = launch.attempts + 1
     FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS claim(id, claim_id, enrolment_hash)
     WHERE launch.id = claim.id`,
    [
      claims.map(({ id }) => id),
      claims.map(({ claimId }) => claimId),
      claims.map(({ enrolmentHash }) => enrolmentHash),
      leaseExpiresAt,
    ],
  );
}

/** What a launcher needs for the cloud call of an order. */
export interface OrderData {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly cloudId: string;
  /** Of the machine; `null`: none is known yet. */
  readonly resourceUid: string | null;
  readonly imageResourceUid: string;
  readonly instanceTypeResourceUid: string;
  readonly kernelImageResourceUid: string | null;
  readonly ramdiskImageResourceUid: string | null;
  readonly userData: string | null;
  readonly tags: readonly string[];
  /** Of the image to make; `null`: not a BUNDLE order. */
  readonly bundleName: string | null;
  readonly bundleDescription: string | null;
}

/** The oldest first. The account launched with these images, so it knows their uids. */
export async function orderData(manager: EntityManager, ids: readonly string[]): Promise<OrderData[]> {
  return manager.query(
    `SELECT launch.id, instance.id AS "instanceId", instance.name AS "instanceName", instance.cloud_id AS "cloudId",
            instance.resource_uid AS "resourceUid", image.resource_uid AS "imageResourceUid",
            type.resource_uid AS "instanceTypeResourceUid", kernel.resource_uid AS "kernelImageResourceUid",
            ramdisk.resource_uid AS "ramdiskImageResourceUid", instance.user_data AS "userData", instance.tags,
            bundle.name AS "bundleName", bundle.description AS "bundleDescription"
       FROM launch_orders AS launch
       JOIN instances AS instance ON instance.id = launch.instance_id
       JOIN cloud_images AS image ON image.id = instance.image_id
       JOIN instance_types AS type ON type.id = instance.instance_type_id
       LEFT JOIN cloud_images AS kernel ON kernel.id = instance.kernel_image_id
       LEFT JOIN cloud_images AS ramdisk ON ramdisk.id = instance.ramdisk_image_id
       LEFT JOIN cloud_images AS bundle ON bundle.id = launch.image_id
      WHERE launch.id = ANY($1::uuid[])
      ORDER BY launch.created_at, launch.id`,
    [ids],
  );
}

/** How a locked order ended. Its claim stays, so that a launcher may say the same again. */
export async function closeOrder(
  manager: EntityManager,
  id: string,
  outcome: { readonly state: Extract<OrderState, 'COMPLETED' | 'FAILED'>; readonly failure?: string },
  now: Date,
): Promise<void> {
  await manager.update(LaunchOrder, { id }, { ...outcome, leaseExpiresAt: null, completedAt: now });
}

/** Gives a locked order back, so that somebody tries again. */
export async function reopenOrder(manager: EntityManager, id: string, failure: string): Promise<void> {
  await manager.update(LaunchOrder, { id }, { state: 'OPEN', leaseExpiresAt: null, failure });
}

/** Its enrolment token can be used no more. */
export async function spendEnrolment(manager: EntityManager, id: string): Promise<void> {
  await manager.update(LaunchOrder, { id }, { enrolmentHash: null });
}

/**
 * Closes what is still to be done about machines that are gone: they need no ending any more, and launching or bundling
 * them failed. A bundle under way is left to its launcher: the cloud may have taken its copy already.
 *
 * @returns the images that nobody will make
 */
export async function closeOrdersOfEnded(
  manager: EntityManager,
  instanceIds: readonly string[],
  failure: string,
  now: Date,
): Promise<string[]> {
  const [rows] = await manager.query<[{ image_id: string | null }[], number]>(
    `UPDATE launch_orders SET state = CASE kind WHEN 'TERMINATE' THEN 'COMPLETED' ELSE 'FAILED' END,
       failure = CASE kind WHEN 'TERMINATE' THEN NULL ELSE $2 END,
       lease_expires_at = NULL, enrolment_hash = NULL, completed_at = $3
     WHERE instance_id = ANY($1::uuid[]) AND (state IN ('WAITING', 'OPEN')
       OR state = 'CLAIMED' AND (kind <> 'BUNDLE' OR lease_expires_at <= $3))
     RETURNING image_id`,
    [instanceIds, failure, now],
  );
  return rows.flatMap(({ image_id: imageId }) => imageId ?? []);
}

/** what waited for these instances to end can be claimed now. */
export async function openWaitingOrders(
  manager: EntityManager,
  instanceIds: readonly string[],
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(LaunchOrder)
    .set({ state: 'OPEN' })
    .where(`after_instance_id = ANY(:instanceIds) AND state = 'WAITING'`, { instanceIds })
    .execute();
}

/** Those of the instances that somebody is to end, or ends just now. */
export async function withTerminateOrder(
  manager: EntityManager,
  instanceIds: readonly string[],
): Promise<Set<string>> {
  const rows = await manager
    .createQueryBuilder(LaunchOrder, 'launch')
    .select('launch.instance_id', 'instanceId')
    .where(`launch.instance_id = ANY(:instanceIds) AND launch.kind = 'TERMINATE'`, { instanceIds })
    .andWhere(`launch.state IN ('OPEN', 'CLAIMED')`)
    .getRawMany<{ instanceId: string }>();
  return new Set(rows.map(({ instanceId }) => instanceId));
}
