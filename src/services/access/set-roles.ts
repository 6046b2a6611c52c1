import { accountOf } from '../../domain/access/principal';
import { planRoles, sameRoles } from '../../domain/access/role-change';
import type { Role } from '../../domain/access/roles';
import { recordAudit } from '../../persistence/access/audit-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { lockUserAndAdmins, updateRoles } from '../../persistence/access/user-store';

export interface SetRolesInput {
  /** The user's key. */
  readonly userId: string;
  /** All that the user may do from now on; empty: nothing. */
  readonly roles: readonly Role[];
}

/** Sets what a user may do in the account; it holds from the next request on. Returns the roles that the user has now. */
export async function setRoles(
  context: ActionContext,
  { userId, roles: wanted }: SetRolesInput,
): Promise<Role[]> {
  return unitOfWork(context, async (tx) => {
    const accountId = accountOf(tx.principal);
    const members = await lockUserAndAdmins(tx.manager, accountId, userId);
    const roles = planRoles(members, userId, wanted);
    const before = members.find((member) => member.userId === userId)?.roles ?? [];
    if (sameRoles(before, roles)) return roles;
    await updateRoles(tx.manager, accountId, userId, roles);
    await recordAudit(tx, {
      action: 'user.setRoles',
      objectType: 'User',
      objectId: userId,
      changes: { roles: { before, after: roles } },
    });
    return roles;
  });
}
