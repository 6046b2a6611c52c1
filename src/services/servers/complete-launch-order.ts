import { invalid } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { assertMove } from '../../domain/servers/instance-state';
import { assertClaimHolds, assertCompletion } from '../../domain/servers/launch-order';
import { assertResourceUid } from '../../domain/servers/resource-uid';
import type { Instance } from '../../entities/servers/instance';
import { bundleUid, completeBundle } from '../../persistence/servers/bundle-store';
import { moveInstances } from '../../persistence/servers/instance-store';
import { closeOrder } from '../../persistence/servers/launch-order-store';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { endInstances } from './end-instances';
import { endLateMachine, UNDER_WAY } from './end-late-machine';
import { identifyMachine } from './identify-machine';
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
    if (order.claimId === claimId && order.state === 'COMPLETED')
      await assertSameOutcome(tx, locked, resourceUid);
    else if (
      order.claimId === claimId &&
      order.state === 'FAILED' &&
      resourceUid !== null &&
      order.kind === 'LAUNCH'
    )
      await completeLate(tx, locked, resourceUid);
    else {
      assertClaimHolds(order, claimId, tx.now);
      const changes = await COMPLETIONS[order.kind](tx, locked, resourceUid ?? '');
      await recordOrder(tx, order, 'complete', { resourceUid, ...changes });
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
  if (instance.resourceUid !== null && instance.resourceUid !== resourceUid)
    throw invalid(
      `The instance is known as the machine ${instance.resourceUid}: end ${resourceUid}, which belongs to nobody, and complete the order with ${instance.resourceUid}.`,
      'input',
      'resourceUid',
    );
  await identifyMachine(tx, instance, resourceUid);
  // Else its machine enrolled before.
  if (instance.state === 'PENDING') {
    const state = assertMove(instance.state, 'ORDER_TAKEN', 'input', 'orderId');
    const { claimableAt } = order;
    await moveInstances(tx.manager, [instance.id], { state, stateReason: null, claimableAt }, tx.now);
  }
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
): Promise<object> {
  const image = { id: order.imageId ?? '', accountId: order.accountId, cloudId: instance.cloudId };
  const made = await completeBundle(tx.manager, image, resourceUid, tx.now);
  if (made === null)
    throw invalid(
      'This account already has an image with this `resourceUid` in this cloud, which is in use: fail the order, and use that image.',
      'input',
      'resourceUid',
    );
  await closeOrder(tx.manager, order.id, { state: 'COMPLETED' }, tx.now);
  return made.replacedId === null ? {} : { replacedImageId: toGlobalId('CloudImage', made.replacedId) };
}

/** The launcher may not know whether its first answer arrived; but it can't have made two machines, or images. */
async function assertSameOutcome(
  tx: Transaction,
  { order, instance }: LockedOrder,
  resourceUid: string | null,
): Promise<void> {
  if (order.kind === 'LAUNCH') assertSameMachine(instance, resourceUid);
  if (order.kind !== 'BUNDLE') return;
  const made = await bundleUid(tx.manager, order.imageId ?? '');
  if (made !== resourceUid)
    throw invalid(
      `The order was completed with the image ${made}: delete the image ${resourceUid}, which belongs to nobody.`,
      'input',
      'resourceUid',
    );
}

function assertSameMachine(instance: Instance, resourceUid: string | null): void {
  if (instance.resourceUid !== resourceUid)
    throw invalid(
      `The order was completed with the machine ${instance.resourceUid}: end the machine ${resourceUid}, which belongs to nobody.`,
      'input',
      'resourceUid',
    );
}

/** The instance ended, or is to end, while the launcher was calling the cloud: the machine is there, and has to be ended. */
async function completeLate(
  tx: Transaction,
  { order, instance }: LockedOrder,
  resourceUid: string,
): Promise<void> {
  if (instance.resourceUid !== null) assertSameMachine(instance, resourceUid);
  if (await endLateMachine(tx, instance, resourceUid, [...UNDER_WAY, 'COMPLETED', 'FAILED']))
    await recordOrder(tx, order, 'complete', { resourceUid, tooLate: true });
}
