import { accountOf } from '../../domain/access/principal';
import { notFound } from '../../domain/errors';
import { recordAudit } from '../../persistence/access/audit-store';
import { accountOfToken, markRevoked } from '../../persistence/access/token-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';

export interface RevokeTokenInput {
  /** The token's key. */
  readonly id: string;
}

/** Ends a token of the account at once. What is revoked already stays as it is. Returns the token's key. */
export async function revokeToken(context: ActionContext, { id }: RevokeTokenInput): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const accountId = accountOf(tx.principal);
    if (await markRevoked(tx.manager, accountId, id, tx.now))
      await recordAudit(tx, {
        action: 'accessToken.revoke',
        objectType: 'AccessToken',
        objectId: id,
        changes: { revokedAt: tx.now },
      });
    else if ((await accountOfToken(tx.manager, id)) !== accountId)
      throw notFound('access token', 'input', 'id');
    return id;
  });
}
