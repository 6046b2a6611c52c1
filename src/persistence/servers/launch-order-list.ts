import type { Viewer } from '../../domain/access/viewer';
import type { OrderKind, OrderState } from '../../domain/servers/launch-order';
import { LaunchOrder } from '../../entities/servers/launch-order';
import type { ListQuery } from '../keyset-page';
import { selectRows } from '../select';

export interface LaunchOrderFilter {
  states?: readonly OrderState[] | null;
  kinds?: readonly OrderKind[] | null;
  instanceId?: string | null;
}

/** Orders of the viewer's account, the oldest first: as launchers claim them. */
export function launchOrderList(viewer: Viewer, filter: LaunchOrderFilter = {}): ListQuery<LaunchOrder> {
  return {
    name: 'launchOrders',
    order: {
      keys: [
        { expression: 'launch.created_at', property: 'createdAt', type: 'timestamptz' },
        { expression: 'launch.id', property: 'id', type: 'uuid' },
      ],
      descending: false,
    },
    rows: (manager) => {
      const query = selectRows(manager, LaunchOrder, 'launch').where('launch.account_id = :viewer', {
        viewer: viewer.accountId,
      });
      const { states, kinds, instanceId } = filter;
      if (states != null) query.andWhere('launch.state = ANY(:states)', { states });
      if (kinds != null) query.andWhere('launch.kind = ANY(:kinds)', { kinds });
      if (instanceId != null) query.andWhere('launch.instance_id = :instanceId', { instanceId });
      return query;
    },
  };
}
