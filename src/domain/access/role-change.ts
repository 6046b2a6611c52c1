import { invalid, notFound } from '../errors';
import { withObserver, type Role } from './roles';

/** What a member of an account may do there. */
export interface MemberRoles {
  readonly userId: string;
  readonly roles: readonly Role[];
}

/**
 * The roles that a member will have; an empty list takes all away. An account keeps at least one admin,
 * for nobody else could let anybody in again.
 * @param members at least the user and all admins of the account.
 */
export function planRoles(members: readonly MemberRoles[], userId: string, wanted: readonly Role[]): Role[] {
  const member = members.find((candidate) => candidate.userId === userId);
  if (member === undefined) throw notFound('user', 'input', 'userId');
  const roles = wanted.length === 0 ? [] : withObserver(wanted);
  const isAdmin = ({ roles: held }: MemberRoles) => held.includes('ADMIN');
  const loses = isAdmin(member) && !roles.includes('ADMIN');
  if (loses && !members.some((other) => other !== member && isAdmin(other)))
    throw invalid(
      'This is the last admin of the account: give another user the role ADMIN first, with `setRoles` or `createUser`.',
      'input',
      'roles',
    );
  return roles;
}

export function sameRoles(a: readonly Role[], b: readonly Role[]): boolean {
  return a.length === b.length && a.every((role) => b.includes(role));
}
