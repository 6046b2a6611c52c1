import { INSTANCE_MOVES, assertMove, type InstanceCause } from '../../domain/servers/instance-state';
import { endMachineFrom, leaseEnd, type PendingEnd } from '../../domain/servers/launch-order';
import type { Instance } from '../../entities/servers/instance';
import { failImages } from '../../persistence/servers/bundle-store';
import { moveInstances } from '../../persistence/servers/instance-store';
import {
  closeOrdersOfEnded,
  failLaunches,
  insertOrders,
  insertSearches,
  lockLaunches,
  openWaitingOrders,
  withTerminateOrder,
  type NewSearch,
} from '../../persistence/servers/launch-order-store';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

/** Why machines end. */
type EndCause = Extract<InstanceCause, 'CLOUD_FAILED' | 'CANCELLED' | 'ENDED' | 'GONE'>;

type Moving = Pick<Instance, 'id' | 'state'>;

type Leaving = Pick<Instance, 'id' | 'state' | 'resourceUid'>;

/**
 * Locked instances become TERMINATED: what was to be done about them is closed, and what waited for their end begins. The
 * machine that a launcher may have made, or makes just now, for one that was PENDING is ordered to be ended.
 */
export async function endInstances(
  tx: Transaction,
  instances: readonly Moving[],
  cause: EndCause,
  reason: string | null,
): Promise<void> {
  if (instances.length === 0) return;
  for (const { state } of instances) assertMove(state, cause, 'input');
  const ids = instances.map(({ id }) => id);
  const searches = cause === 'ENDED' ? [] : await searchesFor(tx, instances, cause);
  await moveInstances(tx.manager, ids, { state: INSTANCE_MOVES[cause].to, stateReason: reason }, tx.now);
  const failure = reason ?? 'The instance has ended.';
  await failImages(tx.manager, await closeOrdersOfEnded(tx.manager, ids, failure, tx.now), tx.now);
  if (searches.length > 0) await insertSearches(tx.manager, actingViewer(tx).accountId, searches, tx.now);
  await openWaitingOrders(tx.manager, ids, tx.now);
}

/** Before their LAUNCH orders are closed. */
async function searchesFor(
  tx: Transaction,
  instances: readonly Moving[],
  cause: PendingEnd,
): Promise<NewSearch[]> {
  const pending = instances.filter(({ state }) => state === 'PENDING').map(({ id }) => id);
  const launches = pending.length > 0 ? await lockLaunches(tx.manager, pending) : [];
  return launches.flatMap(({ id: launchOrderId, instanceId, ...launch }) => {
    const claimableAt = endMachineFrom(launch, cause, tx.now);
    return claimableAt === null ? [] : [{ instanceId, launchOrderId, claimableAt }];
  });
}

/**
 * Locked instances become DECOMMISSIONING, and a launcher is told to end their machines. A LAUNCH order that is not
 * completed, because the machine enrolled or was reported before its launcher answered, is closed: nobody launches it again.
 */
export async function decommissionInstances(
  tx: Transaction,
  instances: readonly Leaving[],
  reason: string | null,
): Promise<void> {
  if (instances.length === 0) return;
  for (const { state } of instances) assertMove(state, 'DECOMMISSIONED', 'input');
  const ids = instances.map(({ id }) => id);
  await moveInstances(tx.manager, ids, { state: 'DECOMMISSIONING', stateReason: reason }, tx.now);
  await orderTermination(tx, instances);
  await failLaunches(tx.manager, ids, reason ?? 'The instance is decommissioned.', tx.now);
}

/** What was done to end instances. */
export interface Terminated {
  /** Ended at once: no machine was known to have been made. */
  readonly cancelled: readonly string[];
  /** To be ended by a launcher. */
  readonly decommissioned: readonly string[];
  /** Decommissioning before, but nobody was told to end them any more: somebody is now. */
  readonly orderedAgain: readonly string[];
}

/**
 * Ends locked running instances, in a bounded number of statements. One that is PENDING is cancelled: should a
 * launcher have called the cloud, its machine is ended when the launcher answers or, if it never does, is looked for.
 */
export async function terminateInstances(
  tx: Transaction,
  instances: readonly Leaving[],
): Promise<Terminated> {
  const pending = instances.filter(({ state }) => state === 'PENDING');
  const leaving = instances.filter(({ state }) => state === 'DECOMMISSIONING');
  const others = instances.filter(({ state }) => state !== 'PENDING' && state !== 'DECOMMISSIONING');
  await endInstances(tx, pending, 'CANCELLED', 'Cancelled before the cloud took the call.');
  await decommissionInstances(tx, others, null);
  const again = await withoutTermination(tx, leaving);
  await orderTermination(tx, again);
  return {
    cancelled: pending.map(({ id }) => id),
    decommissioned: others.map(({ id }) => id),
    orderedAgain: again.map(({ id }) => id),
  };
}

async function withoutTermination(tx: Transaction, leaving: readonly Leaving[]): Promise<Leaving[]> {
  if (leaving.length === 0) return [];
  const ids = leaving.map(({ id }) => id);
  const ordered = await withTerminateOrder(tx.manager, ids);
  return leaving.filter(({ id }) => !ordered.has(id));
}

/**
 * Tells a launcher to end the machines of locked instances: by their ids or, where nobody has told that, by the LAUNCH
 * orders that they were made with, once whoever works on those has to be done.
 */
export async function orderTermination(
  tx: Transaction,
  instances: readonly Pick<Instance, 'id' | 'resourceUid'>[],
): Promise<void> {
  const { accountId } = actingViewer(tx);
  const unknown = instances.filter(({ resourceUid }) => resourceUid === null).map(({ id }) => id);
  const launches = unknown.length > 0 ? await lockLaunches(tx.manager, unknown) : [];
  const searches = launches.map(({ id: launchOrderId, instanceId, leaseExpiresAt }) => ({
    instanceId,
    launchOrderId,
    claimableAt: leaseEnd(leaseExpiresAt, tx.now) ?? tx.now,
  }));
  const searched = new Set(searches.map(({ instanceId }) => instanceId));
  const instanceIds = instances.map(({ id }) => id).filter((id) => !searched.has(id));
  if (instanceIds.length > 0)
    await insertOrders(tx.manager, { accountId, kind: 'TERMINATE', instanceIds }, tx.now);
  if (searches.length > 0) await insertSearches(tx.manager, accountId, searches, tx.now);
}
