import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'mcig_';
const ENROLMENT_PREFIX = 'mcige_';
const INSTANCE_PREFIX = 'mcigi_';

const mint = (prefix: string): string => prefix + randomBytes(32).toString('base64url');

/** A bearer token of 256 random bits. It is shown once; only `hashToken` of it is stored. */
export function mintToken(): string {
  return mint(PREFIX);
}

/** What a machine shows once, to be given its credential. 256 random bits; only `hashToken` of it is stored. */
export const mintEnrolmentToken = (): string => mint(ENROLMENT_PREFIX);

/** A bearer token that acts for one instance. 256 random bits; only `hashToken` of it is stored. */
export const mintInstanceCredential = (): string => mint(INSTANCE_PREFIX);

/** SHA-256 suffices: the token carries 256 random bits, so there is nothing to guess slowly. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** Tells our own tokens from JSON Web Tokens, which have three dot-separated parts. */
export function isAccessToken(bearer: string): boolean {
  return bearer.startsWith(PREFIX);
}

export const isInstanceCredential = (bearer: string): boolean => bearer.startsWith(INSTANCE_PREFIX);
