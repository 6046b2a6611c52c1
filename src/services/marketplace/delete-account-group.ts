import { assertNoMembers } from '../../domain/marketplace/account-group';
import { countMembers, deleteAccountGroupRow } from '../../persistence/marketplace/account-group-store';
import { lockLineagesOfferedTo } from '../../persistence/marketplace/publication-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { lockOwnGroup, recordGroup } from './lock-account-group';

/**
 * Deletes a group that gives access to nobody; its codes stop working, and nothing is offered to it any more.
 *
 * @throws DomainError NOT_FOUND, or IN_USE while an account has access
 */
export async function deleteAccountGroup(context: ActionContext, id: string): Promise<void> {
  return unitOfWork(context, async (tx) => {
    // What is offered to nobody else may come to be superseded.
    await lockLineagesOfferedTo(tx.manager, actingViewer(tx).accountId, id);
    const group = await lockOwnGroup(tx, id);
    assertNoMembers(await countMembers(tx.manager, id));
    await deleteAccountGroupRow(tx.manager, id);
    await recordGroup(tx, 'delete', id, { name: group.name });
  });
}
