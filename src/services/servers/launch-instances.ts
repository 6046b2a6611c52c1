import { notFound } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { planLaunch, type FrozenLaunch } from '../../domain/servers/plan-launch';
import type { Server } from '../../entities/servers/server';
import type { ServerArray } from '../../entities/servers/server-array';
import { insertInstances } from '../../persistence/servers/instance-store';
import { readLaunchInputs } from '../../persistence/launch/launch-inputs';
import { lockLaunchComponents } from '../../persistence/servers/launch-lock';
import { insertOrders } from '../../persistence/servers/launch-order-store';
import { nextLaunch } from '../../persistence/servers/launch-request';
import type { Row } from '../../persistence/select';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

/** What a locked server or array would launch now, frozen. @throws DomainError when the launch is blocked */
export async function freezeNext(
  tx: Transaction,
  definition: Row<Server> | Row<ServerArray>,
): Promise<FrozenLaunch> {
  const request = nextLaunch(definition);
  await lockLaunchComponents(tx.manager, request);
  const [inputs] = await readLaunchInputs(tx.manager, actingViewer(tx), [request]);
  if (inputs == null) throw notFound('ServerTemplate of this server', 'input', 'id');
  return planLaunch(inputs, 'input', 'id');
}

/** Instances to launch alike. */
export interface Launch {
  readonly definition: Row<Server> | Row<ServerArray>;
  readonly frozen: FrozenLaunch;
  /** One for each. */
  readonly names: readonly string[];
  /** Whether their orders wait until nothing else of the server runs. */
  readonly waiting: boolean;
}

/** Inserts PENDING instances with their orders, in two statements. @returns their keys, as the names */
export async function launchInstances(
  tx: Transaction,
  { definition, frozen, names, waiting }: Launch,
): Promise<string[]> {
  const { accountId, cloudId, id, __typename } = definition;
  const owner =
    __typename === 'Server' ? { serverId: id, serverArrayId: null } : { serverId: null, serverArrayId: id };
  const instanceIds = await insertInstances(
    tx.manager,
    { accountId, cloudId, ...owner, names, frozen },
    tx.now,
  );
  await insertOrders(tx.manager, { accountId, kind: 'LAUNCH', instanceIds, waiting }, tx.now);
  return instanceIds;
}

export const instanceGlobalIds = (keys: readonly string[]): string[] =>
  keys.map((key) => toGlobalId('Instance', key));
