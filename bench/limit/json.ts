import type { Operation, OperationInput } from './operation';

/** SQL: a list of what a statement selects, as JSON, in its order; empty when there is nothing. */
export const jsonList = (select: string): string =>
  `(SELECT coalesce(json_agg(item), '[]') FROM (${select}) AS item)`;

/**
 * SQL: the first rows of a sorted statement as a Relay connection. Its columns are the node's.
 *
 * @param size how many; one more is read, which tells whether there are more
 */
export const jsonPage = (select: string, size: number | string): string =>
  `(SELECT json_build_object(
      'edges', coalesce(json_agg(json_build_object('node', node)) FILTER (WHERE place <= ${size}), '[]'),
      'pageInfo', json_build_object('hasNextPage', count(*) > ${size}))
    FROM (SELECT row_to_json(item) AS node, row_number() OVER () AS place
      FROM (${select} LIMIT ${size} + 1) AS item) AS numbered)`;

/** A statement that builds the whole answer. @param values of `$2` and so on */
export const answeredBySql =
  (
    name: string,
    field: string,
    text: string,
    values: (variables: OperationInput['variables']) => unknown[],
  ): Operation =>
  async ({ pool, tokenHash, variables }) => {
    const { rows } = await pool.query<{ json: string }>({
      name,
      text,
      values: [tokenHash, ...values(variables)],
    });
    return `{"data":{"${field}":${rows[0]?.json ?? 'null'}}}\n`;
  };
