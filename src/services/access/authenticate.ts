import { AuthenticationError, unknownToken } from '../../domain/access/authentication-error';
import { principalOfInstance, unknownCredential } from '../../domain/access/instance-principal';
import { linkedElsewhere, principalOfIdentity, type Identity } from '../../domain/access/identity-principal';
import type { AccountPrincipal } from '../../domain/access/principal';
import { hashToken, isAccessToken, isInstanceCredential } from '../../domain/access/token';
import { principalOfToken, type TokenFacts } from '../../domain/access/token-principal';
import { recordAudit } from '../../persistence/access/audit-store';
import { instanceByCredential } from '../../persistence/servers/instance-store';
import { spendEnrolment } from '../../persistence/servers/launch-order-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { linkIdentity, personOfIdentity } from '../../persistence/access/user-store';

/** Checks a JSON Web Token. Throws an `AuthenticationError`, with UNAVAILABLE when its issuer can't be asked. */
export type IdentityVerifier = (jwt: string, now: Date) => Promise<Identity>;

export interface Credentials {
  readonly bearer: string;
  /** The account that the request names, if any: its global id or exact name. */
  readonly account: string | null;
}

export interface AuthenticationContext extends Pick<ActionContext, 'dataSource' | 'now'> {
  /** `null`: there is no OpenID provider. */
  readonly verifyIdentity: IdentityVerifier | null;
  /** How a token is read, by its hash. */
  readonly readToken: (hash: Buffer) => Promise<TokenFacts | null>;
}

/** For whom a request acts. Throws an `AuthenticationError`. */
export async function authenticate(
  context: AuthenticationContext,
  credentials: Credentials,
): Promise<AccountPrincipal> {
  if (isAccessToken(credentials.bearer)) return byToken(context, credentials);
  if (isInstanceCredential(credentials.bearer)) return byCredential(context, credentials);
  if (!isJsonWebToken(credentials.bearer)) throw unknownToken();
  return byIdentity(context, credentials);
}

const isJsonWebToken = (bearer: string): boolean => bearer.split('.').length === 3;

async function byToken(
  { readToken, now }: AuthenticationContext,
  { bearer, account }: Credentials,
): Promise<AccountPrincipal> {
  const token = await readToken(hashToken(bearer));
  if (token === null) throw unknownToken();
  return principalOfToken(token, account, now);
}

/** a machine shows the credential of its instance. */
async function byCredential(
  { dataSource }: AuthenticationContext,
  { bearer, account }: Credentials,
): Promise<AccountPrincipal> {
  const hash = hashToken(bearer);
  const instance = await instanceByCredential(dataSource.manager, hash);
  if (instance === null) throw unknownCredential();
  const principal = principalOfInstance(instance, account);
  // The machine has its credential: nobody needs the token any more.
  if (instance.tokenUnspent) await spendEnrolment(dataSource.manager, hash);
  return principal;
}

async function byIdentity(
  context: AuthenticationContext,
  { bearer, account }: Credentials,
): Promise<AccountPrincipal> {
  const { dataSource, verifyIdentity, now } = context;
  if (verifyIdentity === null)
    throw new AuthenticationError(
      'INVALID_TOKEN',
      'This is a JSON Web Token, but no OpenID provider is set up here: use an access token, made with `createToken`.',
    );
  const identity = await verifyIdentity(bearer, now);
  const person = await personOfIdentity(dataSource.manager, identity);
  const principal = principalOfIdentity(identity, person, account);
  if (person?.openidSubject === null)
    await linkAtFirstSignIn({ dataSource, now, principal }, person.id, identity);
  return principal;
}

/** From then on the person is known by the identity's subject, whatever becomes of the e-mail address. */
async function linkAtFirstSignIn(context: ActionContext, userId: string, identity: Identity): Promise<void> {
  await unitOfWork(context, async (tx) => {
    if (await linkIdentity(tx.manager, userId, identity.subject))
      return recordAudit(tx, {
        action: 'user.linkIdentity',
        objectType: 'User',
        objectId: userId,
        changes: { identity: 'linked' },
      });
    // Another request came first: the same person's, unless it was another identity with the same address.
    const person = await personOfIdentity(tx.manager, identity);
    if (person?.openidSubject !== identity.subject) throw linkedElsewhere();
  });
}
