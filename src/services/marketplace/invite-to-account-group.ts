import { hashToken } from '../../domain/access/token';
import { membershipCodeExpiry, mintMembershipCode } from '../../domain/marketplace/membership-code';
import { insertInvitation } from '../../persistence/marketplace/account-group-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { recordGroup, shareOwnGroup } from './lock-account-group';

export interface Invitation {
  /** It can't be read again: only its hash is stored. */
  readonly membershipCode: string;
  readonly expiresAt: Date;
}

/** Makes a code with which an admin of one other account gives that account access. @throws DomainError NOT_FOUND */
export async function inviteToAccountGroup(context: ActionContext, id: string): Promise<Invitation> {
  return unitOfWork(context, async (tx) => {
    const group = await shareOwnGroup(tx, id);
    const membershipCode = mintMembershipCode();
    const expiresAt = membershipCodeExpiry(tx.now);
    await insertInvitation(tx.manager, {
      accountGroupId: group.id,
      codeHash: hashToken(membershipCode),
      createdById: tx.principal.userId,
      createdAt: tx.now,
      expiresAt,
    });
    await recordGroup(tx, 'invite', group.id, { expiresAt });
    return { membershipCode, expiresAt };
  });
}
