import { ACCOUNT_HEADER, actingIn, namesAccount, type ActingAccount } from './account-principal';
import { AuthenticationError } from './authentication-error';
import type { AccountPrincipal } from './principal';

/** A launched machine that shows its credential. */
export interface EnrolledInstance {
  readonly id: string;
  readonly name: string;
  readonly account: ActingAccount;
}

/**
 * A machine acts for its own instance, and has no role.
 * @param header the account that the request names, if any: a credential is bound to its own.
 */
export function principalOfInstance(
  { id, name, account }: EnrolledInstance,
  header: string | null,
): AccountPrincipal {
  if (header !== null && !namesAccount(header, account))
    throw new AuthenticationError(
      'WRONG_ACCOUNT',
      `This credential does not belong to the account that the header \`${ACCOUNT_HEADER}\` names: leave the header out.`,
    );
  return {
    ...actingIn(account, [], { userId: null, tokenId: null, actor: `instance ${name}` }),
    instanceId: id,
  };
}

export const unknownCredential = (): AuthenticationError =>
  new AuthenticationError(
    'UNKNOWN_TOKEN',
    'This credential is unknown, or its instance has ended: a machine is given one with `enrolInstance`.',
  );
