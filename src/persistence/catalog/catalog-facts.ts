import { availabilityOf, lifecycleAt } from '../../domain/catalog/image-availability';
import type { ImageFacts, InstanceTypeFacts, SettingFacts } from '../../domain/launch/configuration';
import type { InstanceType } from '../../entities/catalog/instance-type';
import type { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import type { ImageRow } from '../batches';

/** From rows to the plain facts that the rules of resolution and advice work on. */

/** For what was found by a foreign key, and so must be there. */
export function present<T>(row: T | null | undefined, what: string): T {
  if (row == null) throw new Error(`${what} is referenced but cannot be read`);
  return row;
}

/**
 * of an image that the viewer doesn't see, nothing but its uid and availability gets out.
 *
 * @param replacement the row of its `replacementId`, if it has one
 */
export function imageFacts(image: ImageRow, replacement: ImageRow | null, now: Date): ImageFacts {
  const lifecycle = lifecycleAt(image, now);
  const { id, visible, resourceUid, imageType } = image;
  const always = {
    id,
    visible,
    resourceUid,
    imageType,
    lifecycle,
    availability: availabilityOf(lifecycle, visible),
  };
  if (!visible)
    return {
      ...always,
      name: resourceUid,
      replacement: null,
      cpuArchitecture: null,
      operatingSystem: null,
      agentEnabled: false,
      private: true,
    };
  return {
    ...always,
    name: image.name,
    replacement: replacement && isAvailable(replacement, now) ? replacement : null,
    cpuArchitecture: image.cpuArchitecture,
    operatingSystem: image.operatingSystem,
    agentEnabled: image.agentEnabled,
    private: image.ownerAccountId !== null,
  };
}

/** What is gone itself, or not visible, is no cure. */
function isAvailable(image: ImageRow, now: Date): boolean {
  return availabilityOf(lifecycleAt(image, now), image.visible) === 'AVAILABLE';
}

export function instanceTypeFacts({ id, name, cpuArchitectures, offered }: InstanceType): InstanceTypeFacts {
  return { id, name, cpuArchitectures, offered };
}

/** @param facts of every image and instance type that the setting names */
export function settingFacts(
  setting: MultiCloudImageSetting,
  facts: {
    readonly image: (id: string) => ImageFacts;
    readonly instanceType: (id: string) => InstanceTypeFacts;
  },
): SettingFacts {
  const { id, imageId, instanceTypeId, kernelImageId, ramdiskImageId, userData } = setting;
  return {
    id,
    image: facts.image(imageId),
    instanceType: facts.instanceType(instanceTypeId),
    kernelImage: kernelImageId === null ? null : facts.image(kernelImageId),
    ramdiskImage: ramdiskImageId === null ? null : facts.image(ramdiskImageId),
    userData,
  };
}
