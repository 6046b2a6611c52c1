import { toGlobalId } from '../../domain/global-id';
import {
  checkMatcher,
  MAXIMUM_MATCHERS,
  tooManyMatchers,
  type MatcherInput,
} from '../../domain/matching/matcher';
import { matchersByMultiCloudImage } from '../../persistence/batches';
import { insertMatcher } from '../../persistence/components/matcher-store';
import type { ActionContext } from '../../persistence/unit-of-work';
import { describeMatcher } from '../../domain/matching/describe-matcher';
import { editHead } from './edit-head';

export interface AddMultiCloudImageMatcher extends MatcherInput {
  readonly multiCloudImageId: string;
  readonly expectedVersion: number;
}

/** Adds a matcher behind the others. It fills settings at the next rematch. */
export function addMultiCloudImageMatcher(
  context: ActionContext,
  { multiCloudImageId: id, expectedVersion, ...input }: AddMultiCloudImageMatcher,
): Promise<string> {
  const target = { type: 'MultiCloudImage', id, expectedVersion, field: 'multiCloudImageId' } as const;
  return editHead(context, target, async (tx) => {
    const matcher = checkMatcher(input);
    const matchers = await matchersByMultiCloudImage(tx.manager, [id]);
    if (matchers.length >= MAXIMUM_MATCHERS) throw tooManyMatchers();
    const position = (matchers.at(-1)?.position ?? -1) + 1;
    const matcherId = await insertMatcher(tx.manager, id, position, matcher);
    return {
      verb: 'addMatcher',
      changes: {
        matcherId: toGlobalId('MultiCloudImageMatcher', matcherId),
        after: describeMatcher(matcher),
      },
    };
  });
}
