import { invalid } from '../../domain/errors';
import type { Instance } from '../../entities/servers/instance';
import { setResourceUid } from '../../persistence/servers/instance-store';
import { insertOrders, voidSearches } from '../../persistence/servers/launch-order-store';
import type { Transaction } from '../../persistence/unit-of-work';

/**
 * Who drives the cloud said which machine a locked instance is. One that is looked for in order to be ended is ended by
 * that id, by an order of its own: whoever looks for it may have missed it.
 *
 * @throws DomainError INVALID when another instance, which has not ended, is that machine
 */
export async function identifyMachine(
  tx: Transaction,
  instance: Pick<Instance, 'id' | 'accountId' | 'cloudId' | 'resourceUid'>,
  resourceUid: string,
): Promise<void> {
  if (!(await setResourceUid(tx.manager, instance, resourceUid)))
    throw invalid(
      `\`resourceUid\` is ${resourceUid}, a machine that another instance of this account in this cloud is: give this instance's own, or report the other one TERMINATED first, if that has ended.`,
      'input',
      'resourceUid',
    );
  if (instance.resourceUid !== null) return;
  const { id, accountId } = instance;
  if ((await voidSearches(tx.manager, id, tx.now)) > 0)
    await insertOrders(tx.manager, { accountId, kind: 'TERMINATE', instanceIds: [id] }, tx.now);
}
