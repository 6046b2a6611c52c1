import { invalid } from '../../domain/errors';
import { assertClaimHolds, retryAt } from '../../domain/servers/launch-order';
import { assertDescription } from '../../domain/text';
import { failImages } from '../../persistence/servers/bundle-store';
import { updateInstance } from '../../persistence/servers/instance-store';
import { closeOrder, reopenOrder, startSearch } from '../../persistence/servers/launch-order-store';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { decommissionInstances, endInstances } from './end-instances';
import { lockOwnOrder, recordOrder, type LockedOrder } from './lock-order';

export interface FailLaunchOrder {
  readonly orderId: string;
  readonly claimId: string;
  readonly reason: string;
}

/**
 * The cloud refused what an order asks for: a LAUNCH ends its instance or, when a machine has enrolled as that,
 * decommissions it; a BUNDLE fails its image; after a TERMINATE the instance stays DECOMMISSIONING, until somebody asks for
 * its end again; if it is TERMINATED, the order is tried again, at growing intervals. Said again under the same claim, it
 * changes nothing; said of a launch that was cancelled meanwhile, its machine is looked for at once, and the reason is
 * recorded.
 *
 * @returns the key of the order
 * @throws DomainError NOT_FOUND or INVALID
 */
export function failLaunchOrder(
  context: ActionContext,
  { orderId, claimId, reason }: FailLaunchOrder,
): Promise<string> {
  assertDescription(reason, 'input', 'reason');
  if (reason.trim() === '')
    throw invalid('`reason` is empty: say what the cloud answered.', 'input', 'reason');
  return unitOfWork(context, async (tx) => {
    const locked = await lockOwnOrder(tx, orderId);
    const { order } = locked;
    if (order.claimId === claimId && order.state === 'FAILED') {
      if (await startSearch(tx.manager, order, tx.now))
        await recordOrder(tx, order, 'fail', { reason, tooLate: true });
      return orderId;
    }
    assertClaimHolds(order, claimId, tx.now);
    await FAILURES[order.kind](tx, locked, reason);
    await recordOrder(tx, order, 'fail', { reason });
    return orderId;
  });
}

const FAILURES = {
  LAUNCH: async (tx: Transaction, { order, instance }: LockedOrder, reason: string) => {
    const { state, resourceUid } = instance;
    if (state === 'PENDING') return endInstances(tx, [instance], 'CLOUD_FAILED', reason);
    if (resourceUid !== null)
      throw invalid(
        `The instance is ${state}, and known as the machine ${resourceUid}: complete the order with that, or terminate what runs.`,
        'input',
        'orderId',
      );
    // An attempt made the machine that enrolled, and it has to be found: at once, since this launcher has answered.
    await decommissionInstances(tx, [instance], reason);
    await startSearch(tx.manager, order, tx.now);
  },
  TERMINATE: async (tx: Transaction, { order, instance }: LockedOrder, reason: string) => {
    // A machine that came after its instance had ended: nobody can ask for its end again.
    if (instance.state === 'TERMINATED') {
      const claimableAt = retryAt(order.attempts, tx.now);
      return reopenOrder(tx.manager, order.id, { failure: reason, claimableAt });
    }
    await closeOrder(tx.manager, order.id, { state: 'FAILED', failure: reason }, tx.now);
    await updateInstance(tx.manager, instance.id, { stateReason: reason });
  },
  BUNDLE: async (tx: Transaction, { order }: LockedOrder, reason: string) => {
    await closeOrder(tx.manager, order.id, { state: 'FAILED', failure: reason }, tx.now);
    await failImages(tx.manager, order.imageId === null ? [] : [order.imageId], tx.now);
  },
} as const;
