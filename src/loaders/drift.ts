import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { driftOf, type DriftItem } from '../domain/servers/drift';
import { Server } from '../entities/servers/server';
import { ServerArray } from '../entities/servers/server-array';
import { driftedCounts } from '../persistence/servers/drift-list';
import { readLaunchInputs } from '../persistence/launch/launch-inputs';
import { nextLaunch } from '../persistence/servers/launch-request';
import { ownById } from '../persistence/node-store';
import { runningInstances, type RunningInstance } from '../persistence/servers/running-configurations';

/**
 * By the key of an instance: how it differs from what its server or array would launch now. Those of one tick
 * together, and each server or array resolved once. What is terminated drifts no more.
 */
export const instanceDrift = (
  manager: EntityManager,
  viewer: Viewer,
): DataLoader<string, readonly DriftItem[]> =>
  new DataLoader(async (ids) => {
    const instances = await runningInstances(manager, viewer, ids);
    const definitions = await definitionsOf(manager, viewer, instances);
    const inputs = await readLaunchInputs(manager, viewer, definitions.map(nextLaunch));
    const next = new Map(definitions.map(({ id }, index) => [id, inputs[index]]));
    const drift = new Map(
      instances.map((instance) => {
        const launch = next.get(instance.serverId ?? instance.serverArrayId ?? '');
        if (launch == null) throw new Error(`What instance ${instance.id} belongs to cannot be read`);
        return [instance.id, driftOf(instance, launch)];
      }),
    );
    return ids.map((id) => drift.get(id) ?? []);
  });

/** By the key of an array: how many of its running instances drifted. */
export const driftedInstanceCounts = (manager: EntityManager, viewer: Viewer): DataLoader<string, number> =>
  new DataLoader(async (ids) => {
    const counts = await driftedCounts(manager, viewer, ids);
    const byArray = new Map(counts.map(({ serverArrayId, count }) => [serverArrayId, count]));
    return ids.map((id) => byArray.get(id) ?? 0);
  });

/** The servers and arrays that the instances belong to, each once. */
async function definitionsOf(manager: EntityManager, viewer: Viewer, instances: readonly RunningInstance[]) {
  const keys = (of: 'serverId' | 'serverArrayId'): string[] => [
    ...new Set(instances.map((instance) => instance[of]).filter((id) => id !== null)),
  ];
  const [servers, arrays] = [keys('serverId'), keys('serverArrayId')];
  return [
    ...(servers.length > 0 ? await ownById(manager, Server, viewer, servers) : []),
    ...(arrays.length > 0 ? await ownById(manager, ServerArray, viewer, arrays) : []),
  ];
}
