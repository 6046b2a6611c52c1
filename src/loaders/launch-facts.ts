import type { CloudSettingFacts } from '../domain/advisories/multi-cloud-image-advisories';
import { availabilityOf, lifecycleAt } from '../domain/catalog/image-availability';
import type {
  ImageFacts,
  InstanceTypeFacts,
  MultiCloudImageFacts,
  ServerTemplateFacts,
  SettingFacts,
} from '../domain/launch/configuration';
import type { InstanceType } from '../entities/instance-type';
import type { MultiCloudImage } from '../entities/multi-cloud-image';
import type { MultiCloudImageSetting } from '../entities/multi-cloud-image-setting';
import type { RightScript } from '../entities/right-script';
import type { ServerTemplate } from '../entities/server-template';
import type { ImageRow } from '../persistence/batches';
import type { RequestContext } from './request-context';

/** Gathers, batched, the plain facts that the rules of resolution and advice work on. */

function present<T>(row: T | null, what: string): T {
  if (row === null) throw new Error(`${what} is referenced but cannot be read`);
  return row;
}

/** of an image that the viewer doesn't see, nothing but its uid and availability gets out. */
export async function imageFacts(context: RequestContext, imageId: string): Promise<ImageFacts> {
  const image = present(await context.loaders.image.load(imageId), 'An image');
  const lifecycle = lifecycleAt(image, context.now);
  const availability = availabilityOf(lifecycle, image.visible);
  if (!image.visible)
    return {
      id: image.id,
      visible: false,
      resourceUid: image.resourceUid,
      name: image.resourceUid,
      imageType: image.imageType,
      availability,
      lifecycle,
      replacement: null,
      cpuArchitecture: null,
      operatingSystem: null,
      agentEnabled: false,
      private: true,
    };
  const replacement = image.replacementId ? await context.loaders.image.load(image.replacementId) : null;
  return {
    id: image.id,
    visible: true,
    resourceUid: image.resourceUid,
    name: image.name,
    imageType: image.imageType,
    availability,
    lifecycle,
    replacement: replacement && isAvailable(context, replacement) ? replacement : null,
    cpuArchitecture: image.cpuArchitecture,
    operatingSystem: image.operatingSystem,
    agentEnabled: image.agentEnabled,
    private: image.ownerAccountId !== null,
  };
}

/** What is gone itself, or not visible, is no cure. */
function isAvailable({ now }: RequestContext, image: ImageRow): boolean {
  return availabilityOf(lifecycleAt(image, now), image.visible) === 'AVAILABLE';
}

export function instanceTypeFacts(type: InstanceType): InstanceTypeFacts {
  const { id, name, cpuArchitectures, offered } = type;
  return { id, name, cpuArchitectures, offered };
}

export async function settingFacts(
  context: RequestContext,
  setting: MultiCloudImageSetting,
): Promise<SettingFacts> {
  const [image, instanceType, kernelImage, ramdiskImage] = await Promise.all([
    imageFacts(context, setting.imageId),
    context.loaders.instanceType.load(setting.instanceTypeId),
    setting.kernelImageId ? imageFacts(context, setting.kernelImageId) : null,
    setting.ramdiskImageId ? imageFacts(context, setting.ramdiskImageId) : null,
  ]);
  return {
    id: setting.id,
    image,
    instanceType: instanceTypeFacts(present(instanceType, 'An instance type')),
    kernelImage,
    ramdiskImage,
    userData: setting.userData,
  };
}

export async function cloudSettingFacts(
  context: RequestContext,
  setting: MultiCloudImageSetting,
): Promise<CloudSettingFacts> {
  const [facts, cloud] = await Promise.all([
    settingFacts(context, setting),
    context.loaders.cloud.load(setting.cloudId),
  ]);
  return { ...facts, cloud: present(cloud, 'A cloud') };
}

/** An MCI with its setting for one cloud. */
export async function multiCloudImageFacts(
  context: RequestContext,
  mci: MultiCloudImage,
  cloudId: string,
): Promise<MultiCloudImageFacts> {
  const setting = await context.loaders.settingForCloud.load({ multiCloudImageId: mci.id, cloudId });
  return {
    id: mci.id,
    lineageId: mci.lineageId,
    name: mci.name,
    revision: mci.revision,
    deleted: mci.deletedAt !== null,
    tags: mci.tags,
    setting: setting && (await settingFacts(context, setting)),
  };
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

export async function serverTemplateFacts(
  context: RequestContext,
  template: ServerTemplate,
  cloudId: string,
): Promise<ServerTemplateFacts> {
  const [mcis, scripts] = await Promise.all([
    pinnedMultiCloudImages(context, template.id),
    context.loaders.scripts.load(template.id),
  ]);
  return {
    id: template.id,
    name: template.name,
    revision: template.revision,
    deleted: template.deletedAt !== null,
    hasScripts: scripts.length > 0,
    tags: template.tags,
    multiCloudImages: await Promise.all(mcis.map((mci) => multiCloudImageFacts(context, mci, cloudId))),
    defaultMultiCloudImageId: mcis.find((mci) => mci.lineageId === template.defaultMciLineageId)?.id ?? null,
  };
}
