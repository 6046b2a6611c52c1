import { INSTANCE_MOVES, assertMove, type InstanceCause } from '../domain/servers/instance-state';
import { endMachineFrom, type PendingEnd } from '../domain/servers/launch-order';
import type { Instance } from '../entities/instance';
import { failImages } from '../persistence/bundle-store';
import { moveInstances } from '../persistence/instance-store';
import {
  closeOrdersOfEnded,
  insertOrders,
  insertSearches,
  lockLaunches,
  openWaitingOrders,
  withTerminateOrder,
  type NewSearch,
} from '../persistence/launch-order-store';
import type { Transaction } from '../persistence/unit-of-work';
import { actingViewer } from './acting-viewer';

/** Why machines end. */
type EndCause = Extract<InstanceCause, 'CLOUD_FAILED' | 'CANCELLED' | 'ENDED' | 'GONE'>;

type Moving = Pick<Instance, 'id' | 'state'>;

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

/** Locked instances become DECOMMISSIONING, and a launcher is told to end their machines. */
export async function decommissionInstances(
  tx: Transaction,
  instances: readonly Moving[],
  reason: string | null,
): Promise<void> {
  if (instances.length === 0) return;
  for (const { state } of instances) assertMove(state, 'DECOMMISSIONED', 'input');
  const ids = instances.map(({ id }) => id);
  await moveInstances(tx.manager, ids, { state: 'DECOMMISSIONING', stateReason: reason }, tx.now);
  await orderTermination(tx, ids);
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
export async function terminateInstances(tx: Transaction, instances: readonly Moving[]): Promise<Terminated> {
  const pending = instances.filter(({ state }) => state === 'PENDING');
  const leaving = instances.filter(({ state }) => state === 'DECOMMISSIONING').map(({ id }) => id);
  const others = instances.filter(({ state }) => state !== 'PENDING' && state !== 'DECOMMISSIONING');
  await endInstances(tx, pending, 'CANCELLED', 'Cancelled before the cloud took the call.');
  await decommissionInstances(tx, others, null);
  const ordered = leaving.length > 0 ? await withTerminateOrder(tx.manager, leaving) : new Set<string>();
  const orderedAgain = leaving.filter((id) => !ordered.has(id));
  if (orderedAgain.length > 0) await orderTermination(tx, orderedAgain);
  return {
    cancelled: pending.map(({ id }) => id),
    decommissioned: others.map(({ id }) => id),
    orderedAgain,
  };
}

export function orderTermination(tx: Transaction, instanceIds: readonly string[]): Promise<void> {
  const { accountId } = actingViewer(tx);
  return insertOrders(tx.manager, { accountId, kind: 'TERMINATE', instanceIds }, tx.now);
}
