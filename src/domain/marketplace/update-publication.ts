import { invalid } from '../errors';
import { assertGroupCount, EVERYONE, type Audience } from './audience';
import type { PublicationWords } from './publication-words';

/** To whom a publication is to be offered from now on. */
export interface AudienceChange {
  /** Keys. */
  readonly addAccountGroupIds: readonly string[];
  /** Keys. */
  readonly removeAccountGroupIds: readonly string[];
  readonly makePublic: boolean;
}

/**
 * The audience that a publication has after a change of it: groups come and go, private becomes public, but
 * never the other way round.
 *
 * @param revision of the publication; 0: HEAD
 * @throws DomainError INVALID or LIMIT_EXCEEDED, naming the field
 */
export function changedAudience(
  revision: number,
  before: Audience,
  { addAccountGroupIds: added, removeAccountGroupIds: removed, makePublic }: AudienceChange,
): Audience {
  const field = added.length > 0 ? 'addAccountGroupIds' : 'removeAccountGroupIds';
  if (makePublic || before.visibility === 'PUBLIC') {
    if (added.length + removed.length > 0)
      throw invalid(
        `What is PUBLIC is offered to everyone, and stays so: leave out \`${field}\`.`,
        'input',
        field,
      );
    if (revision === 0)
      throw invalid(
        'Only a committed revision can be PUBLIC: commit HEAD and publish the revision.',
        'input',
        'makePublic',
      );
    return EVERYONE;
  }
  if (added.some((group) => removed.includes(group)))
    throw invalid('The same account group is both added and removed: name it once.', 'input', field);
  const accountGroupIds = [...new Set([...before.accountGroupIds, ...added])].filter(
    (group) => !removed.includes(group),
  );
  if (accountGroupIds.length === 0)
    throw invalid(
      'A PRIVATE publication stays offered to at least one account group: keep or add one, make it public, or hide it with `deprecatePublication`.',
      'input',
      'removeAccountGroupIds',
    );
  assertGroupCount(accountGroupIds.length, 'input', 'addAccountGroupIds');
  return { visibility: 'PRIVATE', accountGroupIds };
}

/** Those of the words that differ from the ones that a lineage has. */
export function changedWords(before: Required<PublicationWords>, words: PublicationWords): PublicationWords {
  const { shortDescription, longDescription, categories } = words;
  return {
    ...(shortDescription !== undefined &&
      shortDescription !== before.shortDescription && { shortDescription }),
    ...(longDescription !== undefined && longDescription !== before.longDescription && { longDescription }),
    ...(categories !== undefined && !sameList(categories, before.categories) && { categories }),
  };
}

const sameList = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((value, index) => value === right[index]);
