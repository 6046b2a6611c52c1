import type { Viewer } from '../../domain/access/viewer';
import { InstanceType } from '../../entities/catalog/instance-type';
import type { ListQuery } from '../keyset-page';
import { selectRows } from '../select';
import { instanceTypeVisible } from '../visibility';

export interface InstanceTypeFilter {
  cloudId?: string | null;
  name?: string | null;
  cpuArchitecture?: string | null;
  offered?: boolean | null;
}

/** Types that the viewer sees of a cloud (the parent). */
export const instanceTypesOfCloud = (viewer: Viewer): ListQuery<InstanceType> => ({
  ...instanceTypeList(viewer),
  name: 'instanceTypesOfCloud',
});

/** Types that the viewer sees; with a parent, those of that cloud. */
export function instanceTypeList(viewer: Viewer, filter: InstanceTypeFilter = {}): ListQuery<InstanceType> {
  return {
    name: 'instanceTypes',
    order: {
      keys: [
        { expression: 'type.name', property: 'name', type: 'text' },
        { expression: 'type.id', property: 'id', type: 'uuid' },
      ],
      descending: false,
    },
    rows: (manager, parent) => {
      const query = selectRows(manager, InstanceType, 'type').where(instanceTypeVisible('type'), {
        viewer: viewer.accountId,
      });
      if (parent !== null) query.andWhere(`type.cloud_id = ${parent}`);
      if (filter.cloudId != null) query.andWhere('type.cloud_id = :cloudId', { cloudId: filter.cloudId });
      if (filter.name != null)
        query.andWhere('strpos(lower(type.name), lower(:name)) > 0', { name: filter.name });
      if (filter.cpuArchitecture != null)
        query.andWhere(':cpuArchitecture = ANY(type.cpu_architectures)', {
          cpuArchitecture: filter.cpuArchitecture,
        });
      if (filter.offered != null) query.andWhere('type.offered = :offered', { offered: filter.offered });
      return query;
    },
  };
}
