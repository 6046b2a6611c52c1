import { assertLive } from '../../domain/servers/assert-current';
import { planArrayLaunch } from '../../domain/servers/array-launch';
import { countLaunched } from '../../persistence/servers/instance-store';
import { countRunning } from '../../persistence/servers/server-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { lockToChange, recordDefined } from '../edit-defined';
import { freezeNext, instanceGlobalIds, launchInstances } from './launch-instances';

/** What was launched of an array. */
export interface LaunchedArray {
  readonly id: string;
  readonly instanceIds: readonly string[];
}

/**
 * Launches more instances of an array, within its maximum, all with what its next configuration is now.
 *
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, INVALID, LIMIT_EXCEEDED, or whatever blocks the launch
 */
export function launchServerArray(
  context: ActionContext,
  { id, count }: { readonly id: string; readonly count: number },
): Promise<LaunchedArray> {
  return unitOfWork(context, async (tx) => {
    const array = await lockToChange(tx, 'ServerArray', id);
    assertLive('ServerArray', array);
    const names = planArrayLaunch(array, {
      count,
      running: await countRunning(tx.manager, 'ServerArray', id),
      launched: await countLaunched(tx.manager, id),
    });
    const frozen = await freezeNext(tx, array);
    const instanceIds = await launchInstances(tx, {
      definition: array,
      frozen,
      names,
      waiting: false,
    });
    await recordDefined(tx, 'ServerArray', id, 'launch', { instances: instanceGlobalIds(instanceIds) });
    return { id, instanceIds };
  });
}
