import { answeredBySql } from './json';
import type { Operation } from './operation';
import { ME, offered, VIEWER } from './predicates';

/** Of each lineage the highest revision that is offered to who asks. What is superseded for all is in no index of the lists. */
const HIGHEST = `NOT publication.superseded AND ${offered('publication')} AND NOT EXISTS (SELECT FROM publications AS higher
  WHERE higher.lineage_id = publication.lineage_id AND higher.revision > publication.revision AND ${offered('higher')})`;

/** @param found a statement that selects `publication.*` and `sort`, of at most 21 publications, the last of them first */
const answer = (found: string): string => `WITH ${VIEWER}, found AS MATERIALIZED (${found})
  SELECT json_build_object(
    'edges', coalesce(json_agg(json_build_object('node', json_build_object(
      'id', 'pub_' || page.id, 'name', page.name, 'revision', page.revision,
      'shortDescription', lineage.short_description, 'categories', lineage.categories,
      'rating', CASE WHEN page.rating_count > 0 THEN round(page.rating_sum::numeric / page.rating_count, 2) END,
      'ratingCount', page.rating_count,
      'importCount', CASE WHEN page.visibility = 'PUBLIC' OR page.account_id = ${ME} THEN page.import_count END,
      'publisher', json_build_object('name', organization.name))) ORDER BY page.sort DESC, page.id DESC), '[]'),
    'pageInfo', json_build_object('hasNextPage', (SELECT count(*) > 20 FROM found)))::text AS json
  FROM (SELECT * FROM found ORDER BY sort DESC, id DESC LIMIT 20) AS page
  JOIN published_lineages AS lineage ON lineage.lineage_id = page.lineage_id
  JOIN organizations AS organization ON organization.account_id = page.account_id`;

export const marketplaceNewest: Operation = answeredBySql(
  'MARKETPLACE-NEWEST',
  'marketplace',
  answer(`SELECT publication.*, publication.published_at AS sort FROM publications AS publication
    WHERE ${HIGHEST} ORDER BY publication.published_at DESC, publication.id DESC LIMIT 21`),
  () => [],
);

/** `$2`: words to rank by; then of each word how it begins words of the publication, and how it stands in a name. */
const search = (words: number): string => {
  const conditions = Array.from(
    { length: words },
    (_, index) => `AND (publication.search @@ to_tsquery('simple', $${3 + 2 * index})
      OR publication.name ILIKE $${4 + 2 * index})`,
  );
  return answer(`SELECT publication.*,
      (ts_rank(publication.search, to_tsquery('simple', $2)) * 1000000)::integer AS sort
    FROM publications AS publication WHERE ${HIGHEST} ${conditions.join(' ')}
    ORDER BY sort DESC, publication.id DESC LIMIT 21`);
};

/** By relevance. Of words of letters and digits only, at least three each: others have to be taken apart first. */
export const marketplaceSearch: Operation = (input) => {
  const words = input.variables['search']?.split(' ') ?? [];
  const ranked = [...words.map((word) => `'${word}'`), ...words.map((word) => `'${word}':*`)].join(' | ');
  const operation = answeredBySql(
    `MARKETPLACE-SEARCH-${words.length}`,
    'marketplace',
    search(words.length),
    () => [ranked, ...words.flatMap((word) => [`'${word}':*`, `%${word}%`])],
  );
  return operation(input);
};
