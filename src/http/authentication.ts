import type { IncomingHttpHeaders } from 'node:http';
import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { DataSource } from 'typeorm';
import type { OpenIdConfig } from '../config';
import { ACCOUNT_HEADER } from '../domain/access/account-principal';
import { AuthenticationError } from '../domain/access/authentication-error';
import type { AccountPrincipal } from '../domain/access/principal';
import { tokenByHash } from '../persistence/access/token-store';
import { authenticate, type AuthenticationContext, type Credentials } from '../services/access/authenticate';
import { createIdentityVerifier } from './openid';

export interface AuthenticatorOptions {
  readonly dataSource: DataSource;
  /** `null`: only access tokens are accepted. */
  readonly openId: OpenIdConfig | null;
  /** Where it is told that the OpenID provider does not answer. */
  readonly log: { error(details: { err: unknown }, message: string): void };
}

/** For whom a request acts; `null` without credentials. Throws a `GraphQLError`: UNAUTHENTICATED or UNAVAILABLE. */
export type Authenticator = (
  headers: IncomingHttpHeaders,
  now: Date,
  readToken?: AuthenticationContext['readToken'],
) => Promise<AccountPrincipal | null>;

const RETRY_AFTER_SECONDS = '5';
const BEARER = /^Bearer +([\w.~+/-]+=*) *$/i;

export function createAuthenticator({ dataSource, openId, log }: AuthenticatorOptions): Authenticator {
  const verifyIdentity = openId === null ? null : createIdentityVerifier(openId);
  const fromStore: AuthenticationContext['readToken'] = (hash) => tokenByHash(dataSource.manager, hash);
  return async (headers, now, readToken = fromStore) => {
    try {
      const credentials = credentialsOf(headers);
      return credentials && (await authenticate({ dataSource, now, verifyIdentity, readToken }, credentials));
    } catch (error) {
      if (!(error instanceof AuthenticationError)) throw error;
      if (error.reason === 'UNAVAILABLE') log.error({ err: error }, 'the OpenID provider does not answer');
      throw toGraphQLError(error);
    }
  };
}

function credentialsOf(headers: IncomingHttpHeaders): Credentials | null {
  const { authorization, [ACCOUNT_HEADER]: account } = headers;
  if (authorization === undefined) return null;
  const bearer = BEARER.exec(authorization)?.[1];
  if (bearer === undefined)
    throw new AuthenticationError(
      'MALFORMED',
      'The header `authorization` is not understood: send `authorization: Bearer TOKEN`.',
    );
  return { bearer, account: typeof account === 'string' && account !== '' ? account : null };
}

function toGraphQLError(error: AuthenticationError): GraphQLError {
  const { message, reason } = error;
  const [code, status, header] =
    reason === 'UNAVAILABLE'
      ? (['UNAVAILABLE', 503, ['retry-after', RETRY_AFTER_SECONDS]] as const)
      : (['UNAUTHENTICATED', 401, ['www-authenticate', challenge(reason)]] as const);
  return new GraphQLError(message, {
    extensions: { code, reason, http: { status, headers: new HeaderMap([header]) } },
  });
}

/** RFC 6750, section 3.1. */
const challenge = (reason: AuthenticationError['reason']): string =>
  `Bearer realm="mci-graph", error="${reason === 'MALFORMED' ? 'invalid_request' : 'invalid_token'}"`;
