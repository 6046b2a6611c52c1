import type { ImageType } from '../catalog/cloud-image';
import { invalid, type DomainError } from '../errors';
import { checkOverride, type ImageField } from './check-override';
import type { ChosenKeys } from './chosen-keys';

/** Rows of what may be chosen, by key. */
export interface ChoosableRows {
  readonly images: ReadonlyMap<string, { readonly cloudId: string; readonly imageType: ImageType }>;
  readonly instanceTypes: ReadonlyMap<string, { readonly cloudId: string }>;
}

const IMAGE_CHOICES = [
  ['IMAGE', 'imageId'],
  ['KERNEL_IMAGE', 'kernelImageId'],
  ['RAMDISK_IMAGE', 'ramdiskImageId'],
] as const satisfies readonly (readonly [ImageField, keyof ChosenKeys])[];

/**
 * what is chosen for the wrong cloud, or an image for the wrong slot, is refused at once. Whether it is visible
 * is the caller's question: what isn't among the rows is passed over.
 *
 * @param path of the choices in the input
 * @returns INVALID naming the field, or `null` when all choices can stand
 */
export function refusalOfChoices(
  choices: Pick<ChosenKeys, 'imageId' | 'instanceTypeId' | 'kernelImageId' | 'ramdiskImageId'>,
  cloudId: string,
  { images, instanceTypes }: ChoosableRows,
  ...path: string[]
): DomainError | null {
  for (const [field, property] of IMAGE_CHOICES) {
    const image = images.get(choices[property] ?? '');
    const refusal = image && checkOverride({ field, image, cloudId });
    if (refusal) return invalid(refusal, ...path, property);
  }
  const instanceType = instanceTypes.get(choices.instanceTypeId ?? '');
  const refusal = instanceType && checkOverride({ field: 'INSTANCE_TYPE', instanceType, cloudId });
  return refusal ? invalid(refusal, ...path, 'instanceTypeId') : null;
}
