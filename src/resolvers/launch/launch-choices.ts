import { optionalKeyOf } from '../../domain/global-id';
import { assertNone } from '../../domain/launch/requested-none';
import { assertUserData } from '../../domain/text';
import type { LaunchField } from '../../domain/launch/configuration';
import type { ChoiceChanges } from '../../domain/servers/choices';
import type { LaunchChoicesInput } from '../types/launch/launch-inputs';

/** Choices with row keys, checked as far as that needs no reading. */
export function toRequestedChoices(
  choices: LaunchChoicesInput | null | undefined,
  ...path: string[]
): ChoiceChanges {
  if (choices == null) return {};
  assertUserData(choices.userData, ...path, 'userData');
  const set: [LaunchField, unknown][] = [
    ['KERNEL_IMAGE', choices.kernelImageId],
    ['RAMDISK_IMAGE', choices.ramdiskImageId],
    ['USER_DATA', choices.userData],
  ];
  const alsoSet = set.flatMap(([field, value]) => (value == null ? [] : [field]));
  return {
    multiCloudImageId: optionalKeyOf(
      'MultiCloudImage',
      choices.multiCloudImageId,
      ...path,
      'multiCloudImageId',
    ),
    imageId: optionalKeyOf('CloudImage', choices.imageId, ...path, 'imageId'),
    instanceTypeId: optionalKeyOf('InstanceType', choices.instanceTypeId, ...path, 'instanceTypeId'),
    kernelImageId: optionalKeyOf('CloudImage', choices.kernelImageId, ...path, 'kernelImageId'),
    ramdiskImageId: optionalKeyOf('CloudImage', choices.ramdiskImageId, ...path, 'ramdiskImageId'),
    userData: choices.userData,
    none: choices.none == null ? choices.none : assertNone(choices.none, alsoSet, ...path),
  };
}
