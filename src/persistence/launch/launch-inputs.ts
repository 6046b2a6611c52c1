import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { LaunchInputs } from '../../domain/launch/configuration';
import { LaunchFacts } from './launch-facts';
import type { LaunchRequest } from '../servers/launch-request';
import { readLaunchRows, type LaunchRows } from './launch-rows';

export type { ChosenKeys } from '../../domain/launch/chosen-keys';
export type { LaunchRequest } from '../servers/launch-request';

/**
 * What `resolveLaunch` needs, for any number of launches in a bounded number of statements.
 *
 * @returns in their order; `null` when the template, the cloud, or anything that a REQUEST layer names isn't visible
 *   . An image that a server or array chose stays, also when the account doesn't see it any more: `visible`
 *   says so.
 */
export async function readLaunchInputs(
  manager: EntityManager,
  viewer: Viewer,
  requests: readonly LaunchRequest[],
): Promise<(LaunchInputs | null)[]> {
  const rows = await readLaunchRows(manager, viewer, requests);
  return toLaunchInputs(rows, viewer, requests);
}

/** The same from rows that were read for these requests. */
export function toLaunchInputs(
  rows: LaunchRows,
  viewer: Viewer,
  requests: readonly LaunchRequest[],
): (LaunchInputs | null)[] {
  const facts = new LaunchFacts(rows, viewer.now);
  return requests.map((request) => (isVisible(rows, request) ? inputsOf(facts, request) : null));
}

function isVisible(rows: LaunchRows, { serverTemplateId, cloudId, layers }: LaunchRequest): boolean {
  const requested = layers.filter(({ source }) => source === 'REQUEST').map(({ choices }) => choices);
  return (
    rows.serverTemplates.has(serverTemplateId) &&
    rows.clouds.has(cloudId) &&
    requested.every(
      ({ multiCloudImageId, instanceTypeId, imageId, kernelImageId, ramdiskImageId }) =>
        (multiCloudImageId === null || rows.multiCloudImages.has(multiCloudImageId)) &&
        (instanceTypeId === null || rows.instanceTypes.has(instanceTypeId)) &&
        [imageId, kernelImageId, ramdiskImageId].every(
          (id) => id === null || rows.images.get(id)?.visible === true,
        ),
    )
  );
}

function inputsOf(facts: LaunchFacts, request: LaunchRequest): LaunchInputs {
  const { serverTemplateId, cloudId, layers, tags } = request;
  return {
    cloud: facts.cloud(cloudId),
    serverTemplate: facts.serverTemplate(serverTemplateId, cloudId),
    layers: layers.map(({ source, choices }) => ({ source, choices: facts.choices(choices, cloudId) })),
    tags,
  };
}
