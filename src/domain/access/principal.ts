import type { Role } from './roles';

/** Who a request acts for: one user or machine in one account, or the operator's command line. */
export interface Principal {
  /** `null` only for the command line of an installation that has no operator account yet. */
  readonly accountId: string | null;
  /** `null`: a machine token, or the command line. */
  readonly userId: string | null;
  readonly tokenId: string | null;
  /** For the audit log: an e-mail address, a token's name, `command line`. */
  readonly actor: string;
  readonly roles: ReadonlySet<Role>;
  /** Whether public clouds, images and types may be written. */
  readonly operator: boolean;
}

export function hasRole(principal: Principal, ...anyOf: Role[]): boolean {
  return anyOf.some((role) => principal.roles.has(role));
}
