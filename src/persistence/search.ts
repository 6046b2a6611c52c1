import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { assertTag } from '../domain/tags';
import { assertStorable, searchWords } from '../domain/text';

/** A text as it stands in an SQL LIKE pattern. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** A name pattern (`*` any text, `?` one character) as an SQL LIKE pattern. */
export function likePattern(pattern: string): string {
  return escapeLike(pattern).replace(/\*/g, '%').replace(/\?/g, '_');
}

/** Every word must occur in name or description; served by the trigram index on exactly this expression. */
export function whereSearch(query: SelectQueryBuilder<ObjectLiteral>, alias: string, search: string): void {
  for (const [index, word] of searchWords(search, 'filter', 'search').entries())
    query.andWhere(`(${alias}.name || ' ' || coalesce(${alias}.description, '')) ILIKE :word${index}`, {
      [`word${index}`]: `%${escapeLike(word)}%`,
    });
}

/** A part of one column, ignoring case; the combined index narrows, the column decides. */
export function whereContains(
  query: SelectQueryBuilder<ObjectLiteral>,
  alias: string,
  column: 'name' | 'description',
  part: string,
): void {
  assertStorable(part, 'filter', column);
  query
    .andWhere(`(${alias}.name || ' ' || coalesce(${alias}.description, '')) ILIKE :${column}Part`)
    .andWhere(`${alias}.${column} ILIKE :${column}Part`, { [`${column}Part`]: `%${escapeLike(part)}%` });
}

/** case-sensitive, an exact tag or `namespace:predicate=*`. `tags`: the SQL expression that holds them. */
export function whereTag(query: SelectQueryBuilder<ObjectLiteral>, tags: string, tag: string): void {
  assertTag(tag, 'filter', 'tag');
  query.andWhere(`tag_search_keys(${tags}) @> ARRAY[:tag]`, { tag });
}

/** The same where the keys that a tag is searched by stand in rows. `key`: the column that holds one. */
export function whereTagKey(query: SelectQueryBuilder<ObjectLiteral>, key: string, tag: string): void {
  assertTag(tag, 'filter', 'tag');
  query.andWhere(`${key} = :tag`, { tag });
}
