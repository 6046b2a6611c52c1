/** */
export type Role = 'OBSERVER' | 'ACTOR' | 'DESIGNER' | 'LIBRARY' | 'PUBLISHER' | 'ADMIN' | 'INFRASTRUCTURE';

export const ROLES: readonly Role[] = [
  'OBSERVER',
  'ACTOR',
  'DESIGNER',
  'LIBRARY',
  'PUBLISHER',
  'ADMIN',
  'INFRASTRUCTURE',
];

/** Every role requires OBSERVER: a list of roles always holds it, once, in the order of `ROLES`. */
export function withObserver(roles: Iterable<Role>): Role[] {
  const wanted = new Set<Role>(roles);
  wanted.add('OBSERVER');
  return ROLES.filter((role) => wanted.has(role));
}

/** A token can only narrow what its user may do in the account. */
export function narrowRoles(granted: readonly Role[], narrowedTo: readonly Role[] | null): Role[] {
  const roles = narrowedTo === null ? granted : granted.filter((role) => narrowedTo.includes(role));
  return roles.length === 0 ? [] : withObserver(roles);
}
