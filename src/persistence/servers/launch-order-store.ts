import type { EntityManager } from 'typeorm';
import type { EndedLaunch, OrderKind, OrderState } from '../../domain/servers/launch-order';
import { LaunchOrder } from '../../entities/servers/launch-order';
import { selectRows, type Row } from '../select';

/** Orders of one kind, one for each instance. */
export interface NewOrders {
  readonly accountId: string;
  readonly kind: OrderKind;
  readonly instanceIds: readonly string[];
  /** WAITING until nothing else of their servers runs, or OPEN. */
  readonly waiting?: boolean;
}

export async function insertOrders(
  manager: EntityManager,
  { accountId, kind, instanceIds, waiting = false }: NewOrders,
  now: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO launch_orders (id, account_id, kind, state, instance_id, claimable_at, created_at)
     SELECT gen_random_uuid(), $2::uuid, $3::text, CASE WHEN $4::boolean THEN 'WAITING' ELSE 'OPEN' END, instance.id,
       CASE WHEN $4::boolean THEN NULL ELSE $5::timestamptz END, $5::timestamptz
     FROM unnest($1::uuid[]) AS instance(id)`,
    [instanceIds, accountId, kind, waiting, now],
  );
}

/** The machine that a launch may have made, whose id nobody has told, is to end. */
export interface NewSearch {
  readonly instanceId: string;
  readonly launchOrderId: string;
  readonly claimableAt: Date;
}

export async function insertSearches(
  manager: EntityManager,
  accountId: string,
  searches: readonly NewSearch[],
  now: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO launch_orders (id, account_id, kind, state, instance_id, launch_order_id, claimable_at, created_at)
     SELECT gen_random_uuid(), $4::uuid, 'TERMINATE', 'OPEN', search.instance_id, search.launch_order_id,
       search.claimable_at, $5::timestamptz
     FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS search(instance_id, launch_order_id, claimable_at)`,
    [
      searches.map(({ instanceId }) => instanceId),
      searches.map(({ launchOrderId }) => launchOrderId),
      searches.map(({ claimableAt }) => claimableAt),
      accountId,
      now,
    ],
  );
}

/** The LAUNCH order of an instance, with what is known of its machine. */
export interface LaunchFacts extends EndedLaunch {
  readonly id: string;
  readonly instanceId: string;
}

/** Those of locked instances, locked too, so that nobody claims them meanwhile. */
export async function lockLaunches(
  manager: EntityManager,
  instanceIds: readonly string[],
): Promise<LaunchFacts[]> {
  return manager.query(
    `SELECT launch.id, launch.instance_id AS "instanceId", launch.attempts, launch.lease_expires_at AS "leaseExpiresAt",
            instance.resource_uid AS "resourceUid"
       FROM launch_orders AS launch JOIN instances AS instance ON instance.id = launch.instance_id
      WHERE launch.instance_id = ANY($1::uuid[]) AND launch.kind = 'LAUNCH'
      ORDER BY launch.id FOR NO KEY UPDATE OF launch`,
    [instanceIds],
  );
}

/** What locked instances were to be launched by can't be claimed, or completed as usual, any more. */
export async function failLaunches(
  manager: EntityManager,
  instanceIds: readonly string[],
  failure: string,
  now: Date,
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(LaunchOrder)
    .set({ state: 'FAILED', failure, leaseExpiresAt: null, enrolmentHash: null, completedAt: now })
    .where(`instance_id = ANY(:instanceIds) AND kind = 'LAUNCH'`, { instanceIds })
    .andWhere(`state IN ('WAITING', 'OPEN', 'CLAIMED')`)
    .execute();
}

/** An order to make an image of a machine. Its key is known before, since the image is named after it. */
export async function insertBundleOrder(
  manager: EntityManager,
  order: Pick<LaunchOrder, 'id' | 'accountId' | 'instanceId' | 'imageId' | 'createdAt'>,
): Promise<void> {
  const { createdAt: claimableAt } = order;
  await manager.insert(LaunchOrder, { ...order, kind: 'BUNDLE', state: 'OPEN', claimableAt });
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

/**
 * Locks the oldest orders that can be claimed: OPEN ones whose time has come, and those whose lease expired, about machines
 * that are known or to be looked for. What others are claiming is passed over, and so is the end of a machine of which
 * somebody makes an image just now.
 */
export async function lockClaimable(
  manager: EntityManager,
  { accountId, kinds, cloudIds, limit, now }: Claimable,
): Promise<Pick<LaunchOrder, 'id' | 'kind' | 'instanceId'>[]> {
  return manager.query(
    `SELECT launch.id, launch.kind, launch.instance_id AS "instanceId" FROM launch_orders AS launch
      WHERE launch.account_id = $1 AND launch.state IN ('OPEN', 'CLAIMED')
        AND coalesce(launch.lease_expires_at, launch.claimable_at) <= $2
        AND launch.kind = ANY($3::text[])
        AND EXISTS (SELECT FROM instances AS instance WHERE instance.id = launch.instance_id
          AND ($4::uuid[] IS NULL OR instance.cloud_id = ANY($4::uuid[]))
          AND (launch.kind = 'LAUNCH' OR instance.resource_uid IS NOT NULL OR launch.launch_order_id IS NOT NULL))
        AND (launch.kind <> 'TERMINATE' OR NOT EXISTS (SELECT FROM launch_orders AS bundle
          WHERE bundle.instance_id = launch.instance_id AND bundle.kind = 'BUNDLE' AND bundle.state = 'CLAIMED'
            AND bundle.lease_expires_at > $2))
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
  /** The LAUNCH order by which a machine to terminate is found; `null`: its `resourceUid` was always known. */
  readonly launchOrderId: string | null;
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
            instance.resource_uid AS "resourceUid", launch.launch_order_id AS "launchOrderId",
            image.resource_uid AS "imageResourceUid",
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
  await manager.update(
    LaunchOrder,
    { id },
    { failure: null, ...outcome, leaseExpiresAt: null, completedAt: now },
  );
}

/** Gives a locked order back, so that somebody tries again from this moment on. */
export async function reopenOrder(
  manager: EntityManager,
  id: string,
  { failure, claimableAt }: { readonly failure: string; readonly claimableAt: Date },
): Promise<void> {
  await manager.update(LaunchOrder, { id }, { state: 'OPEN', leaseExpiresAt: null, failure, claimableAt });
}

/**
 * The launcher of a cancelled launch has answered: its machine can be looked for at once.
 *
 * @returns whether it could not be before
 */
export async function startSearch(
  manager: EntityManager,
  launch: Pick<LaunchOrder, 'id' | 'instanceId'>,
  now: Date,
): Promise<boolean> {
  const { affected } = await manager
    .createQueryBuilder()
    .update(LaunchOrder)
    .set({ claimableAt: now })
    .where(`instance_id = :instanceId AND launch_order_id = :id AND state = 'OPEN' AND attempts = 0`, {
      instanceId: launch.instanceId,
      id: launch.id,
    })
    .andWhere('claimable_at > :now', { now })
    .execute();
  return affected === 1;
}

/**
 * The machine of a locked instance became known: looking for it is void.
 *
 * @returns how many orders to do so there were
 */
export async function voidSearches(manager: EntityManager, instanceId: string, now: Date): Promise<number> {
  const { affected } = await manager
    .createQueryBuilder()
    .update(LaunchOrder)
    .set({ state: 'COMPLETED', claimId: null, leaseExpiresAt: null, failure: null, completedAt: now })
    .where(`instance_id = :instanceId AND launch_order_id IS NOT NULL`, { instanceId })
    .andWhere(`state IN ('OPEN', 'CLAIMED')`)
    .execute();
  return affected ?? 0;
}

/**
 * The machine of a TERMINATED instance is gone: it needs no ending any more. What waits for a launcher, which may still
 * call the cloud, stays.
 *
 * @returns the orders
 */
export async function closeTerminations(
  manager: EntityManager,
  instanceId: string,
  now: Date,
): Promise<string[]> {
  const [rows] = await manager.query<[{ id: string }[], number]>(
    `UPDATE launch_orders SET state = 'COMPLETED', failure = NULL, lease_expires_at = NULL, completed_at = $2
      WHERE instance_id = $1 AND kind = 'TERMINATE' AND state IN ('OPEN', 'CLAIMED')
        AND (attempts > 0 OR claimable_at <= $2)
     RETURNING id`,
    [instanceId, now],
  );
  return rows.map(({ id }) => id);
}

/**
 * A credential is used: the token that it was exchanged for can be used no more. The instance is locked first, so that a
 * credential that is being replaced just now spends nothing.
 */
export async function spendEnrolment(manager: EntityManager, credentialHash: Buffer): Promise<void> {
  await manager.query(
    `WITH enrolled AS (SELECT id FROM instances WHERE credential_hash = $1 FOR NO KEY UPDATE)
     UPDATE launch_orders AS launch SET enrolment_hash = NULL FROM enrolled
      WHERE launch.instance_id = enrolled.id AND launch.enrolment_hash IS NOT NULL`,
    [credentialHash],
  );
}

/**
 * Closes what is still to be done about machines that are gone: they need no ending any more, and launching or bundling
 * them failed. A bundle that was ever claimed is left to its launchers: the cloud may have taken its copy already.
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
     WHERE instance_id = ANY($1::uuid[]) AND state IN ('WAITING', 'OPEN', 'CLAIMED')
       AND (kind <> 'BUNDLE' OR attempts = 0)
     RETURNING image_id`,
    [instanceIds, failure, now],
  );
  return rows.flatMap(({ image_id: imageId }) => imageId ?? []);
}

/**
 * what waited for the end of these instances can be claimed when nothing else of its server runs. The orders are
 * locked before that is asked: of machines that end at the same time, the later one sees the earlier one's end.
 */
export async function openWaitingOrders(
  manager: EntityManager,
  instanceIds: readonly string[],
  now: Date,
): Promise<void> {
  const waiting = await manager.query<{ id: string }[]>(
    `SELECT launch.id FROM launch_orders AS launch
      WHERE launch.state = 'WAITING' AND launch.instance_id IN (
        SELECT sibling.id FROM instances AS ended JOIN instances AS sibling ON sibling.server_id = ended.server_id
         WHERE ended.id = ANY($1::uuid[]) AND sibling.state = 'PENDING')
      ORDER BY launch.id FOR NO KEY UPDATE OF launch`,
    [instanceIds],
  );
  if (waiting.length === 0) return;
  await manager.query(
    `UPDATE launch_orders AS launch SET state = 'OPEN', claimable_at = $2
       FROM instances AS own
      WHERE launch.id = ANY($1::uuid[]) AND own.id = launch.instance_id AND NOT EXISTS (
        SELECT FROM instances AS other
         WHERE other.server_id = own.server_id AND other.id <> own.id AND other.state <> 'TERMINATED')`,
    [waiting.map(({ id }) => id), now],
  );
}

/** Those of the instances that have a TERMINATE order in one of these states; unless told, that somebody is to end, or ends just now. */
export async function withTerminateOrder(
  manager: EntityManager,
  instanceIds: readonly string[],
  states: readonly OrderState[] = ['OPEN', 'CLAIMED'],
): Promise<Set<string>> {
  const rows = await manager
    .createQueryBuilder(LaunchOrder, 'launch')
    .select('launch.instance_id', 'instanceId')
    .where(`launch.instance_id = ANY(:instanceIds) AND launch.kind = 'TERMINATE'`, { instanceIds })
    .andWhere('launch.state = ANY(:states)', { states })
    .getRawMany<{ instanceId: string }>();
  return new Set(rows.map(({ instanceId }) => instanceId));
}
