import { DomainError, invalid } from '../errors';
import { assertStorable } from '../text';
import { COMPONENT_NAMES, type ComponentType } from './component-type';
import type { ComponentContents } from './component-content';

const MAXIMUM_MESSAGE_LENGTH = 10_000;

/** a commit says what it is about. @throws DomainError INVALID */
export function assertCommitMessage(message: string): void {
  assertStorable(message, 'input', 'message');
  if (message.trim() === '')
    throw invalid('`message` is empty: say what the commit is about.', 'input', 'message');
  if (message.length > MAXIMUM_MESSAGE_LENGTH)
    throw invalid(
      `\`message\` has ${message.length} characters; at most ${MAXIMUM_MESSAGE_LENGTH} are allowed.`,
      'input',
      'message',
    );
}

/** Why a content may not be committed, and the cure; `null` when it may. */
const OBSTACLES: { [T in ComponentType]: (content: ComponentContents[T]) => string | null } = {
  MultiCloudImage: ({ settings }) =>
    settings.size > 0
      ? null
      : 'A MultiCloud Image needs at least one setting to be committed (R-4.4): add one with `setMultiCloudImageSetting`.',
  ServerTemplate: ({ multiCloudImages }) =>
    multiCloudImages.size > 0
      ? null
      : 'A ServerTemplate needs at least one MultiCloud Image to be committed (R-5.3): add one with `addServerTemplateMultiCloudImage`.',
  RightScript: () => null,
};

/** */
export const commitObstacle = <T extends ComponentType>(
  type: T,
  content: ComponentContents[T],
): string | null => OBSTACLES[type](content);

/**
 * why HEAD's uncommitted work may not be committed, as a merge would do first, and the cure; `null` when it may.
 * Of a HEAD that differs from its newest revision.
 */
export function buriedObstacle<T extends ComponentType>(
  type: T,
  content: ComponentContents[T],
): string | null {
  const obstacle = commitObstacle(type, content);
  if (obstacle === null) return null;
  return (
    `HEAD has uncommitted work, which the merge commits first so that it can be undone, but: ${obstacle.replace(/\.$/, '')}, ` +
    'or restore a revision first.'
  );
}

/** */
export function nothingToCommit(type: ComponentType, revision: number): DomainError {
  return new DomainError(
    'NOTHING_TO_COMMIT',
    `Nothing changed since revision ${revision} of the ${COMPONENT_NAMES[type]}: use that revision.`,
    { path: ['input', 'id'] },
  );
}

/** HEAD differs from its newest revision only in pins of HEADs, which would be moved. */
export function nothingToCommitButPins(revision: number): DomainError {
  return new DomainError(
    'NOTHING_TO_COMMIT',
    `With its dependencies committed, the ServerTemplate equals revision ${revision}: restore that, or pin its revisions.`,
    { path: ['input', 'id'] },
  );
}

/** Whether a content is that of a revision: then there is nothing to commit. @param hash of the content, hex */
export const equalsRevision = (
  revision: { readonly contentHash: Buffer | null } | undefined | null,
  hash: string,
): boolean => revision?.contentHash?.toString('hex') === hash;
