import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { ComponentType } from '../domain/versioning/component-type';
import { COMPONENT_ENTITIES } from './components/component-store';

/** Those of the names that the account's collection of this kind has; of what is imported the newest revision counts. */
export async function takenNames(
  manager: EntityManager,
  type: ComponentType,
  accountId: string,
  names: readonly string[],
): Promise<Set<string>> {
  const rows = await manager
    .createQueryBuilder(COMPONENT_ENTITIES[type] as EntityTarget<ObjectLiteral>, 'component')
    .select('component.name', 'name')
    .where('component.account_id = :accountId AND component.name = ANY(:names)', { accountId, names })
    .andWhere(
      // As the index says it.
      `(component.revision = 0 OR component.original_id IS NOT NULL) AND NOT component.snapshot
       AND NOT component.superseded AND component.deleted_at IS NULL`,
    )
    .getRawMany<{ name: string }>();
  return new Set(rows.map(({ name }) => name));
}
