import type { EntityManager } from 'typeorm';
import type { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import type { ServerTemplate } from '../../entities/components/server-template';

/** The key of an account's HEAD of this name; names are not unique, so the first that was made. */
export async function headByName(
  manager: EntityManager,
  entity: typeof MultiCloudImage | typeof ServerTemplate,
  accountId: string,
  name: string,
): Promise<string | null> {
  const row = await manager
    .createQueryBuilder(entity, 'component')
    .select('component.id', 'id')
    .where('component.account_id = :accountId AND component.name = :name', { accountId, name })
    .andWhere('component.revision = 0 AND NOT component.snapshot AND component.deleted_at IS NULL')
    .orderBy('component.created_at')
    .addOrderBy('component.id')
    .limit(1)
    .getRawOne<{ id: string }>();
  return row?.id ?? null;
}
