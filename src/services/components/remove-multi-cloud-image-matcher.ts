import { DomainError } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { describeMatcher } from '../../domain/matching/describe-matcher';
import { matchersByMultiCloudImage } from '../../persistence/batches';
import { deleteMatcher } from '../../persistence/components/matcher-store';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editHead } from './edit-head';

export interface RemoveMultiCloudImageMatcher {
  readonly multiCloudImageId: string;
  readonly expectedVersion: number;
  readonly matcherId: string;
}

/** Removes a matcher. What it made stays until the next rematch. @throws DomainError NOT_FOUND */
export function removeMultiCloudImageMatcher(
  context: ActionContext,
  { multiCloudImageId: id, expectedVersion, matcherId }: RemoveMultiCloudImageMatcher,
): Promise<string> {
  const target = { type: 'MultiCloudImage', id, expectedVersion, field: 'multiCloudImageId' } as const;
  return editHead(context, target, async (tx) => {
    const matchers = await matchersByMultiCloudImage(tx.manager, [id]);
    const removed = matchers.find((matcher) => matcher.id === matcherId);
    if (removed === undefined)
      throw new DomainError('NOT_FOUND', 'The MultiCloud Image has no matcher with this id.', {
        path: ['input', 'matcherId'],
      });
    await deleteMatcher(tx.manager, matcherId);
    return {
      verb: 'removeMatcher',
      changes: {
        matcherId: toGlobalId('MultiCloudImageMatcher', matcherId),
        before: describeMatcher(removed),
      },
    };
  });
}
