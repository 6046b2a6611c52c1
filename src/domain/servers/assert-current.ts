import { DomainError } from '../errors';
import { DEFINED_NAMES, type DefinedType } from './defined-type';

/** What decides whether a definition can be edited. */
export interface DefinedFacts {
  readonly version: number;
  readonly deletedAt: Date | null;
}

/** @throws DomainError NOT_EDITABLE when it was deleted */
export function assertLive(type: DefinedType, { deletedAt }: Pick<DefinedFacts, 'deletedAt'>): void {
  if (deletedAt !== null)
    throw new DomainError(
      'NOT_EDITABLE',
      `The ${DEFINED_NAMES[type]} was deleted and can't be changed any more: create a new one.`,
      { path: ['input', 'id'] },
    );
}

/**
 * Only what is live can be edited, and only by somebody who saw its present version.
 *
 * @param expectedVersion `null`: the change is right whatever the version, as with tags
 * @throws DomainError NOT_EDITABLE or STALE
 */
export function assertCurrent(
  type: DefinedType,
  defined: DefinedFacts,
  expectedVersion: number | null,
): void {
  assertLive(type, defined);
  if (expectedVersion !== null && defined.version !== expectedVersion)
    throw new DomainError(
      'STALE',
      `The ${DEFINED_NAMES[type]} is at version ${defined.version}, but \`expectedVersion\` is ${expectedVersion}: it was changed since. ` +
        'Read it again, and repeat the edit with the version that you then see.',
      { path: ['input', 'expectedVersion'], currentVersion: defined.version },
    );
}
