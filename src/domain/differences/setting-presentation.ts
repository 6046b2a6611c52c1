import type { SettingAtom } from '../versioning/component-content';
import { keyOfPath, userDataLines, type FieldPresentation } from './field-presentation';
import { onOneLine, quoted, type NamedImage, type Names } from './names';

export const SETTINGS: FieldPresentation = {
  label(path, { clouds }) {
    const cloudId = keyOfPath(path);
    const name = clouds.get(cloudId);
    return `Setting for ${name === undefined ? cloudId : quoted(name)}`;
  },

  refer(path, values, { clouds, images, instanceTypes }) {
    clouds.add(keyOfPath(path));
    for (const value of values) {
      if (value === null) continue;
      const { imageId, instanceTypeId, kernelImageId, ramdiskImageId } = value as SettingAtom;
      for (const id of [imageId, kernelImageId, ramdiskImageId]) if (id !== null) images.add(id);
      instanceTypes.add(instanceTypeId);
    }
  },

  show(_path, value, names) {
    const { imageId, instanceTypeId, kernelImageId, ramdiskImageId, userData } = value as SettingAtom;
    const instanceType = names.instanceTypes.get(instanceTypeId);
    return {
      image: imageOf(names, imageId),
      instanceType: {
        id: instanceType === undefined ? null : instanceTypeId,
        name: instanceType ?? null,
      },
      kernelImage: kernelImageId && imageOf(names, kernelImageId),
      ramdiskImage: ramdiskImageId && imageOf(names, ramdiskImageId),
      userData,
    };
  },

  lines(value, other, names) {
    const { imageId, instanceTypeId, kernelImageId, ramdiskImageId, userData } = value as SettingAtom;
    const otherData = other === null ? null : (other as SettingAtom).userData;
    const image = (slot: string, id: string | null): string[] =>
      id === null ? [] : [`${slot} ${nameOf(imageOf(names, id))}`];
    return [
      ...image('image', imageId),
      `instance type ${onOneLine(names.instanceTypes.get(instanceTypeId) ?? 'that is not visible')}`,
      ...image('kernel', kernelImageId),
      ...image('ramdisk', ramdiskImageId),
      ...userDataLines(userData, otherData),
    ];
  },
};

function imageOf({ images }: Names, id: string): NamedImage {
  const image = images.get(id);
  if (image === undefined) throw new Error(`The image ${id} is referenced but was not read`);
  return image;
}

const nameOf = ({ name, resourceUid }: NamedImage): string =>
  name === null ? resourceUid : `${onOneLine(name)} (${resourceUid})`;
