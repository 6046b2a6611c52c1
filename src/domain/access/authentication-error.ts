/** Why credentials were refused. UNAVAILABLE: they could not be checked, through no fault of the caller. */
export type AuthenticationFailure =
  | 'MALFORMED'
  | 'UNKNOWN_TOKEN'
  | 'REVOKED'
  | 'EXPIRED'
  | 'INVALID_TOKEN'
  | 'UNKNOWN_USER'
  | 'NO_ROLE'
  | 'WRONG_ACCOUNT'
  | 'ACCOUNT_NEEDED'
  | 'UNAVAILABLE';

/** Credentials were refused; the message tells their holder how to get in, and nothing about anybody else. */
export class AuthenticationError extends Error {
  constructor(
    readonly reason: AuthenticationFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AuthenticationError';
  }
}

export const unknownToken = (): AuthenticationError =>
  new AuthenticationError(
    'UNKNOWN_TOKEN',
    'This token is unknown: copy it whole, or make one with `createToken` or `mci-graph tokens create`.',
  );
