import { DomainError, invalid } from '../errors';
import { COMPONENT_NAMES, type ComponentType } from '../versioning/component-type';
import type { Audience } from './audience';
import type { PublicationStatus } from './publication';

/** What decides whether a version can be published. */
export interface PublishableFacts {
  /** 0 is HEAD. */
  readonly revision: number;
  readonly snapshot: boolean;
  /** `null`: a private one. */
  readonly originalId: string | null;
  readonly deletedAt: Date | null;
}

/**
 * R-9.1: only private components that are there can be published, and to everyone only what was committed.
 *
 * @throws DomainError INVALID, with the cure
 */
export function assertPublishable(
  type: ComponentType,
  { revision, snapshot, originalId, deletedAt }: PublishableFacts,
  { visibility }: Audience,
): void {
  const name = COMPONENT_NAMES[type];
  if (originalId !== null)
    throw invalid(
      `This ${name} was ${revision > 0 ? 'imported' : 'subscribed to'}: only its publisher publishes it. Clone it, and publish the clone.`,
      'input',
      'id',
    );
  if (snapshot)
    throw invalid(
      `This is the content of a HEAD of the ${name} as it was once kept: publish the lineage's \`head\`, or commit it and publish the revision.`,
      'input',
      'id',
    );
  if (deletedAt !== null)
    throw invalid(
      `The ${name} was deleted: clone it to bring it back, and publish the clone.`,
      'input',
      'id',
    );
  if (visibility === 'PUBLIC' && revision === 0)
    throw invalid(
      `Only a committed revision can be PUBLIC: commit the ${name} and publish the revision, or publish HEAD as PRIVATE to account groups.`,
      'input',
      'visibility',
    );
}

/** R-9.1: each revision once, and HEAD once. */
export function alreadyPublished(
  type: ComponentType,
  revision: number,
  status: PublicationStatus,
): DomainError {
  const name = COMPONENT_NAMES[type];
  if (status === 'DEPRECATED')
    return new DomainError(
      'ALREADY_PUBLISHED',
      `${revision === 0 ? 'HEAD' : `Revision ${revision}`} of this ${name} was published already, and deprecated: offer it again with \`reactivatePublication\`.`,
      { path: ['input', 'id'] },
    );
  return new DomainError(
    'ALREADY_PUBLISHED',
    revision === 0
      ? `HEAD of this ${name} was published already: bring what it holds now to its subscribers with \`republish\`, or change to whom it is offered with \`updatePublication\`.`
      : `Revision ${revision} of this ${name} was published already: change its words or to whom it is offered with \`updatePublication\`.`,
    { path: ['input', 'id'] },
  );
}

/** Licences are for revisions of ServerTemplates (R-9.7). @throws DomainError INVALID */
export function assertTakesEulas(type: ComponentType, revision: number, count: number): void {
  if (count > 0 && (type !== 'ServerTemplate' || revision === 0))
    throw invalid(
      'Only committed ServerTemplates take licence agreements: leave out `eulaRevisionIds`.',
      'input',
      'eulaRevisionIds',
    );
  if (count > 100)
    throw new DomainError('LIMIT_EXCEEDED', `At most 100 licence texts are allowed; these are ${count}.`, {
      path: ['input', 'eulaRevisionIds'],
    });
}

/** Only committed ones are rated and commented on (R-9.7). @throws DomainError INVALID */
export function assertTakesComments(revision: number, allowComments: boolean): void {
  if (allowComments && revision === 0)
    throw invalid(
      'Only what was committed is rated and commented on: leave out `allowComments`, or commit and publish the revision.',
      'input',
      'allowComments',
    );
}
