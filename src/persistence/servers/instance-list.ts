import type { Viewer } from '../../domain/access/viewer';
import type { InstanceState } from '../../domain/servers/instance-state';
import { Instance } from '../../entities/servers/instance';
import { whereDrifted } from './drift-list';
import type { ListQuery, Order } from '../keyset-page';
import { whereTag } from '../search';
import { selectRows } from '../select';

export interface InstanceFilter {
  states?: readonly InstanceState[] | null;
  running?: boolean | null;
  serverId?: string | null;
  serverArrayId?: string | null;
  imageId?: string | null;
  cloudId?: string | null;
  serverTemplateId?: string | null;
  tag?: string | null;
  drifted?: boolean | null;
}

const LAST_LAUNCHED_FIRST: Order = {
  keys: [
    { expression: 'instance.launched_at', property: 'launchedAt', type: 'timestamptz' },
    { expression: 'instance.id', property: 'id', type: 'uuid' },
  ],
  descending: true,
};

const EQUAL = {
  serverId: 'server_id',
  serverArrayId: 'server_array_id',
  cloudId: 'cloud_id',
  serverTemplateId: 'server_template_id',
} as const satisfies Partial<Record<keyof InstanceFilter, string>>;

/**
 * SQL: launched with this image in any slot. Made first, one index per slot: as a condition among others, it would be
 * tested on row after row of the list's order until a page is full.
 */
const launchedWith = (image: string): string =>
  `instance.id = ANY(ARRAY(${['image_id', 'kernel_image_id', 'ramdisk_image_id']
    .map(
      (slot) =>
        `SELECT used.id FROM instances AS used WHERE used.${slot} = ${image} AND used.account_id = :viewer`,
    )
    .join(' UNION ')}))`;

const isRunning = (wanted: boolean): string => `instance.state ${wanted ? '<>' : '='} 'TERMINATED'`;

/** Instances of the viewer's account, the last launched first. */
export function instanceList(viewer: Viewer, filter: InstanceFilter = {}): ListQuery<Instance> {
  return {
    name: 'instances',
    order: LAST_LAUNCHED_FIRST,
    rows: (manager) => {
      const query = selectRows(manager, Instance, 'instance').where('instance.account_id = :viewer', {
        viewer: viewer.accountId,
      });
      for (const [field, column] of Object.entries(EQUAL)) {
        const value = filter[field as keyof typeof EQUAL];
        if (value != null) query.andWhere(`instance.${column} = :${field}`, { [field]: value });
      }
      const { states, running, imageId, tag, drifted } = filter;
      if (states != null) query.andWhere('instance.state = ANY(:states)', { states });
      if (running != null) query.andWhere(isRunning(running));
      if (imageId != null) query.andWhere(launchedWith(':imageId'), { imageId });
      if (tag != null) whereTag(query, 'instance.tags', tag);
      if (drifted != null) whereDrifted(query, 'instance', drifted, viewer);
      return query;
    },
  };
}

/** The instances of a server, an array or an image (the parent), the last launched first. */
function instancesOf(
  name: string,
  viewer: Viewer,
  running: boolean | null,
  condition: (parent: string) => string,
): ListQuery<Instance> {
  return {
    name,
    order: LAST_LAUNCHED_FIRST,
    rows: (manager, parent) => {
      const query = selectRows(manager, Instance, 'instance').where('instance.account_id = :viewer', {
        viewer: viewer.accountId,
      });
      if (parent !== null) query.andWhere(condition(parent));
      return running === null ? query : query.andWhere(isRunning(running));
    },
  };
}

export const instancesOfServer = (viewer: Viewer): ListQuery<Instance> =>
  instancesOf('instancesOfServer', viewer, null, (server) => `instance.server_id = ${server}`);

export const instancesOfServerArray = (viewer: Viewer, running: boolean | null): ListQuery<Instance> =>
  instancesOf('instancesOfServerArray', viewer, running, (array) => `instance.server_array_id = ${array}`);

/** R-5.6: launched with the image in any slot. */
export const instancesUsingImage = (viewer: Viewer, running: boolean | null): ListQuery<Instance> =>
  instancesOf('instancesUsingImage', viewer, running, launchedWith);
