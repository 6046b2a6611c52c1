import { DomainError } from '../../domain/errors';
import { assertLive } from '../../domain/servers/assert-current';
import { countRunning } from '../../persistence/servers/server-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { lockToChange, recordDefined } from '../edit-defined';
import { freezeNext, instanceGlobalIds, launchInstances } from './launch-instances';

/**
 * Launches a server: resolves its next configuration and freezes it into an instance.
 *
 * @returns the key of the server
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, ALREADY_RUNNING, or whatever blocks the launch
 */
export function launchServer(context: ActionContext, { id }: { readonly id: string }): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const server = await lockToChange(tx, 'Server', id);
    assertLive('Server', server);
    if ((await countRunning(tx.manager, 'Server', id)) > 0)
      throw new DomainError(
        'ALREADY_RUNNING',
        'The server has a running instance: terminate it and wait until it is TERMINATED, or use `relaunchServer`.',
        { path: ['input', 'id'] },
      );
    const frozen = await freezeNext(tx, server);
    const launch = { definition: server, frozen, names: [server.name], waiting: false };
    const instanceIds = await launchInstances(tx, launch);
    await recordDefined(tx, 'Server', id, 'launch', { instances: instanceGlobalIds(instanceIds) });
    return id;
  });
}
