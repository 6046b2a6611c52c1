import { ACCOUNT_HEADER, actingIn, namesAccount, type ActingAccount } from './account-principal';
import { AuthenticationError } from './authentication-error';
import type { AccountPrincipal } from './principal';
import { narrowRoles, withObserver, type Role } from './roles';

/** An access token as stored, with what its user may do now. */
export interface TokenFacts {
  readonly id: string;
  readonly name: string;
  readonly account: ActingAccount;
  /** `null`: a machine. */
  readonly user: { readonly id: string; readonly email: string; readonly roles: readonly Role[] } | null;
  /** Of a machine its roles; of a user those that the token is limited to, if any. */
  readonly roles: readonly Role[] | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/**
 * For whom a token acts. Its holder may learn why it is refused; a role taken from a user is gone at once.
 * @param header the account that the request names, if any: a token is bound to its own.
 */
export function principalOfToken(token: TokenFacts, header: string | null, now: Date): AccountPrincipal {
  if (token.revokedAt !== null)
    throw new AuthenticationError('REVOKED', 'This token was revoked: make a new one with `createToken`.');
  if (token.expiresAt !== null && token.expiresAt <= now)
    throw new AuthenticationError(
      'EXPIRED',
      `This token expired at ${token.expiresAt.toISOString()}: make a new one with \`createToken\`.`,
    );
  const roles = rolesOfToken(token);
  if (roles.length === 0)
    throw new AuthenticationError(
      'NO_ROLE',
      "The token's user has none of its roles in this account any more: an admin can give some with `setRoles`.",
    );
  if (header !== null && !namesAccount(header, token.account))
    throw new AuthenticationError(
      'WRONG_ACCOUNT',
      `This token does not belong to the account that the header \`${ACCOUNT_HEADER}\` names: leave the header out, or use a token of that account.`,
    );
  return actingIn(token.account, roles, {
    userId: token.user?.id ?? null,
    tokenId: token.id,
    actor: token.user?.email ?? token.name,
  });
}

function rolesOfToken({ user, roles }: TokenFacts): Role[] {
  return user === null ? withObserver(roles ?? []) : narrowRoles(user.roles, roles);
}
