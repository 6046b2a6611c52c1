import { assertSameResourceUid } from '../../domain/servers/resource-uid';
import type { OrderState } from '../../domain/servers/launch-order';
import type { Instance } from '../../entities/servers/instance';
import { withTerminateOrder } from '../../persistence/servers/launch-order-store';
import type { Transaction } from '../../persistence/unit-of-work';
import { orderTermination } from './end-instances';
import { identifyMachine } from './identify-machine';

/**
 * A machine is there whose locked instance has ended, or is to end: it is ended, too. Whether it is to be already, only
 * the orders tell: its id may have been known before.
 *
 * @param settled orders in these states have seen to a machine that was known
 * @returns whether that is news
 * @throws DomainError INVALID when the instance is another machine, or the machine another instance's, which has not ended
 */
export async function endLateMachine(
  tx: Transaction,
  instance: Instance,
  resourceUid: string,
  settled: readonly OrderState[],
): Promise<boolean> {
  const known = instance.resourceUid !== null;
  assertSameResourceUid(instance.resourceUid, resourceUid);
  // What was ordered before the machine was known may not have found it.
  const states = known ? settled : UNDER_WAY;
  if (known && (await isOrdered(tx, instance, states))) return false;
  await identifyMachine(tx, instance, resourceUid);
  if (!(await isOrdered(tx, instance, states))) await orderTermination(tx, [{ ...instance, resourceUid }]);
  return true;
}

/** Of orders that somebody is to carry out, or carries out just now. */
export const UNDER_WAY: readonly OrderState[] = ['OPEN', 'CLAIMED'];

const isOrdered = async (
  tx: Transaction,
  { id }: Instance,
  states: readonly OrderState[],
): Promise<boolean> => (await withTerminateOrder(tx.manager, [id], states)).size > 0;
