import type { EntityManager } from 'typeorm';
import { Cloud } from '../../entities/catalog/cloud';
import type { Viewer } from '../../domain/access/viewer';
import type { ListQuery, Order } from '../keyset-page';
import { selectRows } from '../select';
import { cloudVisible } from '../visibility';

export interface CloudFilter {
  cloudType?: string | null;
  region?: string | null;
  name?: string | null;
  public?: boolean | null;
}

const BY_NAME: Order = {
  keys: [
    { expression: 'cloud.name', property: 'name', type: 'text' },
    { expression: 'cloud.id', property: 'id', type: 'uuid' },
  ],
  descending: false,
};

export function cloudList(viewer: Viewer, filter: CloudFilter = {}): ListQuery<Cloud> {
  return {
    name: 'clouds',
    order: BY_NAME,
    rows: (manager) => {
      const query = selectRows(manager, Cloud, 'cloud').where(cloudVisible('cloud'), {
        viewer: viewer.accountId,
      });
      if (filter.cloudType != null)
        query.andWhere('cloud.cloud_type = :cloudType', { cloudType: filter.cloudType });
      if (filter.region != null) query.andWhere('cloud.region = :region', { region: filter.region });
      if (filter.name != null)
        query.andWhere('strpos(lower(cloud.name), lower(:name)) > 0', { name: filter.name });
      if (filter.public != null) query.andWhere(`cloud.account_id IS ${filter.public ? '' : 'NOT '}NULL`);
      return query;
    },
  };
}

/** the clouds that can still be added to an MCI (the parent). */
export function missingCloudList(viewer: Viewer): ListQuery<Cloud> {
  return {
    name: 'missingClouds',
    order: BY_NAME,
    rows: (manager, parent) =>
      selectRows(manager, Cloud, 'cloud')
        .where(cloudVisible('cloud'), { viewer: viewer.accountId })
        .andWhere(
          `NOT EXISTS (SELECT FROM multi_cloud_image_settings AS setting
           WHERE setting.multi_cloud_image_id = ${parent} AND setting.cloud_id = cloud.id)`,
        ),
  };
}

/** The keys of the clouds of this type and region that the viewer sees. */
export async function cloudIdsOf(
  manager: EntityManager,
  viewer: Viewer,
  filter: Pick<CloudFilter, 'cloudType' | 'region'>,
): Promise<string[]> {
  const rows = await cloudList(viewer, filter).rows(manager, null).getRawMany<{ id: string }>();
  return rows.map((row) => row.id);
}
