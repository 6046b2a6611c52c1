import { invalid } from '../domain/errors';
import type { Instance } from '../entities/instance';
import { setResourceUid } from '../persistence/instance-store';
import { endFoundMachine } from '../persistence/launch-order-store';
import type { Transaction } from '../persistence/unit-of-work';

/**
 * Who drives the cloud said which machine a locked instance is. One that came after its instance had ended is ended by
 * that id, whatever a launcher that looks for it finds.
 *
 * @throws DomainError INVALID when another instance, which has not ended, is that machine
 */
export async function identifyMachine(
  tx: Transaction,
  instance: Pick<Instance, 'id' | 'accountId' | 'cloudId' | 'state'>,
  resourceUid: string,
): Promise<void> {
  if (!(await setResourceUid(tx.manager, instance, resourceUid)))
    throw invalid(
      `\`resourceUid\` is ${resourceUid}, a machine that another instance of this account in this cloud is: give this instance's own, or report the other one TERMINATED first, if that has ended.`,
      'input',
      'resourceUid',
    );
  if (instance.state === 'TERMINATED') await endFoundMachine(tx.manager, instance.id, tx.now);
}
