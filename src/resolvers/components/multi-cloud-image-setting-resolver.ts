import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { availabilityOf, lifecycleAt } from '../../domain/catalog/image-availability';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { ImageAvailability } from '../../entities/enums';
import { InstanceType } from '../../entities/catalog/instance-type';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import { advisoriesOfSetting } from '../../loaders/component-advisories';
import { visibleImage } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { Advisory } from '../types/components/advisory';

type Setting = Row<MultiCloudImageSetting>;

@Resolver(() => MultiCloudImageSetting)
export class MultiCloudImageSettingResolver {
  @FieldResolver(() => MultiCloudImage, { description: 'The MultiCloud Image version that it belongs to.' })
  multiCloudImage(@Root() setting: Setting, @Ctx() { loaders }: RequestContext) {
    return loaders.multiCloudImages.byId.load(setting.multiCloudImageId);
  }

  @FieldResolver(() => Cloud, { description: 'The cloud that it is for.' })
  cloud(@Root() setting: Setting, @Ctx() { loaders }: RequestContext) {
    return loaders.cloud.load(setting.cloudId);
  }

  @FieldResolver(() => CloudImage, {
    nullable: true,
    description: 'The machine image; null when this account does not see it.',
  })
  image(@Root() setting: Setting, @Ctx() context: RequestContext) {
    return visibleImage(context, setting.imageId);
  }

  @FieldResolver(() => String, {
    description: "The cloud's own id of the machine image, whether or not it is visible (R-3.2).",
  })
  async imageResourceUid(@Root() setting: Setting, @Ctx() { loaders }: RequestContext) {
    return (await loaders.image.load(setting.imageId))?.resourceUid;
  }

  @FieldResolver(() => ImageAvailability, {
    description: 'Whether this account can launch the machine image.',
  })
  async imageAvailability(@Root() setting: Setting, @Ctx() { loaders, now }: RequestContext) {
    const image = await loaders.image.load(setting.imageId);
    return image && availabilityOf(lifecycleAt(image, now), image.visible);
  }

  @FieldResolver(() => InstanceType, { description: 'The instance type.' })
  instanceType(@Root() setting: Setting, @Ctx() { loaders }: RequestContext) {
    return loaders.instanceType.load(setting.instanceTypeId);
  }

  @FieldResolver(() => CloudImage, {
    nullable: true,
    description: 'The kernel image; null when there is none, or it is not visible.',
  })
  kernelImage(@Root() setting: Setting, @Ctx() context: RequestContext) {
    return setting.kernelImageId === null ? null : visibleImage(context, setting.kernelImageId);
  }

  @FieldResolver(() => CloudImage, {
    nullable: true,
    description: 'The ramdisk image; null when there is none, or it is not visible.',
  })
  ramdiskImage(@Root() setting: Setting, @Ctx() context: RequestContext) {
    return setting.ramdiskImageId === null ? null : visibleImage(context, setting.ramdiskImageId);
  }

  @FieldResolver(() => [Advisory], { description: 'What is worth knowing about it (section 11).' })
  advisories(@Root() setting: Setting, @Ctx() context: RequestContext) {
    return advisoriesOfSetting(context, setting);
  }
}
