import { hashToken } from '../../domain/access/token';
import {
  alreadyMember,
  normalMembershipCode,
  ownMembershipCode,
  unknownMembershipCode,
} from '../../domain/marketplace/membership-code';
import type { OrganizationFields } from '../../domain/marketplace/organization';
import { insertMember, shareGroupOfCode, spendCode } from '../../persistence/marketplace/account-group-store';
import { organizationOf } from '../../persistence/marketplace/organization-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { recordGroup } from './lock-account-group';

/**
 * Gives the acting account access to the group that a membership code is for; the code is used up.
 *
 * @returns as which the publisher publishes; `null`: it has not said yet. The group itself stays its own affair.
 * @throws DomainError NOT_FOUND for a code that gives no access, INVALID for the publisher itself and for who has access
 */
export async function acceptInvitation(
  context: ActionContext,
  membershipCode: string,
): Promise<OrganizationFields | null> {
  const codeHash = hashToken(normalMembershipCode(membershipCode));
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    const group = await shareGroupOfCode(tx.manager, codeHash);
    // Of two who use it at once, the second waits here until the first is done, and then finds it used.
    if (group === null || !(await spendCode(tx.manager, codeHash, tx.now))) throw unknownMembershipCode();
    if (group.accountId === accountId) throw ownMembershipCode();
    if (!(await insertMember(tx.manager, group.id, accountId, tx.now))) throw alreadyMember();
    const publisher = await organizationOf(tx.manager, group.accountId);
    await recordGroup(tx, 'join', group.id, { publisher: publisher?.name ?? null });
    return publisher;
  });
}
