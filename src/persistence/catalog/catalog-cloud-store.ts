import type { EntityManager } from 'typeorm';
import { Cloud } from '../../entities/catalog/cloud';

/** The name of the public cloud of this type and region; `null`: there is none. */
export async function publicCloudName(
  manager: EntityManager,
  cloudType: string,
  region: string,
): Promise<string | null> {
  const row = await manager
    .createQueryBuilder(Cloud, 'cloud')
    .select('cloud.name', 'name')
    .where('cloud.accountId IS NULL AND cloud.cloudType = :cloudType AND cloud.region = :region', {
      cloudType,
      region,
    })
    .getRawOne<{ name: string }>();
  return row?.name ?? null;
}
