import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'mcig_';

/** A bearer token of 256 random bits. It is shown once; only `hashToken` of it is stored. */
export function mintToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** SHA-256 suffices: the token carries 256 random bits, so there is nothing to guess slowly. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** Tells our own tokens from JSON Web Tokens, which have three dot-separated parts. */
export function isAccessToken(bearer: string): boolean {
  return bearer.startsWith(PREFIX);
}
