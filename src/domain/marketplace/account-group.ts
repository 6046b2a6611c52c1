import { DomainError } from '../errors';
import { assertDescription, assertName } from '../text';

/** What a new account group is given (R-9.5). */
export interface NewAccountGroup {
  readonly name: string;
  readonly description?: string | null;
}

/** @throws DomainError INVALID, naming the field */
export function checkAccountGroup({ name, description = null }: NewAccountGroup): {
  readonly name: string;
  readonly description: string | null;
} {
  assertName(name, 'input', 'name');
  assertDescription(description, 'input', 'description');
  return { name, description };
}

/** Only who saw its present version may edit a group. @throws DomainError STALE */
export function assertCurrentGroup({ version }: { readonly version: number }, expectedVersion: number): void {
  if (version !== expectedVersion)
    throw new DomainError(
      'STALE',
      `The account group is at version ${version}, but \`expectedVersion\` is ${expectedVersion}: it was changed since. ` +
        'Read it again, and repeat the edit with the version that you then see.',
      { path: ['input', 'expectedVersion'], currentVersion: version },
    );
}

/** R-9.5: a group that gives access to nobody can go. @throws DomainError IN_USE */
export function assertNoMembers(members: number): void {
  if (members > 0)
    throw new DomainError(
      'IN_USE',
      `${members === 1 ? 'One account has' : `${members} accounts have`} access through the group: ` +
        'take it from all of them with `revokeAccountGroupAccess`, then delete the group.',
      { path: ['input', 'id'] },
    );
}
