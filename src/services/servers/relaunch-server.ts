import { assertLive } from '../../domain/servers/assert-current';
import { lockRunningInstances } from '../../persistence/servers/instance-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { lockToChange, recordDefined } from '../edit-defined';
import { terminateInstances } from './end-instances';
import { freezeNext, instanceGlobalIds, launchInstances } from './launch-instances';
import { notRunning } from './terminate-server';

export interface RelaunchServer {
  readonly id: string;
  /** Whether the new machine may be launched before the old one has ended. */
  readonly immediately: boolean;
}

/**
 * Replaces what runs of a server by an instance of its next configuration: blocked, nothing happens; else the old
 * one is sent to its end, and the new one's order can be claimed once nothing else of the server runs, or at once.
 *
 * @returns the key of the server
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, NOT_RUNNING, or whatever blocks the launch
 */
export function relaunchServer(context: ActionContext, { id, immediately }: RelaunchServer): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const server = await lockToChange(tx, 'Server', id);
    assertLive('Server', server);
    const running = await lockRunningInstances(tx.manager, 'Server', id);
    if (running.length === 0)
      throw notRunning('The server has no running instance: use `launchServer`.', 'id');
    const frozen = await freezeNext(tx, server);
    const { cancelled } = await terminateInstances(tx, running);
    const leaving = running.length > cancelled.length;
    const launched = await launchInstances(tx, {
      definition: server,
      frozen,
      names: [server.name],
      waiting: leaving && !immediately,
    });
    await recordDefined(tx, 'Server', id, 'relaunch', {
      replaced: instanceGlobalIds(running.map((instance) => instance.id)),
      instances: instanceGlobalIds(launched),
      immediately,
    });
    return id;
  });
}
