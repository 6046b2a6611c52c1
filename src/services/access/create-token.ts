import { randomUUID } from 'node:crypto';
import { planToken, type TokenRequest } from '../../domain/access/new-token';
import { accountOf } from '../../domain/access/principal';
import { hashToken, mintToken } from '../../domain/access/token';
import type { Role } from '../../domain/access/roles';
import { notFound } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { recordAudit } from '../../persistence/access/audit-store';
import { insertToken } from '../../persistence/access/token-store';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { rolesOfMember } from '../../persistence/access/user-store';

export interface CreateTokenInput extends TokenRequest {
  /** The key of a member of the account; none: a token of a machine. */
  readonly userId?: string | null;
}

export interface CreatedToken {
  readonly id: string;
  /** The secret. It can't be read again: only its hash is stored. */
  readonly token: string;
}

/** Makes an access token of the account. */
export async function createToken(context: ActionContext, input: CreateTokenInput): Promise<CreatedToken> {
  return unitOfWork(context, async (tx) => {
    const accountId = accountOf(tx.principal);
    const userId = input.userId ?? null;
    const granted = userId === null ? null : await grantedRoles(tx, accountId, userId);
    const plan = planToken(input, granted, tx.now);
    const id = randomUUID();
    const token = mintToken();
    await insertToken(tx.manager, {
      id,
      accountId,
      userId,
      ...plan,
      tokenHash: hashToken(token),
      createdAt: tx.now,
    });
    await recordAudit(tx, {
      action: 'accessToken.create',
      objectType: 'AccessToken',
      objectId: id,
      changes: { ...plan, userId: userId === null ? null : toGlobalId('User', userId) },
    });
    return { id, token };
  });
}

async function grantedRoles(tx: Transaction, accountId: string, userId: string): Promise<Role[]> {
  const granted = await rolesOfMember(tx.manager, accountId, userId);
  if (granted === null) throw notFound('user', 'input', 'userId');
  return granted;
}
