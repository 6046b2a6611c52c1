import type { EntityManager } from 'typeorm';
import { queryPrepared } from './prepared-statement';

/** A statement whose parameters have names (`:viewer`), as the predicates of `visibility.ts` write them. */
export function queryNamed<R>(
  manager: EntityManager,
  statement: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<R[]> {
  const [text, values] = manager.connection.driver.escapeQueryWithParameters(statement, parameters);
  return queryPrepared(manager, text, values);
}
