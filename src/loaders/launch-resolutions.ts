import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { refusalOfChoices } from '../domain/launch/check-choices';
import type { LaunchInputs } from '../domain/launch/configuration';
import type { LaunchResolution } from '../domain/launch/resolution';
import { resolveLaunch } from '../domain/launch/resolve-launch';
import type { Cloud } from '../entities/catalog/cloud';
import type { ServerTemplate } from '../entities/components/server-template';
import { toLaunchInputs } from '../persistence/launch/launch-inputs';
import { textOfLaunch, type LaunchRequest } from '../persistence/servers/launch-request';
import { readLaunchRows, type LaunchRows } from '../persistence/launch/launch-rows';
import type { Row } from '../persistence/select';

/** A resolution with the rows that it was made for. */
export interface ShownResolution extends LaunchResolution {
  readonly cloudRow: Row<Cloud>;
  readonly serverTemplateRow: Row<ServerTemplate>;
}

/**
 * Resolves launches (section 7), those of one tick together. `null` when anything that a request names is not visible
 * INVALID when it chooses something of another cloud, or for the wrong slot.
 *
 * @param remember is given the rows that were read, so that nothing reads them again to show them
 */
export const launchResolutions = (
  manager: EntityManager,
  viewer: Viewer,
  remember: (rows: LaunchRows) => void,
): DataLoader<LaunchRequest, ShownResolution | null, string> =>
  new DataLoader(
    async (requests) => {
      const rows = await readLaunchRows(manager, viewer, requests);
      remember(rows);
      const inputs = toLaunchInputs(rows, viewer, requests);
      return requests.map((request, index) => resolved(rows, request, inputs[index] ?? null));
    },
    { cacheKeyFn: textOfLaunch },
  );

function resolved(
  rows: LaunchRows,
  { serverTemplateId, cloudId, layers }: LaunchRequest,
  inputs: LaunchInputs | null,
): ShownResolution | Error | null {
  const cloudRow = rows.clouds.get(cloudId);
  const serverTemplateRow = rows.serverTemplates.get(serverTemplateId);
  if (inputs === null || cloudRow === undefined || serverTemplateRow === undefined) return null;
  for (const { source, choices } of layers) {
    const refusal = source === 'REQUEST' ? refusalOfChoices(choices, cloudId, rows, 'choices') : null;
    if (refusal !== null) return refusal;
  }
  return { ...resolveLaunch(inputs), cloudRow, serverTemplateRow };
}
