import { DomainError } from '../../domain/errors';
import type { ServerType } from '../../domain/servers/defined-type';
import { lockRunningInstances } from '../../persistence/servers/instance-store';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { lockToChange, recordDefined } from '../edit-defined';
import { terminateInstances, type Terminated } from './end-instances';
import { instanceGlobalIds } from './launch-instances';

/**
 * Ends whatever runs of a server. Asked again while it is DECOMMISSIONING, it orders that anew if an earlier order
 * failed, and else changes nothing.
 *
 * @returns the key of the server
 * @throws DomainError NOT_FOUND or NOT_RUNNING
 */
export function terminateServer(context: ActionContext, { id }: { readonly id: string }): Promise<string> {
  return unitOfWork(context, async (tx) => {
    await lockToChange(tx, 'Server', id);
    const running = await lockRunningInstances(tx.manager, 'Server', id);
    if (running.length === 0)
      throw notRunning('The server has no running instance: `launchServer` starts one.', 'id');
    await recordTermination(tx, 'Server', id, await terminateInstances(tx, running));
    return id;
  });
}

export const notRunning = (message: string, field: string): DomainError =>
  new DomainError('NOT_RUNNING', message, { path: ['input', field] });

export async function recordTermination(
  tx: Transaction,
  type: ServerType,
  id: string,
  { cancelled, decommissioned, orderedAgain }: Terminated,
): Promise<void> {
  if (cancelled.length + decommissioned.length + orderedAgain.length === 0) return;
  await recordDefined(tx, type, id, 'terminate', {
    cancelled: instanceGlobalIds(cancelled),
    decommissioned: instanceGlobalIds(decommissioned),
    orderedAgain: instanceGlobalIds(orderedAgain),
  });
}
