import { checkAccountGroup, type NewAccountGroup } from '../../domain/marketplace/account-group';
import { insertAccountGroup } from '../../persistence/marketplace/account-group-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { recordGroup } from './lock-account-group';

/** Makes an account group without members. @returns its key. @throws DomainError INVALID */
export async function createAccountGroup(context: ActionContext, input: NewAccountGroup): Promise<string> {
  const fields = checkAccountGroup(input);
  return unitOfWork(context, async (tx) => {
    const id = await insertAccountGroup(tx.manager, actingViewer(tx).accountId, fields, tx.now);
    await recordGroup(tx, 'create', id, fields);
    return id;
  });
}
