import type { CloudSettingFacts } from '../domain/advisories/multi-cloud-image-advisories';
import type { MultiCloudImage } from '../entities/components/multi-cloud-image';
import type { MultiCloudImageSetting } from '../entities/components/multi-cloud-image-setting';
import type { RightScript } from '../entities/components/right-script';
import { imageFacts, instanceTypeFacts, present, settingFacts } from '../persistence/catalog/catalog-facts';
import type { RequestContext } from './request-context';

/** Gathers, batched, the plain facts that the rules of advice on components work on. */

export async function cloudSettingFacts(
  context: RequestContext,
  setting: MultiCloudImageSetting,
): Promise<CloudSettingFacts> {
  const { loaders } = context;
  const { imageId, kernelImageId, ramdiskImageId } = setting;
  const imageIds = [imageId, kernelImageId, ramdiskImageId].filter((id) => id !== null);
  const [images, instanceType, cloud] = await Promise.all([
    Promise.all(imageIds.map((id) => factsOfImage(context, id))),
    loaders.instanceType.load(setting.instanceTypeId),
    loaders.cloud.load(setting.cloudId),
  ]);
  const imagesById = new Map(images.map((image) => [image.id, image]));
  const facts = settingFacts(setting, {
    image: (id) => present(imagesById.get(id), 'An image'),
    instanceType: () => instanceTypeFacts(present(instanceType, 'An instance type')),
  });
  return { ...facts, cloud: present(cloud, 'A cloud') };
}

export async function factsOfImage({ loaders, now }: RequestContext, imageId: string) {
  const image = present(await loaders.image.load(imageId), 'An image');
  const { visible, replacementId } = image;
  const replacement = visible && replacementId !== null ? await loaders.image.load(replacementId) : null;
  return imageFacts(image, replacement, now);
}

/** The MCI versions that a ServerTemplate names, the default first. */
export async function pinnedMultiCloudImages(
  context: RequestContext,
  serverTemplateId: string,
): Promise<MultiCloudImage[]> {
  const pins = await context.loaders.pins.load(serverTemplateId);
  return Promise.all(
    pins.map(async (pin) =>
      present(await context.loaders.multiCloudImages.byId.load(pin.multiCloudImageId), 'An MCI'),
    ),
  );
}

/** The script versions that a ServerTemplate runs, phase after phase; one of several phases is repeated. */
export async function attachedRightScripts(
  context: RequestContext,
  serverTemplateId: string,
): Promise<RightScript[]> {
  const scripts = await context.loaders.scripts.load(serverTemplateId);
  return Promise.all(
    scripts.map(async (script) =>
      present(await context.loaders.rightScripts.byId.load(script.rightScriptId), 'A RightScript'),
    ),
  );
}
