import type { Principal } from '../access/principal';
import { invalid } from '../errors';
import { assertText, MAXIMUM_DESCRIPTION_LENGTH } from '../text';

const LOWEST_RATING = 1;
const HIGHEST_RATING = 4;

/** What decides who may rate a publication or comment on it. */
export interface FeedbackTarget {
  readonly accountId: string;
  /** 0: a HEAD. */
  readonly revision: number;
  readonly allowComments: boolean;
}

/** @throws DomainError INVALID */
export function assertRating(rating: number, ...path: string[]): void {
  if (rating < LOWEST_RATING || rating > HIGHEST_RATING)
    throw invalid(
      `\`rating\` is ${rating}: give a whole number from ${LOWEST_RATING} (poor) to ${HIGHEST_RATING} (excellent).`,
      ...path,
    );
}

/** @throws DomainError INVALID */
export function assertComment(text: string, ...path: string[]): void {
  assertText(text, MAXIMUM_DESCRIPTION_LENGTH, ...path);
}

/** Ratings count per person. @returns the person. @throws DomainError INVALID for a machine */
export function assertPerson({ userId }: Pick<Principal, 'userId'>): string {
  if (userId === null)
    throw invalid('Only people rate publications: send the token of a user, not that of a machine.', 'input');
  return userId;
}

/** @throws DomainError INVALID for what takes neither ratings nor comments */
export function assertTakesFeedback({ revision, allowComments }: FeedbackTarget, ...path: string[]): void {
  if (revision === 0)
    throw invalid(
      'This publication is of a HEAD, which changes: only committed revisions are rated and commented on.',
      ...path,
    );
  if (!allowComments)
    throw invalid('The publisher takes neither ratings nor comments on this publication.', ...path);
}

/** @throws DomainError INVALID for what the account itself published */
export function assertNotOwn({ accountId }: FeedbackTarget, own: string, ...path: string[]): void {
  if (accountId === own)
    throw invalid('This account published it itself: only others rate a publication.', ...path);
}
