import { invalid } from '../errors';
import { assertName } from '../text';
import { withObserver, type Role } from './roles';

/** What an access token is asked to be. */
export interface TokenRequest {
  /** What it is for. */
  readonly name: string;
  readonly roles?: readonly Role[] | null;
  readonly expiresAt?: Date | null;
}

export interface TokenPlan {
  readonly name: string;
  readonly roles: Role[] | null;
  readonly expiresAt: Date | null;
}

/** RFC 3339, as which times are written, has no later one. */
const LAST_MOMENT = new Date('9999-12-31T23:59:59.999Z');

/** @param granted roles of the user that the token is for; `null`: it is for a machine. */
export function planToken(request: TokenRequest, granted: readonly Role[] | null, now: Date): TokenPlan {
  assertName(request.name, 'input', 'name');
  const expiresAt = request.expiresAt ?? null;
  if (expiresAt !== null && !(expiresAt > now))
    throw invalid(
      '`expiresAt` is past: give a time to come, or leave it out for a token that does not expire.',
      'input',
      'expiresAt',
    );
  if (expiresAt !== null && expiresAt > LAST_MOMENT)
    throw invalid(
      '`expiresAt` is after the year 9999: leave it out for a token that does not expire.',
      'input',
      'expiresAt',
    );
  const roles =
    granted === null ? machineRoles(request.roles ?? []) : userRoles(request.roles ?? null, granted);
  return { name: request.name, roles, expiresAt };
}

function machineRoles(wanted: readonly Role[]): Role[] {
  if (wanted.length === 0)
    throw invalid(
      '`roles` is missing: name what the machine may do, or give `userId` for a token of a user.',
      'input',
      'roles',
    );
  return withObserver(wanted);
}

function userRoles(wanted: readonly Role[] | null, granted: readonly Role[]): Role[] | null {
  if (granted.length === 0)
    throw invalid(
      'This user has no role in this account: give some with `setRoles` first.',
      'input',
      'userId',
    );
  if (wanted === null) return null;
  if (wanted.length === 0)
    throw invalid('`roles` is empty: leave it out for all roles that the user has.', 'input', 'roles');
  const lacking = wanted.filter((role) => !granted.includes(role));
  if (lacking.length > 0)
    throw invalid(
      `The user does not have ${lacking.join(', ')}: leave that out of \`roles\`, or give it with \`setRoles\` first.`,
      'input',
      'roles',
    );
  return withObserver(wanted);
}
