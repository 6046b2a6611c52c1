import { ACCOUNT_HEADER, actingIn, namesAccount, type ActingAccount } from './account-principal';
import { AuthenticationError } from './authentication-error';
import type { AccountPrincipal } from './principal';
import { withObserver, type Role } from './roles';

/** Who an OpenID provider says somebody is. */
export interface Identity {
  /** Issuer and subject: the only claims that stay the same for one person. */
  readonly subject: string;
  /** Only what the provider has verified; in lower case. */
  readonly email: string | null;
}

/** An account that somebody has roles in. */
export interface AccountMembership {
  readonly account: ActingAccount;
  readonly roles: readonly Role[];
}

/** A person of this installation, with the accounts to choose from. */
export interface PersonFacts {
  readonly id: string;
  readonly email: string;
  /** `null`: has never signed in. */
  readonly openidSubject: string | null;
  readonly memberships: readonly AccountMembership[];
}

const MAXIMUM_ACCOUNTS_NAMED = 20;

/**
 * For whom somebody who signed in at the OpenID provider acts.
 * @param person found by the identity's subject, else by its e-mail address.
 * @param header the account that the request names, if any.
 */
export function principalOfIdentity(
  identity: Identity,
  person: PersonFacts | null,
  header: string | null,
): AccountPrincipal {
  if (person === null) throw unknownUser(identity);
  if (person.openidSubject !== null && person.openidSubject !== identity.subject) throw linkedElsewhere();
  const { account, roles } = chooseAccount(person.memberships, header);
  return actingIn(account, withObserver(roles), { userId: person.id, tokenId: null, actor: person.email });
}

export const linkedElsewhere = (): AuthenticationError =>
  new AuthenticationError(
    'UNKNOWN_USER',
    'Your e-mail address belongs to somebody who signs in with another identity of the OpenID provider: sign in with that one, or ask an admin for an access token.',
  );

function unknownUser({ email }: Identity): AuthenticationError {
  return new AuthenticationError(
    'UNKNOWN_USER',
    email === null
      ? 'Nobody here is known by this identity, and your OpenID provider confirms no e-mail address (claims `email` and `email_verified`): have it send them once, so that you can be recognized.'
      : `Nobody here is known by ${email}: an admin of the account must create the user first, with \`createUser\`.`,
  );
}

function chooseAccount(memberships: readonly AccountMembership[], header: string | null): AccountMembership {
  const [only, ...others] = memberships;
  if (only === undefined)
    throw new AuthenticationError(
      'NO_ROLE',
      'You have no role in any account: an admin of the account can give you some with `setRoles`.',
    );
  if (header !== null) {
    const chosen = memberships.find(({ account }) => namesAccount(header, account));
    if (chosen !== undefined) return chosen;
    throw new AuthenticationError(
      'WRONG_ACCOUNT',
      `You have no role in the account that the header \`${ACCOUNT_HEADER}\` names. Yours: ${list(memberships)}.`,
    );
  }
  if (others.length > 0)
    throw new AuthenticationError(
      'ACCOUNT_NEEDED',
      `You work in several accounts: name one in the header \`${ACCOUNT_HEADER}\`, by its id or its exact name. Yours: ${list(memberships)}.`,
    );
  return only;
}

function list(memberships: readonly AccountMembership[]): string {
  const named = memberships.slice(0, MAXIMUM_ACCOUNTS_NAMED).map(({ account }) => `"${account.name}"`);
  const more = memberships.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
