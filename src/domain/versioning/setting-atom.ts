import { keyOf, optionalKeyOf, toGlobalId } from '../global-id';
import type { SettingContent } from './check-setting';
import type { SettingAtom } from './component-content';

/** A setting as content: global ids, the cloud apart (it is the key). */
export function toSettingAtom(setting: SettingContent): SettingAtom {
  const { imageId, instanceTypeId, kernelImageId, ramdiskImageId, userData } = setting;
  return {
    imageId: toGlobalId('CloudImage', imageId),
    instanceTypeId: toGlobalId('InstanceType', instanceTypeId),
    kernelImageId: kernelImageId && toGlobalId('CloudImage', kernelImageId),
    ramdiskImageId: ramdiskImageId && toGlobalId('CloudImage', ramdiskImageId),
    userData,
  };
}

/** The same by row keys. @param cloudId global id */
export function fromSettingAtom(cloudId: string, atom: SettingAtom): SettingContent {
  return {
    cloudId: keyOf('Cloud', cloudId),
    imageId: keyOf('CloudImage', atom.imageId),
    instanceTypeId: keyOf('InstanceType', atom.instanceTypeId),
    kernelImageId: optionalKeyOf('CloudImage', atom.kernelImageId),
    ramdiskImageId: optionalKeyOf('CloudImage', atom.ramdiskImageId),
    userData: atom.userData,
  };
}
