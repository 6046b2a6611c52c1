import { DomainError, invalid } from '../errors';
import type { PublicationVisibility } from './publication';

const MAXIMUM_GROUPS = 100;

/** To whom something is offered: to everyone, or to account groups. */
export interface Audience {
  readonly visibility: PublicationVisibility;
  /** Row keys, each once; none when it is PUBLIC. */
  readonly accountGroupIds: readonly string[];
}

export const EVERYONE: Audience = { visibility: 'PUBLIC', accountGroupIds: [] };

/** The audience that a request asks for. @throws DomainError INVALID or LIMIT_EXCEEDED, naming the field */
export function requestedAudience(
  visibility: PublicationVisibility,
  accountGroupIds: readonly string[],
): Audience {
  if (visibility === 'PUBLIC' && accountGroupIds.length > 0)
    throw invalid(
      'What is PUBLIC is offered to everyone: leave out `accountGroupIds`, or publish it as PRIVATE.',
      'input',
      'accountGroupIds',
    );
  if (visibility === 'PRIVATE' && accountGroupIds.length === 0)
    throw invalid(
      'What is PRIVATE is offered to account groups: name at least one of your own (`createAccountGroup` makes one).',
      'input',
      'accountGroupIds',
    );
  assertGroupCount(accountGroupIds.length, 'input', 'accountGroupIds');
  return { visibility, accountGroupIds: [...new Set(accountGroupIds)] };
}

/** @throws DomainError LIMIT_EXCEEDED */
export function assertGroupCount(count: number, ...path: string[]): void {
  if (count > MAXIMUM_GROUPS)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `A publication is offered to at most ${MAXIMUM_GROUPS} account groups; these would be ${count}.`,
      { path },
    );
}

/** Both together. */
export const unitedAudience = (left: Audience, right: Audience): Audience =>
  left.visibility === 'PUBLIC' || right.visibility === 'PUBLIC'
    ? EVERYONE
    : {
        visibility: 'PRIVATE',
        accountGroupIds: [...new Set([...left.accountGroupIds, ...right.accountGroupIds])],
      };

/** Whether everyone whom `inner` reaches is reached by `outer`, too, whoever joins the groups. */
export const includesAudience = (outer: Audience, inner: Audience): boolean =>
  outer.visibility === 'PUBLIC' ||
  (inner.visibility === 'PRIVATE' &&
    inner.accountGroupIds.every((group) => outer.accountGroupIds.includes(group)));
