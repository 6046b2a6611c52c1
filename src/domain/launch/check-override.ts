import type { ImageType } from '../catalog/cloud-image';
import type { LaunchField } from './configuration';

/** The fields that an image can be chosen for. */
export type ImageField = Extract<LaunchField, 'IMAGE' | 'KERNEL_IMAGE' | 'RAMDISK_IMAGE'>;

/** An image chosen for a field, in the cloud that it is to be launched in. */
export interface ImageOverride {
  readonly field: ImageField;
  readonly image: { readonly cloudId: string; readonly imageType: ImageType };
  readonly cloudId: string;
}

/** An instance type, chosen for the cloud that it is to be launched in. */
export interface InstanceTypeOverride {
  readonly field: 'INSTANCE_TYPE';
  readonly instanceType: { readonly cloudId: string };
  readonly cloudId: string;
}

const requiredTypes: Readonly<Record<ImageField, ImageType>> = {
  IMAGE: 'MACHINE',
  KERNEL_IMAGE: 'KERNEL',
  RAMDISK_IMAGE: 'RAMDISK',
};

const typeNames: Readonly<Record<ImageType, string>> = {
  MACHINE: 'a machine image',
  KERNEL: 'a kernel image',
  RAMDISK: 'a ramdisk image',
};

/**
 * what is chosen for the wrong cloud, or an image for the wrong slot, is refused at once. Also holds for the
 * settings of an MCI.
 *
 * @returns what is wrong and how to cure it, or `null` when the choice can stand
 */
export function checkOverride(override: ImageOverride | InstanceTypeOverride): string | null {
  if (override.field === 'INSTANCE_TYPE') {
    return override.instanceType.cloudId === override.cloudId
      ? null
      : 'The instance type belongs to another cloud. Choose an instance type of the cloud that it is to be launched in.';
  }
  const { field, image, cloudId } = override;
  const required = requiredTypes[field];
  if (image.imageType !== required) {
    return (
      `The field ${field} takes ${typeNames[required]}, but the one chosen is ${typeNames[image.imageType]}. ` +
      `Choose ${typeNames[required]}.`
    );
  }
  return image.cloudId === cloudId
    ? null
    : `The image chosen for the field ${field} belongs to another cloud. ` +
        `Choose ${typeNames[required]} of the cloud that it is to be launched in.`;
}
