import { randomBytes } from 'node:crypto';
import { DomainError, invalid } from '../errors';

const PREFIX = 'mcigg_';
const DAYS_VALID = 6;
const MILLISECONDS_PER_DAY = 86_400_000;

/** A membership code of 256 random bits. It is shown once; only its SHA-256 (`hashToken`) is stored. */
export const mintMembershipCode = (): string => PREFIX + randomBytes(32).toString('base64url');

/** People paste codes with blanks around them. */
export const normalMembershipCode = (code: string): string => code.trim();

/** From then on the code is refused. */
export const membershipCodeExpiry = (now: Date): Date =>
  new Date(now.getTime() + DAYS_VALID * MILLISECONDS_PER_DAY);

/** The same answer for a code that never was, was used or has expired: none of it can be found out by trying. */
export const unknownMembershipCode = (): DomainError =>
  new DomainError(
    'NOT_FOUND',
    `\`membershipCode\` gives no access: a code works once, and for ${DAYS_VALID} days. Ask the publisher for a new one.`,
    { path: ['input', 'membershipCode'] },
  );

/** The publisher's own account needs no access to its own group. */
export const ownMembershipCode = (): DomainError =>
  invalid(
    '`membershipCode` is of a group of this account itself: give it to the account that is to have access.',
    'input',
    'membershipCode',
  );

/** The code stays good for another account. */
export const alreadyMember = (): DomainError =>
  invalid(
    'This account has access to that group already: the code was not used, and another account still can.',
    'input',
    'membershipCode',
  );
