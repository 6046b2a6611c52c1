import type { Advisory } from '../domain/advisories/advisory';
import { instanceAdvisories } from '../domain/advisories/instance-advisories';
import type { ImageSlot } from '../domain/advisories/naming';
import type { Instance } from '../entities/servers/instance';
import { instanceTypeFacts, present } from '../persistence/catalog/catalog-facts';
import { overview } from './component-advisories';
import { factsOfImage } from './component-facts';
import type { RequestContext } from './request-context';

/** Section 11 for an instance; nothing is left to say about one that ended. */
export async function advisoriesOfInstance(context: RequestContext, instance: Instance): Promise<Advisory[]> {
  if (instance.state === 'TERMINATED') return [];
  const { loaders } = context;
  const slots: [ImageSlot, string | null][] = [
    ['machine', instance.imageId],
    ['kernel', instance.kernelImageId],
    ['ramdisk', instance.ramdiskImageId],
  ];
  const [cloudRow, template, mci, type, images] = await Promise.all([
    loaders.cloud.load(instance.cloudId),
    loaders.serverTemplates.byId.load(instance.serverTemplateId),
    instance.multiCloudImageId === null
      ? null
      : loaders.multiCloudImages.byId.load(instance.multiCloudImageId),
    loaders.instanceType.load(instance.instanceTypeId ?? ''),
    Promise.all(
      slots.flatMap(([slot, id]) =>
        id === null ? [] : factsOfImage(context, id).then((image) => ({ slot, image })),
      ),
    ),
  ]);
  const cloud = present(cloudRow, 'A cloud');
  return instanceAdvisories({
    cloud,
    serverTemplate: await overview(context, present(template, 'A ServerTemplate')),
    multiCloudImage: mci && (await overview(context, mci)),
    images: images.map((placed) => ({ ...placed, cloud })),
    instanceType: instanceTypeFacts(present(type, 'An instance type')),
  });
}
