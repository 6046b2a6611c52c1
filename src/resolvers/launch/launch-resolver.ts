import { Arg, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { keyOf, optionalKeyOf } from '../../domain/global-id';
import { NO_CHOICES } from '../../domain/launch/chosen-keys';
import type { MultiCloudImageFacts } from '../../domain/launch/configuration';
import type {
  LaunchResolution as Resolution,
  ResolutionStep as Step,
  ResolvedImage as Image,
  Sourced,
} from '../../domain/launch/resolution';
import { planChoices } from '../../domain/servers/choices';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { InstanceType } from '../../entities/catalog/instance-type';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import { Node } from '../../entities/node';
import { ServerTemplate } from '../../entities/components/server-template';
import type { ShownResolution } from '../../loaders/launch-resolutions';
import { visibleImage } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { nodeOf } from '../components/advisories';
import { toRequestedChoices } from './launch-choices';
import { ResolveLaunchInput } from '../types/launch/launch-inputs';
import {
  LaunchResolution,
  ResolutionStep,
  ResolvedImage,
  ResolvedInstanceType,
  ResolvedMultiCloudImage,
} from '../types/launch/launch-resolution';

@Resolver(() => ServerTemplate)
export class ResolveLaunchResolver {
  @FieldResolver(() => LaunchResolution, {
    nullable: true,
    description:
      'Which image a server of this template would boot from in a cloud, and why; null when anything named is not visible.',
  })
  resolve(
    @Root() template: Row<ServerTemplate>,
    @Arg('cloudId', () => ID, { description: 'The cloud to launch in.' }) cloudId: string,
    @Arg('multiCloudImageId', () => ID, { nullable: true, description: "Instead of the template's default." })
    multiCloudImageId: string | null,
    @Ctx() { loaders }: RequestContext,
  ): Promise<ShownResolution | null> {
    const chosen = optionalKeyOf('MultiCloudImage', multiCloudImageId, 'multiCloudImageId');
    return loaders.resolution.load({
      serverTemplateId: template.id,
      cloudId: keyOf('Cloud', cloudId, 'cloudId'),
      layers: [{ source: 'REQUEST', choices: { ...NO_CHOICES, multiCloudImageId: chosen ?? null } }],
    });
  }

  @Authorized('OBSERVER')
  @Query(() => LaunchResolution, {
    nullable: true,
    description:
      'What a launch with these choices would use, and why; null when anything named is not visible.',
  })
  resolveLaunch(
    @Arg('input', () => ResolveLaunchInput, { description: 'The launch.' }) input: ResolveLaunchInput,
    @Ctx() { loaders }: RequestContext,
  ): Promise<ShownResolution | null> {
    const choices = planChoices(NO_CHOICES, toRequestedChoices(input.choices, 'input', 'choices'));
    return loaders.resolution.load({
      serverTemplateId: keyOf('ServerTemplate', input.serverTemplateId, 'input', 'serverTemplateId'),
      cloudId: keyOf('Cloud', input.cloudId, 'input', 'cloudId'),
      layers: [{ source: 'REQUEST', choices }],
    });
  }
}

@Resolver(() => LaunchResolution)
export class LaunchResolutionResolver {
  @FieldResolver(() => Cloud, { description: 'The cloud to launch in.' })
  cloud(@Root() resolution: ShownResolution) {
    return resolution.cloudRow;
  }

  @FieldResolver(() => ServerTemplate, { description: 'The ServerTemplate version to launch from.' })
  serverTemplate(@Root() resolution: ShownResolution) {
    return resolution.serverTemplateRow;
  }

  @FieldResolver(() => MultiCloudImageSetting, {
    nullable: true,
    description: "The MultiCloud Image's entry for the cloud; null: it has none.",
  })
  setting(@Root() { setting }: Resolution, @Ctx() { loaders }: RequestContext) {
    return setting && loaders.setting.load(setting.id);
  }

  @FieldResolver(() => [Cloud], { description: 'All clouds that the ServerTemplate supports (R-5.2).' })
  supportedClouds(@Root() { serverTemplateRow }: ShownResolution, @Ctx() { loaders }: RequestContext) {
    return loaders.supportedClouds.load(serverTemplateRow.id);
  }

  @FieldResolver(() => [MultiCloudImage], {
    description: "The template's other MultiCloud Images that have a setting for the cloud.",
  })
  alternatives(@Root() { alternatives }: Resolution, @Ctx() { loaders }: RequestContext) {
    return loaders.multiCloudImages.byId.loadMany(alternatives.map((mci) => mci.id));
  }
}

@Resolver(() => ResolvedImage)
export class ResolvedImageResolver {
  @FieldResolver(() => CloudImage, {
    nullable: true,
    description: 'The image; null when this account does not see it.',
  })
  value(@Root() { value }: Image, @Ctx() context: RequestContext) {
    return value && visibleImage(context, value.id);
  }
}

@Resolver(() => ResolvedMultiCloudImage)
export class ResolvedMultiCloudImageResolver {
  @FieldResolver(() => MultiCloudImage, { description: 'The MultiCloud Image version.' })
  value(@Root() { value }: Sourced<MultiCloudImageFacts>, @Ctx() { loaders }: RequestContext) {
    return loaders.multiCloudImages.byId.load(value.id);
  }
}

@Resolver(() => ResolvedInstanceType)
export class ResolvedInstanceTypeResolver {
  @FieldResolver(() => InstanceType, { description: 'The instance type.' })
  value(@Root() { value }: Sourced<{ id: string }>, @Ctx() { loaders }: RequestContext) {
    return loaders.instanceType.load(value.id);
  }
}

@Resolver(() => ResolutionStep)
export class ResolutionStepResolver {
  @FieldResolver(() => Node, {
    nullable: true,
    description: 'The candidate; null for text, for nothing, and for what is not visible.',
  })
  candidate(@Root() { candidate }: Step, @Ctx() context: RequestContext) {
    return nodeOf(context, candidate);
  }
}
