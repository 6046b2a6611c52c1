import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { invalid } from '../../domain/errors';
import { searchWords } from '../../domain/text';
import { escapeLike } from '../search';

/** What separates words in the catalog's search: `fedora-coreos_v5.7` is found by `coreos` and by `v5`. */
export const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** SQL: the words of a text, with the weight of the place where they stand. */
const weighted = (text: string, weight: 'A' | 'B' | 'C' | 'D'): string =>
  `setweight(to_tsvector('simple', translate(coalesce(${text}, ''), $2, repeat(' ', length($2)))), '${weight}')`;

/**
 * SQL: by what words `publication` is found: its name, then categories, then short description and publisher, then long
 * description. What its lineage says is looked up by key, whatever the statistics say. `$2`: `PUNCTUATION`.
 */
export const PUBLICATION_SEARCH = `(SELECT ${[
  weighted('publication.name', 'A'),
  weighted("array_to_string(lineage.categories, ' ')", 'B'),
  weighted("concat_ws(' ', lineage.short_description, organization.name)", 'C'),
  weighted('lineage.long_description', 'D'),
].join(' || ')}
  FROM published_lineages AS lineage
  LEFT JOIN organizations AS organization ON organization.account_id = lineage.account_id
  WHERE lineage.lineage_id = publication.lineage_id)`;

/**
 * Writes anew by what words the publications of these lineages are found: call it whenever name, categories or a
 * description of them changed.
 */
export const refreshPublicationSearch = (
  manager: EntityManager,
  lineageIds: readonly string[],
): Promise<void> => refresh(manager, 'lineage_id = ANY($1::uuid[])', lineageIds);

/** The same for all that an account published: call it when its organization's name changed. */
export const refreshPublisherSearch = (manager: EntityManager, accountId: string): Promise<void> =>
  refresh(manager, 'account_id = $1::uuid', accountId);

async function refresh(
  manager: EntityManager,
  which: string,
  parameter: string | readonly string[],
): Promise<void> {
  // In the order of ids, as imports lock those that they count.
  const locked: { id: string }[] = await manager.query(
    `SELECT id FROM publications WHERE ${which} ORDER BY id FOR NO KEY UPDATE`,
    [parameter],
  );
  // A statement of its own: it sees what was committed while they were waited for.
  await manager.query(
    `UPDATE publications AS publication SET search = ${PUBLICATION_SEARCH} WHERE publication.id = ANY($1)`,
    [locked.map(({ id }) => id), PUNCTUATION],
  );
}

/** The words that the catalog's search tells apart in one word of a request. */
const wordsIn = (word: string): string[] =>
  [...word]
    .map((character) => (PUNCTUATION.includes(character) ? ' ' : character))
    .join('')
    .split(' ')
    // Anything else is in no text query.
    .filter((part) => /[\p{L}\p{N}]/u.test(part));

/** A text query, as `to_tsquery('simple', …)` takes it: words of the request, found where publications have them. */
const textQuery = (words: readonly string[], suffix: string, operator: '&' | '|'): string =>
  words.map((word) => `'${word}'${suffix}`).join(` ${operator} `);

/** Longer words are in no text. */
const MAXIMUM_WORD_LENGTH = 255;
/** Shorter parts have no trigram: the index would be read whole. */
const SHORTEST_PART = 3;

/** The words of a search of the catalog. @throws DomainError INVALID */
export function catalogWords(search: string): string[] {
  const words = searchWords(search, 'filter', 'search');
  const long = words.find(({ length }) => length > MAXIMUM_WORD_LENGTH);
  if (long !== undefined)
    throw invalid(
      `A word of \`search\` has ${long.length} characters; at most ${MAXIMUM_WORD_LENGTH} are searched.`,
      'filter',
      'search',
    );
  return words;
}

/** Every word must begin a word of the publication, or occur in its name. */
export function wherePublicationHas(
  query: SelectQueryBuilder<ObjectLiteral>,
  words: readonly string[],
): void {
  for (const [index, word] of words.entries()) {
    const parts = wordsIn(word);
    const beginning = `publication.search @@ to_tsquery('simple', :beginning${index})`;
    const inName = `publication.name ILIKE :inName${index}`;
    const ways = [
      ...(parts.length > 0 ? [beginning] : []),
      ...(parts.length === 0 || word.length >= SHORTEST_PART ? [inName] : []),
    ];
    query.andWhere(`(${ways.join(' OR ')})`, {
      [`beginning${index}`]: textQuery(parts, ':*', '&'),
      [`inName${index}`]: `%${escapeLike(word)}%`,
    });
  }
}

/** By what the search ranks what it found: words that are there count more than those that are there in part. */
export const rankedQuery = (words: readonly string[]): string => {
  const parts = words.flatMap(wordsIn);
  return [textQuery(parts, '', '|'), textQuery(parts, ':*', '|')].filter((part) => part !== '').join(' | ');
};

/** Only publications of this category, ignoring case; the index of the search narrows, the list decides. */
export function whereCategory(query: SelectQueryBuilder<ObjectLiteral>, category: string): void {
  const words = wordsIn(category);
  if (words.length > 0 && category.length <= MAXIMUM_WORD_LENGTH)
    query.andWhere(`publication.search @@ to_tsquery('simple', :categoryWords)`, {
      categoryWords: textQuery(words, ':B', '&'),
    });
  query.andWhere(
    `EXISTS (SELECT FROM published_lineages AS lineage CROSS JOIN unnest(lineage.categories) AS category
     WHERE lineage.lineage_id = publication.lineage_id AND lower(category) = lower(:category))`,
    { category: category.trim() },
  );
}
