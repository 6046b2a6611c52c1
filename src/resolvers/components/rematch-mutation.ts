import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { InstanceType } from '../../entities/catalog/instance-type';
import { visibleImage } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import { rematchMultiCloudImage } from '../../services/components/rematch-multi-cloud-image';
import { mutate } from '../mutate';
import { RematchMultiCloudImageInput } from '../types/components/multi-cloud-image-inputs';
import {
  MultiCloudImageSettingChange,
  RematchMultiCloudImagePayload,
  UnmatchedCloud,
} from '../types/components/rematch-report';

const NOTHING = { created: [], updated: [], removed: [], unmatched: [] };

@Resolver()
export class RematchMutation {
  @Authorized('DESIGNER')
  @Mutation(() => RematchMultiCloudImagePayload, {
    description:
      'Brings the settings that matchers made up to date; those made by hand stay as they are (R-4.6).',
  })
  async rematchMultiCloudImage(
    @Arg('input', () => RematchMultiCloudImageInput, { description: 'The MultiCloud Image.' })
    { multiCloudImageId, expectedVersion, dryRun }: RematchMultiCloudImageInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () => {
      const key = keyOf('MultiCloudImage', multiCloudImageId, 'input', 'multiCloudImageId');
      return rematchMultiCloudImage(context, {
        multiCloudImageId: key,
        expectedVersion,
        dryRun: dryRun ?? false,
      });
    };
    const answer = await mutate(context, act, async ({ id, plan }) => ({
      multiCloudImage: await context.loaders.multiCloudImages.byId.load(id),
      ...plan,
      updated: plan.updated.map(({ after }) => after),
    }));
    return { ...NOTHING, ...answer };
  }
}

/** A setting as the plan holds it. */
interface SettingKeys {
  readonly cloudId: string;
  readonly imageId: string;
  readonly instanceTypeId: string;
}

@Resolver(() => MultiCloudImageSettingChange)
export class MultiCloudImageSettingChangeResolver {
  @FieldResolver(() => Cloud, { description: 'The cloud.' })
  cloud(@Root() { cloudId }: SettingKeys, @Ctx() { loaders }: RequestContext) {
    return loaders.cloud.load(cloudId);
  }

  @FieldResolver(() => CloudImage, {
    nullable: true,
    description: 'The new image, or the one of the removed setting; null when it is not visible any more.',
  })
  image(@Root() { imageId }: SettingKeys, @Ctx() context: RequestContext) {
    return visibleImage(context, imageId);
  }

  @FieldResolver(() => InstanceType, {
    nullable: true,
    description: 'The new instance type, or the one of the removed setting.',
  })
  instanceType(@Root() { instanceTypeId }: SettingKeys, @Ctx() { loaders }: RequestContext) {
    return loaders.instanceType.load(instanceTypeId);
  }
}

@Resolver(() => UnmatchedCloud)
export class UnmatchedCloudResolver {
  @FieldResolver(() => Cloud, { description: 'The cloud.' })
  cloud(@Root() { cloudId }: Pick<SettingKeys, 'cloudId'>, @Ctx() { loaders }: RequestContext) {
    return loaders.cloud.load(cloudId);
  }
}
