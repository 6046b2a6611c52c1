import { invalid } from '../domain/errors';
import { assertMove } from '../domain/servers/instance-state';
import { assertClaimHolds, assertCompletion } from '../domain/servers/launch-order';
import { assertResourceUid } from '../domain/servers/resource-uid';
import { completeBundle } from '../persistence/bundle-store';
import { moveInstances, updateInstance } from '../persistence/instance-store';
import { closeOrder } from '../persistence/launch-order-store';
import { unitOfWork, type ActionContext, type Transaction } from '../persistence/unit-of-work';
import { endInstances, orderTermination } from './end-instances';
import { lockOwnOrder, recordOrder, type LockedOrder } from './lock-order';

export interface CompleteLaunchOrder {
  readonly orderId: string;
  readonly claimId: string;
  /** The cloud's id of the machine (LAUNCH) or the image (BUNDLE); `null` for TERMINATE. */
  readonly resourceUid: string | null;
}

/**
 * The cloud did what an order asks for. Said again under the same claim, it changes nothing.
 *
 * @returns the key of the order
 * @throws DomainError NOT_FOUND or INVALID
 */
export function completeLaunchOrder(
  context: ActionContext,
  { orderId, claimId, resourceUid }: CompleteLaunchOrder,
): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const locked = await lockOwnOrder(tx, orderId);
    const { order } = locked;
    assertCompletion(order.kind, resourceUid);
    if (resourceUid !== null) assertResourceUid(resourceUid);
    if (order.claimId === claimId && order.state === 'COMPLETED') assertSameMachine(locked, resourceUid);
    else if (
      order.claimId === claimId &&
      order.state === 'FAILED' &&
      resourceUid !== null &&
      order.kind === 'LAUNCH'
    )
      await endLateMachine(tx, locked, resourceUid);
    else {
      assertClaimHolds(order, claimId, tx.now);
      await COMPLETIONS[order.kind](tx, locked, resourceUid ?? '');
      await recordOrder(tx, order, 'complete', { resourceUid });
    }
    return orderId;
  });
}

const COMPLETIONS = {
  LAUNCH: completeLaunch,
  TERMINATE: completeTermination,
  BUNDLE: completeBundling,
} as const;

async function completeLaunch(
  tx: Transaction,
  { order, instance }: LockedOrder,
  resourceUid: string,
): Promise<void> {
  if (instance.state === 'PENDING') {
    const state = assertMove(instance.state, 'ORDER_TAKEN', 'input', 'orderId');
    await moveInstances(tx.manager, [instance.id], { state, stateReason: null, resourceUid }, tx.now);
  }
  // Its machine enrolled before.
  else await updateInstance(tx.manager, instance.id, { resourceUid });
  await closeOrder(tx.manager, order.id, { state: 'COMPLETED' }, tx.now);
}

/** An instance that ended otherwise meanwhile has closed its orders; this one is of a machine that came too late. */
async function completeTermination(tx: Transaction, { order, instance }: LockedOrder): Promise<void> {
  if (instance.state === 'TERMINATED') await closeOrder(tx.manager, order.id, { state: 'COMPLETED' }, tx.now);
  else await endInstances(tx, [instance], 'ENDED', instance.stateReason);
}

async function completeBundling(
  tx: Transaction,
  { order, instance }: LockedOrder,
  resourceUid: string,
): Promise<void> {
  const image = { id: order.imageId ?? '', accountId: order.accountId, cloudId: instance.cloudId };
  if (!(await completeBundle(tx.manager, image, resourceUid, tx.now)))
    throw invalid(
      'This account already has an image with this `resourceUid` in this cloud, perhaps by an import: fail the order, and use that image.',
      'input',
      'resourceUid',
    );
  await closeOrder(tx.manager, order.id, { state: 'COMPLETED' }, tx.now);
}

/** The launcher may not know whether its first answer arrived; but it can't have launched two machines. */
function assertSameMachine({ order, instance }: LockedOrder, resourceUid: string | null): void {
  if (order.kind === 'LAUNCH' && instance.resourceUid !== resourceUid)
    throw invalid(
      `The order was completed with the machine ${instance.resourceUid}: end the machine ${resourceUid}, which belongs to nobody.`,
      'input',
      'resourceUid',
    );
}

/** The launch was cancelled while the launcher was calling the cloud: the machine is there, and has to be ended. */
async function endLateMachine(
  tx: Transaction,
  { order, instance }: LockedOrder,
  resourceUid: string,
): Promise<void> {
  if (instance.resourceUid !== null) return assertSameMachine({ order, instance }, resourceUid);
  await updateInstance(tx.manager, instance.id, { resourceUid });
  await orderTermination(tx, [instance.id]);
  await recordOrder(tx, order, 'complete', { resourceUid, tooLate: true });
}
