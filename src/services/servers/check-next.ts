import { notFound } from '../../domain/errors';
import { NO_CHOICES, type ChosenKeys } from '../../domain/launch/chosen-keys';
import { refusalOfChoices } from '../../domain/launch/check-choices';
import type { ChoiceLayer } from '../../domain/launch/configuration';
import type { ChoiceChanges } from '../../domain/servers/choices';
import { assertCloudSupported } from '../../domain/servers/cloud-support';
import { toLaunchInputs, type LaunchRequest } from '../../persistence/launch/launch-inputs';
import { readLaunchRows, type LaunchRows } from '../../persistence/launch/launch-rows';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { lockWantedVersion } from './lock-wanted';

/** How a server or array is to launch next. */
export interface PlannedNext {
  readonly source: Exclude<ChoiceLayer['source'], 'REQUEST'>;
  readonly cloudId: string;
  readonly serverTemplateId: string;
  readonly choices: ChosenKeys;
  /** What of it the request chose. */
  readonly changes: ChoiceChanges;
  readonly templateChanges: boolean;
  readonly multiCloudImageChanges: boolean;
}

const CHOICES = ['input', 'choices'];

/**
 * Checks what a request chooses: everything is visible, in the cloud, and in its slot, and with a new template or
 * MCI the cloud is supported. A new template and a new MCI are live ones of the local collection; they are
 * locked, so that they aren't deleted meanwhile.
 *
 * @throws DomainError NOT_FOUND, INVALID or CLOUD_NOT_SUPPORTED, naming the field
 */
export async function checkNext(tx: Transaction, next: PlannedNext): Promise<void> {
  const { serverTemplateId, templateChanges, multiCloudImageChanges, changes } = next;
  if (templateChanges)
    await lockWantedVersion(tx, 'ServerTemplate', {
      id: serverTemplateId,
      path: ['input', 'serverTemplateId'],
    });
  if (multiCloudImageChanges && next.choices.multiCloudImageId !== null)
    await lockWantedVersion(tx, 'MultiCloudImage', {
      id: next.choices.multiCloudImageId,
      path: [...CHOICES, 'multiCloudImageId'],
    });
  const viewer = actingViewer(tx);
  const request = requestOf(next);
  const rows = await readLaunchRows(tx.manager, viewer, [request]);
  if (!rows.clouds.has(next.cloudId)) throw notFound('cloud', 'input', 'cloudId');
  assertVisible(rows, changes);
  const refusal = refusalOfChoices({ ...NO_CHOICES, ...changes }, next.cloudId, rows, ...CHOICES);
  if (refusal !== null) throw refusal;
  if (!templateChanges && !multiCloudImageChanges) return;
  const [inputs] = toLaunchInputs(rows, viewer, [request]);
  if (inputs == null) throw new Error('A template that was locked, or its cloud, cannot be read');
  assertCloudSupported(
    inputs,
    ...(changes.multiCloudImageId === undefined
      ? ['input', 'serverTemplateId']
      : [...CHOICES, 'multiCloudImageId']),
  );
}

const requestOf = ({ source, cloudId, serverTemplateId, choices }: PlannedNext): LaunchRequest => ({
  serverTemplateId,
  cloudId,
  layers: [{ source, choices }],
});

/** What was chosen earlier may have gone out of sight; what is chosen now may not. */
function assertVisible({ images, instanceTypes }: LaunchRows, changes: ChoiceChanges): void {
  for (const field of ['imageId', 'kernelImageId', 'ramdiskImageId'] as const) {
    const id = changes[field];
    if (id != null && images.get(id)?.visible !== true) throw notFound('image', ...CHOICES, field);
  }
  const { instanceTypeId } = changes;
  if (instanceTypeId != null && !instanceTypes.has(instanceTypeId))
    throw notFound('instance type', ...CHOICES, 'instanceTypeId');
}
