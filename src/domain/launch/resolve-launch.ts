import type { ImageFacts, LaunchInputs } from './configuration';
import { launchAdvisories } from './launch-advisories';
import { launchTags } from './launch-tags';
import type { LaunchResolution, ResolvedImage, Sourced } from './resolution';
import { resolveMultiCloudImage } from './resolve-multi-cloud-image';
import { resolveSettingFields } from './resolve-setting-fields';

/**
 * Which image a machine will boot from in this cloud, with everything that goes with it, and why (section 7).
 * Always answers: what stands in the way of a launch is an advisory, never an error.
 */
export function resolveLaunch(inputs: LaunchInputs): LaunchResolution {
  const { decided: multiCloudImage, steps } = resolveMultiCloudImage(inputs);
  const fields = resolveSettingFields(inputs, multiCloudImage?.value ?? null);
  const { image, instanceType, kernelImage, ramdiskImage, userData } = fields;
  const alternatives = inputs.serverTemplate.multiCloudImages.filter(
    ({ id, setting }) => setting !== null && id !== multiCloudImage?.value.id,
  );
  const advisories = launchAdvisories(inputs, {
    multiCloudImage,
    image: image.decided,
    instanceType: instanceType.decided,
    kernelImage: kernelImage.decided,
    ramdiskImage: ramdiskImage.decided,
    alternatives,
  });
  return {
    status: advisories.some(({ severity }) => severity === 'BLOCKING') ? 'BLOCKED' : 'READY',
    multiCloudImage,
    setting: multiCloudImage?.value.setting ?? null,
    image: asViewed(image.decided),
    instanceType: instanceType.decided,
    kernelImage: asViewed(kernelImage.decided),
    ramdiskImage: asViewed(ramdiskImage.decided),
    userData: userData.decided,
    tags: launchTags(inputs.tags ?? [], multiCloudImage?.value.tags ?? []),
    alternatives,
    advisories,
    steps: [
      ...steps,
      ...image.steps,
      ...instanceType.steps,
      ...kernelImage.steps,
      ...ramdiskImage.steps,
      ...userData.steps,
    ],
  };
}

function asViewed(image: Sourced<ImageFacts> | null): ResolvedImage | null {
  if (!image) return null;
  const { value, source } = image;
  return { value: value.visible ? value : null, resourceUid: value.resourceUid, source };
}
