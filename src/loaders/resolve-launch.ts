import { invalid } from '../domain/errors';
import { checkOverride, type ImageField } from '../domain/launch/check-override';
import type { LaunchChoices } from '../domain/launch/configuration';
import type { LaunchResolution } from '../domain/launch/resolution';
import { resolveLaunch } from '../domain/launch/resolve-launch';
import type { Cloud } from '../entities/cloud';
import type { ServerTemplate } from '../entities/server-template';
import { imageFacts, instanceTypeFacts, multiCloudImageFacts, serverTemplateFacts } from './launch-facts';
import { visibleImage } from './node';
import type { RequestContext } from './request-context';

/** Choices as a request names them: keys. `null`: inherit. In `none`: explicitly nothing. */
export interface RequestedChoices {
  readonly multiCloudImageId?: string | null;
  readonly imageId?: string | null;
  readonly instanceTypeId?: string | null;
  readonly kernelImageId?: string | null;
  readonly ramdiskImageId?: string | null;
  readonly userData?: string | null;
  readonly none?: readonly ('KERNEL_IMAGE' | 'RAMDISK_IMAGE' | 'USER_DATA')[];
}

/** A resolution with the rows that it was made for. */
export interface ShownResolution extends LaunchResolution {
  readonly cloudRow: Cloud;
  readonly serverTemplateRow: ServerTemplate;
}

/**
 * Resolves what a launch of this template in this cloud would use (section 7).
 * `null` when anything that the request names is not visible.
 */
export async function resolveForRequest(
  context: RequestContext,
  template: ServerTemplate,
  cloudId: string,
  requested: RequestedChoices,
): Promise<ShownResolution | null> {
  const cloud = await context.loaders.cloud.load(cloudId);
  if (cloud === null) return null;
  const [serverTemplate, choices] = await Promise.all([
    serverTemplateFacts(context, template, cloudId),
    choicesOf(context, cloudId, requested),
  ]);
  if (choices === null) return null;
  const resolution = resolveLaunch({
    cloud: { id: cloud.id, name: cloud.name },
    serverTemplate,
    layers: [{ source: 'REQUEST', choices }],
  });
  return { ...resolution, cloudRow: cloud, serverTemplateRow: template };
}

async function choicesOf(
  context: RequestContext,
  cloudId: string,
  requested: RequestedChoices,
): Promise<LaunchChoices | null> {
  const [mci, image, instanceType, kernelImage, ramdiskImage] = await Promise.all([
    wanted(requested.multiCloudImageId, (id) => chosenMultiCloudImage(context, id, cloudId)),
    wanted(requested.imageId, (id) => chosenImage(context, id, cloudId, 'IMAGE', 'imageId')),
    wanted(requested.instanceTypeId, (id) => chosenInstanceType(context, id, cloudId)),
    wanted(requested.kernelImageId, (id) =>
      chosenImage(context, id, cloudId, 'KERNEL_IMAGE', 'kernelImageId'),
    ),
    wanted(requested.ramdiskImageId, (id) =>
      chosenImage(context, id, cloudId, 'RAMDISK_IMAGE', 'ramdiskImageId'),
    ),
  ]);
  if ([mci, image, instanceType, kernelImage, ramdiskImage].includes(null)) return null;
  const none = new Set(requested.none);
  return {
    multiCloudImage: mci ?? undefined,
    image: image ?? undefined,
    instanceType: instanceType ?? undefined,
    kernelImage: none.has('KERNEL_IMAGE') ? null : (kernelImage ?? undefined),
    ramdiskImage: none.has('RAMDISK_IMAGE') ? null : (ramdiskImage ?? undefined),
    userData: none.has('USER_DATA') ? null : (requested.userData ?? undefined),
  };
}

/** `undefined`: nothing was named. `null`: what was named is not visible. */
async function wanted<T>(
  id: string | null | undefined,
  find: (id: string) => Promise<T | null>,
): Promise<T | null | undefined> {
  return id == null ? undefined : find(id);
}

async function chosenMultiCloudImage(context: RequestContext, id: string, cloudId: string) {
  const mci = await context.loaders.multiCloudImages.byId.load(id);
  return mci && multiCloudImageFacts(context, mci, cloudId);
}

async function chosenImage(
  context: RequestContext,
  id: string,
  cloudId: string,
  field: ImageField,
  path: string,
) {
  const image = await visibleImage(context, id);
  if (image === null) return null;
  const refusal = checkOverride({ field, image, cloudId });
  if (refusal !== null) throw invalid(refusal, 'choices', path);
  return imageFacts(context, id);
}

async function chosenInstanceType(context: RequestContext, id: string, cloudId: string) {
  const instanceType = await context.loaders.instanceType.load(id);
  if (instanceType === null) return null;
  const refusal = checkOverride({ field: 'INSTANCE_TYPE', instanceType, cloudId });
  if (refusal !== null) throw invalid(refusal, 'choices', 'instanceTypeId');
  return instanceTypeFacts(instanceType);
}
