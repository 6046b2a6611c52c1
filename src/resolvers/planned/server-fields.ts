import type { PlannedFields } from '../../persistence/planner/planner';
import { one } from '../../persistence/planner/fields';
import { page } from '../../persistence/planner/page';
import { SERVERS, SERVER_ARRAYS } from '../../persistence/servers/definition-kind';
import { definitionList } from '../../persistence/servers/server-list';
import type { ServerFilter } from '../../persistence/servers/server-list';
import { serverFilter } from '../decode';
import { byId, nodeOf } from './nodes';

const filterOf = (given: Readonly<Record<string, unknown>>): ServerFilter =>
  serverFilter(given['filter'] as ServerFilter | null);

/** What servers and arrays share. How they would launch is worked out by the domain, not by SQL. */
export const serverDefinitionFields: PlannedFields = {
  deployment: one('Deployment', nodeOf('Deployment', 'deploymentId')),
};

export const serverRoots: PlannedFields = {
  servers: page('Server', ({ viewer, field }) =>
    definitionList(SERVERS, viewer, filterOf(field.arguments())),
  ),
  serverArrays: page('ServerArray', ({ viewer, field }) =>
    definitionList(SERVER_ARRAYS, viewer, filterOf(field.arguments())),
  ),
  server: byId('Server'),
  serverArray: byId('ServerArray'),
  deployment: byId('Deployment'),
};
