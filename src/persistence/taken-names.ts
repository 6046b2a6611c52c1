import type { EntityManager } from 'typeorm';
import type { ComponentType } from '../domain/versioning/component-type';
import { COMPONENT_ENTITIES } from './components/component-store';
import { queryPrepared } from './prepared-statement';

/** Those of the names that the account's collection of this kind has; of what is imported the newest revision counts. */
export async function takenNames(
  manager: EntityManager,
  type: ComponentType,
  accountId: string,
  names: readonly string[],
): Promise<Set<string>> {
  const { tableName } = manager.connection.getMetadata(COMPONENT_ENTITIES[type]);
  const rows = await queryPrepared<{ readonly name: string }>(
    manager,
    // As the index says it.
    `SELECT component.name FROM ${tableName} AS component
     WHERE component.account_id = $1 AND component.name = ANY($2)
       AND (component.revision = 0 OR component.original_id IS NOT NULL) AND NOT component.snapshot
       AND NOT component.superseded AND component.deleted_at IS NULL`,
    [accountId, names],
  );
  return new Set(rows.map(({ name }) => name));
}
