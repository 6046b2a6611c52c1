import { DomainError, invalid } from '../errors';
import { assertDescription, assertStorable } from '../text';

const MAXIMUM_SHORT_DESCRIPTION = 255;
const MAXIMUM_CATEGORIES = 20;
const MAXIMUM_CATEGORY = 64;

/** What all publications of a lineage share. What is left out stays, or, the first time, is empty. */
export interface PublicationWords {
  readonly shortDescription?: string;
  /** `null`: none. */
  readonly longDescription?: string | null;
  readonly categories?: readonly string[];
}

/** As a request gives them: `null` and left out are told apart where that makes a difference. */
export interface RequestedWords {
  readonly shortDescription?: string | null;
  readonly longDescription?: string | null;
  readonly categories?: readonly string[] | null;
}

/** The words as they are kept. @throws DomainError INVALID or LIMIT_EXCEEDED, naming the field */
export function publicationWords({
  shortDescription,
  longDescription,
  categories,
}: RequestedWords): PublicationWords {
  assertDescription(longDescription, 'input', 'longDescription');
  return {
    ...(shortDescription !== undefined && { shortDescription: shortened(shortDescription) }),
    ...(longDescription !== undefined && { longDescription }),
    ...(categories !== undefined && { categories: uniqueCategories(categories) }),
  };
}

function shortened(text: string | null): string {
  const trimmed = (text ?? '').trim();
  assertStorable(trimmed, 'input', 'shortDescription');
  if (trimmed === '')
    throw invalid('`shortDescription` is empty: say in a line what it is for.', 'input', 'shortDescription');
  if (trimmed.length > MAXIMUM_SHORT_DESCRIPTION)
    throw invalid(
      `\`shortDescription\` has ${trimmed.length} characters; at most ${MAXIMUM_SHORT_DESCRIPTION} are allowed: say more in \`longDescription\`.`,
      'input',
      'shortDescription',
    );
  return trimmed;
}

/** Unique ignoring case; the first spelling stays. */
function uniqueCategories(categories: readonly string[] | null): string[] {
  const bySpelling = new Map<string, string>();
  for (const category of categories ?? []) {
    const trimmed = category.trim();
    assertStorable(trimmed, 'input', 'categories');
    if (trimmed === '' || trimmed.length > MAXIMUM_CATEGORY)
      throw invalid(
        `A category has 1 to ${MAXIMUM_CATEGORY} characters; "${trimmed.slice(0, 80)}" has ${trimmed.length}.`,
        'input',
        'categories',
      );
    const key = trimmed.toLowerCase();
    if (!bySpelling.has(key)) bySpelling.set(key, trimmed);
  }
  if (bySpelling.size > MAXIMUM_CATEGORIES)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `At most ${MAXIMUM_CATEGORIES} categories are allowed; these are ${bySpelling.size}.`,
      { path: ['input', 'categories'] },
    );
  return [...bySpelling.values()];
}

/** The notes of a publication: what was said, else the commit message. @throws DomainError INVALID */
export function revisionNotes(
  requested: string | null | undefined,
  commitMessage: string | null,
): string | null {
  assertDescription(requested, 'input', 'revisionNotes');
  return requested === undefined ? commitMessage : requested;
}

/** The words of what is published along and was never described for the marketplace: its own. */
export function wordsOf({
  name,
  description,
}: {
  readonly name: string;
  readonly description: string | null;
}): Required<PublicationWords> {
  const text = (description ?? '').trim();
  if (text === '') return { shortDescription: name, longDescription: null, categories: [] };
  if (text.length <= MAXIMUM_SHORT_DESCRIPTION)
    return { shortDescription: text, longDescription: null, categories: [] };
  // Cut before half a surrogate pair, which can't be stored.
  const start = text.slice(0, MAXIMUM_SHORT_DESCRIPTION - 1).replace(/[\uD800-\uDBFF]$/, '');
  return { shortDescription: `${start}…`, longDescription: description, categories: [] };
}
