import { DomainError, invalid, notFound } from '../errors';
import { COMPONENT_NAMES, type ComponentType } from '../versioning/component-type';
import type { PublicationStatus } from './publication';

/** How a publication joins a local collection (R-9.4): a revision for ever, or a HEAD that is followed. */
export type JoinMode = 'IMPORT' | 'SUBSCRIBE';

/** What decides whether an account may import a publication. */
export interface ImportableFacts {
  readonly accountId: string;
  readonly componentType: ComponentType;
  readonly name: string;
  /** 0: a HEAD. */
  readonly revision: number;
  readonly status: PublicationStatus;
}

/**
 * R-9.4: only what is offered to an account, and not by itself, joins its local collection.
 *
 * @param publication `null`: there is none that the account may look at
 * @throws DomainError NOT_FOUND, or INVALID with the cure
 */
export function assertImportable<P extends ImportableFacts>(
  mode: JoinMode,
  importerId: string,
  publication: P | null,
): asserts publication is P {
  if (publication === null) throw notFound('publication', 'input', 'publicationId');
  const { accountId, componentType, name, revision, status } = publication;
  const path = ['input', 'publicationId'];
  if (accountId === importerId)
    throw invalid(
      `This account published the ${COMPONENT_NAMES[componentType]} "${name}" itself: it is in its local collection already.`,
      ...path,
    );
  if (status !== 'ACTIVE')
    throw invalid(
      `"${name}" is deprecated, and not imported on its own any more: import another revision of it, or what carries it.`,
      ...path,
    );
  if (mode === 'IMPORT' && revision === 0)
    throw invalid(
      `"${name}" is a published HEAD, which changes when it is republished: follow it with \`subscribePublication\`.`,
      ...path,
    );
  if (mode === 'SUBSCRIBE' && revision > 0)
    throw invalid(
      `"${name}" is revision ${revision}, which never changes: import it with \`importPublication\`. Only published HEADs are subscribed to.`,
      ...path,
    );
}

/** R-9.2. What it is isn't said: the account may not see it. */
export const dependencyNotVisible = (name: string, count: number): DomainError =>
  new DomainError(
    'DEPENDENCY_NOT_VISIBLE',
    `"${name}" uses ${count === 1 ? 'a component' : `${count} components`} of another publisher that ` +
      `${count === 1 ? 'is' : 'are'} not offered to this account: ask the publisher of "${name}" to replace ` +
      `${count === 1 ? 'it' : 'them'} in a new revision.`,
    { path: ['input', 'publicationId'] },
  );

/** A licence text that importers must accept. */
interface RequiredEula {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  /** Whether the account accepted it with this publication before. */
  readonly accepted: boolean;
}

/**
 * R-9.7: who imports accepts every attached text, now or before, and none besides.
 *
 * @returns what is accepted now and was not before
 * @throws DomainError EULA_NOT_ACCEPTED with the missing ones, or INVALID for one that isn't attached
 */
export function newlyAccepted(attached: readonly RequiredEula[], acceptedIds: readonly string[]): string[] {
  const accepted = new Set(acceptedIds);
  const known = new Set(attached.map(({ id }) => id));
  if (acceptedIds.some((id) => !known.has(id)))
    throw invalid(
      "`acceptEulaRevisionIds` names a licence text that does not belong to this publication: pass ids of the publication's `eulas`.",
      'input',
      'acceptEulaRevisionIds',
    );
  const open = attached.filter((eula) => !eula.accepted);
  const missing = open.filter(({ id }) => !accepted.has(id));
  if (missing.length > 0)
    throw new DomainError(
      'EULA_NOT_ACCEPTED',
      `Importing it takes accepting ${missing.map(({ name, revision }) => `"${name}" (revision ${revision})`).join(', ')}: ` +
        'read `eulas { text }` of the publication, and name them in `acceptEulaRevisionIds`.',
      { path: ['input', 'acceptEulaRevisionIds'], eulaRevisions: missing.map(({ id }) => id) },
    );
  return open.map(({ id }) => id);
}
