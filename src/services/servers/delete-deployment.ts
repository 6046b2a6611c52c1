import { DomainError } from '../../domain/errors';
import { deploymentContents, markDefinedDeleted } from '../../persistence/servers/server-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { lockToDelete, recordDefined } from '../edit-defined';

/**
 * Deletes a deployment that holds nothing any more.
 *
 * @throws DomainError NOT_FOUND, or IN_USE with its servers and arrays
 */
export async function deleteDeployment(context: ActionContext, id: string): Promise<void> {
  return unitOfWork(context, async (tx) => {
    const { name } = await lockToDelete(tx, 'Deployment', id);
    const contents = await deploymentContents(tx.manager, id);
    if (contents.servers.length + contents.serverArrays.length > 0)
      throw new DomainError(
        'IN_USE',
        'The deployment still has servers or server arrays: delete them, or move them to another deployment.',
        { path: ['input', 'id'], contents },
      );
    await markDefinedDeleted(tx.manager, 'Deployment', id, tx.now);
    await recordDefined(tx, 'Deployment', id, 'delete', { name });
  });
}
