import { DomainError } from '../../domain/errors';
import { DEFINED_NAMES, type ServerType } from '../../domain/servers/defined-type';
import { countRunning, markDefinedDeleted } from '../../persistence/servers/server-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { lockToDelete, recordDefined } from '../edit-defined';

/**
 * Deletes a server or array of which nothing runs; what it launched is kept.
 *
 * @throws DomainError NOT_FOUND, or ALREADY_RUNNING
 */
export async function deleteDefinition(context: ActionContext, type: ServerType, id: string): Promise<void> {
  return unitOfWork(context, async (tx) => {
    const { name } = await lockToDelete(tx, type, id);
    const running = await countRunning(tx.manager, type, id);
    if (running > 0)
      throw new DomainError(
        'ALREADY_RUNNING',
        `The ${DEFINED_NAMES[type]} has ${running} running ${running === 1 ? 'instance' : 'instances'}: terminate first, and delete once nothing runs.`,
        { path: ['input', 'id'] },
      );
    await markDefinedDeleted(tx.manager, type, id, tx.now);
    await recordDefined(tx, type, id, 'delete', { name });
  });
}
