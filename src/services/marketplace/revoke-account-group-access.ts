import { notFound } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { deleteMember } from '../../persistence/marketplace/account-group-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { recordGroup, shareOwnGroup } from './lock-account-group';

export interface RevokeAccountGroupAccess {
  /** The group's key. */
  readonly id: string;
  /** The member's key. */
  readonly accountId: string;
}

/**
 * Ends an account's access through a group. What it imported stays with it.
 *
 * @returns the group's key
 * @throws DomainError NOT_FOUND
 */
export async function revokeAccountGroupAccess(
  context: ActionContext,
  { id, accountId }: RevokeAccountGroupAccess,
): Promise<string> {
  return unitOfWork(context, async (tx) => {
    await shareOwnGroup(tx, id);
    if (!(await deleteMember(tx.manager, id, accountId)))
      throw notFound('account with access through this group', 'input', 'accountId');
    await recordGroup(tx, 'revokeAccess', id, { accountId: toGlobalId('Account', accountId) });
    return id;
  });
}
