import type { Viewer } from '../../domain/access/viewer';
import { Cloud } from '../../entities/catalog/cloud';
import type { ListQuery } from '../keyset-page';
import { selectRows } from '../select';
import { cloudVisible } from '../visibility';

/** All clouds that the viewer sees, by name, with the word whether the MCI version (the parent) has a setting for each. */
export function coverageList(viewer: Viewer): ListQuery<Cloud> {
  return {
    name: 'coverage',
    order: {
      keys: [
        { expression: 'cloud.name', property: 'name', type: 'text' },
        { expression: 'cloud.id', property: 'id', type: 'uuid' },
      ],
      descending: false,
    },
    rows: (manager, parent) =>
      selectRows(manager, Cloud, 'cloud')
        .addSelect(
          `EXISTS (SELECT FROM multi_cloud_image_settings AS setting
           WHERE setting.multi_cloud_image_id = ${parent} AND setting.cloud_id = cloud.id)`,
          'covered',
        )
        .where(cloudVisible('cloud'), { viewer: viewer.accountId }),
  };
}
