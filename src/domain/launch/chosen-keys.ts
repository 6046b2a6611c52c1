import type { OmittableField } from './requested-none';

/** Own choices of a launch by row keys. `null`: inherit, unless the field is in `none`: explicitly nothing. */
export interface ChosenKeys {
  readonly multiCloudImageId: string | null;
  readonly imageId: string | null;
  readonly instanceTypeId: string | null;
  readonly kernelImageId: string | null;
  readonly ramdiskImageId: string | null;
  readonly userData: string | null;
  readonly none: readonly OmittableField[];
}

/** Everything is inherited. */
export const NO_CHOICES: ChosenKeys = {
  multiCloudImageId: null,
  imageId: null,
  instanceTypeId: null,
  kernelImageId: null,
  ramdiskImageId: null,
  userData: null,
  none: [],
};
