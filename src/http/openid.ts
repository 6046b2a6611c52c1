import type * as JoseModule from 'jose' with { 'resolution-mode': 'import' };
import type { OpenIdConfig } from '../config';
import { AuthenticationError } from '../domain/access/authentication-error';
import { normalEmail } from '../domain/access/email';
import type { Identity } from '../domain/access/identity-principal';
import { DomainError } from '../domain/errors';
import type { IdentityVerifier } from '../services/access/authenticate';

/** Signatures that only the provider can make: with HS… whoever can check a token could also forge one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 30;
const TIMEOUT_MILLISECONDS = 5000;
/** OpenID Connect Core, section 2. */
const MAXIMUM_SUBJECT_LENGTH = 255;

type Jose = typeof JoseModule;

/** Checks the JSON Web Tokens of one OpenID provider. Its keys are fetched when first needed, and kept. */
export function createIdentityVerifier(config: OpenIdConfig): IdentityVerifier {
  const keys = keySource(config);
  return async (jwt, now) => {
    const jose = await import('jose');
    try {
      const { payload } = await jose.jwtVerify(jwt, await keys(jose), {
        issuer: config.issuer,
        audience: config.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: now,
        requiredClaims: ['exp', 'sub'],
      });
      return identityOf(config, payload);
    } catch (error) {
      throw error instanceof jose.errors.JOSEError ? refusal(jose, config, error) : error;
    }
  };
}

/** The provider's keys. A failure to find out where they are isn't kept: the next request tries again. */
function keySource(config: OpenIdConfig): (jose: Jose) => Promise<JoseModule.JWTVerifyGetKey> {
  let source: Promise<JoseModule.JWTVerifyGetKey> | null = null;
  return (jose) => {
    source ??= remoteKeys(jose, config).catch((error: unknown) => {
      source = null;
      throw error;
    });
    return source;
  };
}

async function remoteKeys(jose: Jose, config: OpenIdConfig): Promise<JoseModule.JWTVerifyGetKey> {
  const url = new URL(config.jwksUrl ?? (await discoverKeys(config.issuer)));
  const keys = jose.createRemoteJWKSet(url, { timeoutDuration: TIMEOUT_MILLISECONDS });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      throw isAboutToken(jose, error) ? error : unavailable(error);
    }
  };
}

/** Whether a key can't be had because of the token, not because of the provider. */
function isAboutToken({ errors }: Jose, error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

/** OpenID Connect Discovery 1.0, section 4. */
async function discoverKeys(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  let document: unknown;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    document = await response.json();
  } catch (error) {
    throw unavailable(error);
  }
  const { issuer: named, jwks_uri: keys } = { ...(document as { issuer?: unknown; jwks_uri?: unknown }) };
  if (named !== issuer) throw unavailable(new Error(`${url} names another issuer: ${String(named)}`));
  if (typeof keys !== 'string' || !URL.canParse(keys))
    throw unavailable(new Error(`${url} names no \`jwks_uri\``));
  return keys;
}

const unavailable = (cause: unknown): AuthenticationError =>
  new AuthenticationError(
    'UNAVAILABLE',
    'The OpenID provider does not answer, so this token cannot be checked: try again later, or use an access token.',
    { cause },
  );

function identityOf(
  config: OpenIdConfig,
  { sub, email, email_verified: verified }: JoseModule.JWTPayload,
): Identity {
  if (
    typeof sub !== 'string' ||
    sub.length === 0 ||
    sub.length > MAXIMUM_SUBJECT_LENGTH ||
    sub.includes('\0')
  )
    throw invalidToken('its claim `sub` is not the identifier of a person');
  // An issuer has no fragment, so this can't be taken for the subject of another issuer.
  return {
    subject: `${config.issuer}#${sub}`,
    email: verified === true && typeof email === 'string' ? emailOrNull(email) : null,
  };
}

/** What is no e-mail address is nobody's here. */
function emailOrNull(email: string): string | null {
  try {
    return normalEmail(email, 'email');
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

function refusal({ errors }: Jose, config: OpenIdConfig, error: Error): AuthenticationError {
  if (error instanceof errors.JWTExpired)
    return new AuthenticationError('EXPIRED', 'This token has expired: sign in again.', { cause: error });
  // Claims are looked at only after the signature: the holder got the token from the provider.
  if (error instanceof errors.JWTClaimValidationFailed)
    return invalidToken(
      `its claim \`${error.claim}\` is not what is needed here (issuer ${config.issuer}, audience ${config.audience}, \`exp\` and \`sub\` present)`,
      error,
    );
  return invalidToken('it is not signed by the OpenID provider of this service', error);
}

const invalidToken = (reason: string, cause?: Error): AuthenticationError =>
  new AuthenticationError('INVALID_TOKEN', `This token is refused: ${reason}.`, { cause });
