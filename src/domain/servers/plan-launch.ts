import type { Advisory } from '../advisories/advisory';
import { DomainError } from '../errors';
import type { LaunchInputs } from '../launch/configuration';
import type { LaunchResolution } from '../launch/resolution';
import { resolveLaunch } from '../launch/resolve-launch';
import { cloudNotSupported } from './cloud-support';

/** What a launch freezes, by row keys. */
export interface FrozenLaunch {
  readonly serverTemplateId: string;
  readonly launchedFromId: string;
  readonly launchedFromVersion: number;
  readonly multiCloudImageId: string;
  readonly multiCloudImageVersion: number;
  readonly imageId: string;
  readonly instanceTypeId: string;
  readonly kernelImageId: string | null;
  readonly ramdiskImageId: string | null;
  readonly userData: string | null;
  readonly tags: readonly string[];
  readonly launchedTags: readonly string[];
}

/**
 * resolves what would be launched now, and freezes it.
 *
 * @param path of the input field that names the server or array
 * @throws DomainError when anything blocks the launch: CLOUD_NOT_SUPPORTED, INSTANCE_TYPE_MISSING, else INVALID
 */
export function planLaunch(inputs: LaunchInputs, ...path: string[]): FrozenLaunch {
  const resolution = resolveLaunch(inputs);
  if (resolution.status === 'BLOCKED') throw blocked(inputs, resolution, path);
  const { multiCloudImage, image, instanceType, kernelImage, ramdiskImage, userData, tags } = resolution;
  if (!multiCloudImage || !image?.value || !instanceType)
    throw new Error('A resolution that nothing blocks has an MCI, an image and an instance type');
  return {
    serverTemplateId: inputs.serverTemplate.id,
    launchedFromId: inputs.serverTemplate.id,
    launchedFromVersion: inputs.serverTemplate.version,
    multiCloudImageId: multiCloudImage.value.id,
    multiCloudImageVersion: multiCloudImage.value.version,
    imageId: image.value.id,
    instanceTypeId: instanceType.value.id,
    kernelImageId: kernelImage?.value?.id ?? null,
    ramdiskImageId: ramdiskImage?.value?.id ?? null,
    userData: userData?.value ?? null,
    tags,
    launchedTags: tags,
  };
}

function blocked(inputs: LaunchInputs, resolution: LaunchResolution, path: string[]): DomainError {
  const reasons = resolution.advisories.filter(({ severity }) => severity === 'BLOCKING');
  const message = reasons.map((reason) => reason.message).join(' ');
  const says = (code: Advisory['code']) => reasons.some((reason) => reason.code === code);
  if (says('CLOUD_NOT_SUPPORTED')) return cloudNotSupported(inputs, resolution, message, ...path);
  return new DomainError(says('INSTANCE_TYPE_MISSING') ? 'INSTANCE_TYPE_MISSING' : 'INVALID', message, {
    path,
  });
}
