import type { Viewer } from '../../domain/access/viewer';
import type { Instance } from '../../entities/servers/instance';
import type { ListQuery } from '../../persistence/keyset-page';
import { columnOf, one, part, value } from '../../persistence/planner/fields';
import { page } from '../../persistence/planner/page';
import type { Place, PlannedField, PlannedFields, Rows } from '../../persistence/planner/planner';
import { SERVERS, SERVER_ARRAYS } from '../../persistence/servers/definition-kind';
import { currentInstanceRows } from '../../persistence/servers/instance-batches';
import {
  instanceList,
  instancesOfServer,
  instancesOfServerArray,
  type InstanceFilter,
} from '../../persistence/servers/instance-list';
import { launchOrderList, type LaunchOrderFilter } from '../../persistence/servers/launch-order-list';
import {
  definitionList,
  definitionsOfDeployment,
  deploymentList,
  type DeploymentFilter,
  type ServerFilter,
} from '../../persistence/servers/server-list';
import { instanceFilter, launchOrderFilter, serverFilter } from '../decode';
import { byId, imageResourceUid, reference } from './nodes';

const filterOf = <F>({ field }: Place): F | null => (field.arguments()['filter'] ?? null) as F | null;

/** Instances of the row, those that run or those that do not, or all. */
export const instancesAt = (
  list: (viewer: Viewer, running: boolean | null) => ListQuery<Instance>,
): PlannedField =>
  page(
    'Instance',
    ({ viewer, field }) => list(viewer, (field.arguments()['running'] ?? null) as boolean | null),
    'id',
  );

/** What is launched of, or was: by the columns that servers, arrays and instances share. */
const launchValues: PlannedFields = {
  cloud: reference('Cloud', 'cloudId'),
  serverTemplate: reference('ServerTemplate', 'serverTemplateId'),
  multiCloudImage: reference('MultiCloudImage', 'multiCloudImageId'),
  image: reference('CloudImage', 'imageId'),
  instanceType: reference('InstanceType', 'instanceTypeId'),
  kernelImage: reference('CloudImage', 'kernelImageId'),
  ramdiskImage: reference('CloudImage', 'ramdiskImageId'),
};

/** What is chosen. How a launch would turn out is worked out by the domain, not by SQL. */
export const launchConfigurationFields = launchValues;

const definitionFields: PlannedFields = {
  deployment: reference('Deployment', 'deploymentId'),
  next: part('LaunchConfiguration'),
};

const currentOf = ({ manager, viewer, column }: Place): Rows =>
  currentInstanceRows(manager, viewer, `= ${column('id')}`);

export const serverFields: PlannedFields = {
  ...definitionFields,
  current: one('Instance', currentOf),
  state: columnOf('state', currentOf),
  instances: instancesAt(instancesOfServer),
};

export const serverArrayFields: PlannedFields = {
  ...definitionFields,
  instances: instancesAt(instancesOfServerArray),
};

export const deploymentFields: PlannedFields = {
  servers: page('Server', ({ viewer }) => definitionsOfDeployment(SERVERS, viewer), 'id'),
  serverArrays: page('ServerArray', ({ viewer }) => definitionsOfDeployment(SERVER_ARRAYS, viewer), 'id'),
};

/** JavaScript's times have milliseconds. */
const bootSeconds = ({ column }: Place): string => {
  const [claimable, operational] = ['claimableAt', 'operationalAt'].map(
    (property) => `date_trunc('milliseconds', ${column(property)})`,
  );
  return `CASE WHEN NOT ${column('forced')} THEN trim_scale(extract(epoch FROM ${operational} - ${claimable})) END`;
};

export const instanceFields: PlannedFields = {
  ...launchValues,
  server: reference('Server', 'serverId'),
  serverArray: reference('ServerArray', 'serverArrayId'),
  launchedFrom: reference('ServerTemplate', 'launchedFromId'),
  imageResourceUid,
  userData: value(({ column }) => column('userData')),
  bootSeconds: value(bootSeconds),
};

export const launchOrderFields: PlannedFields = {
  instance: reference('Instance', 'instanceId'),
  image: reference('CloudImage', 'imageId'),
};

export const serverRoots: PlannedFields = {
  deployments: page('Deployment', (place) =>
    deploymentList(place.viewer, filterOf<DeploymentFilter>(place) ?? {}),
  ),
  deployment: byId('Deployment'),
  servers: page('Server', (place) =>
    definitionList(SERVERS, place.viewer, serverFilter(filterOf<ServerFilter>(place))),
  ),
  server: byId('Server'),
  serverArrays: page('ServerArray', (place) =>
    definitionList(SERVER_ARRAYS, place.viewer, serverFilter(filterOf<ServerFilter>(place))),
  ),
  serverArray: byId('ServerArray'),
  instances: page('Instance', (place) =>
    instanceList(place.viewer, instanceFilter(filterOf<InstanceFilter>(place))),
  ),
  instance: byId('Instance'),
  launchOrders: page('LaunchOrder', (place) =>
    launchOrderList(place.viewer, launchOrderFilter(filterOf<LaunchOrderFilter>(place))),
  ),
};
