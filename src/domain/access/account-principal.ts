import { parseGlobalId } from '../global-id';
import type { AccountPrincipal } from './principal';
import type { Role } from './roles';

/** What deciding for whom a request acts needs to know of its account. */
export interface ActingAccount {
  readonly id: string;
  readonly name: string;
  /** Whether the account is the operator of the installation. */
  readonly operator: boolean;
}

/** The header that chooses among several accounts. */
export const ACCOUNT_HEADER = 'x-mci-account';

/** Whether the value of the header names this account, by its global id or its exact name. */
export function namesAccount(header: string, account: ActingAccount): boolean {
  const id = parseGlobalId(header);
  return id?.type === 'Account' ? id.key === account.id : header === account.name;
}

/** Puts an actor in an account. Public rows are written by the INFRASTRUCTURE of the operator only. */
export function actingIn(
  account: ActingAccount,
  roles: readonly Role[],
  who: Pick<AccountPrincipal, 'userId' | 'tokenId' | 'actor'>,
): AccountPrincipal {
  return {
    ...who,
    accountId: account.id,
    roles: new Set(roles),
    operator: account.operator && roles.includes('INFRASTRUCTURE'),
  };
}
