import { ROLES, type Role } from './roles';

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
  /** Of the credential of a machine: the one instance that it acts for, without any role. */
  readonly instanceId?: string;
}

export function hasRole(principal: Principal, ...anyOf: Role[]): boolean {
  return anyOf.some((role) => principal.roles.has(role));
}

/** A principal in an account: everybody who comes through GraphQL. */
export type AccountPrincipal = Principal & { readonly accountId: string };

/** The account acted in. Only the first commands of an empty installation act in none. */
export function accountOf({ accountId, actor }: Principal): string {
  if (accountId === null) throw new Error(`${actor} acts in no account, but this needs one`);
  return accountId;
}

/** The operator's command line, in an account or, before there is one, in none. */
export function commandLine<A extends string | null>(accountId: A): Principal & { readonly accountId: A } {
  return {
    accountId,
    userId: null,
    tokenId: null,
    actor: 'command line',
    roles: new Set(ROLES),
    operator: true,
  };
}
