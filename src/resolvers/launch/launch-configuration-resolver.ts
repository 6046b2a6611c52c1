import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { InstanceType } from '../../entities/catalog/instance-type';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { Server } from '../../entities/servers/server';
import { ServerArray } from '../../entities/servers/server-array';
import type { ServerDefinition } from '../../entities/servers/server-definition';
import { ServerTemplate } from '../../entities/components/server-template';
import { visibleImage } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import { nextLaunch } from '../../persistence/servers/launch-request';
import type { Row } from '../../persistence/select';
import { Advisory } from '../types/components/advisory';
import { LaunchConfiguration } from '../types/launch/launch-configuration';
import { LaunchResolution } from '../types/launch/launch-resolution';

/** A configuration is its server's or array's own row. */
type Definition = Row<ServerDefinition>;

const chosenImage = (context: RequestContext, id: string | null) =>
  id === null ? null : visibleImage(context, id);

@Resolver(() => LaunchConfiguration)
export class LaunchConfigurationResolver {
  @FieldResolver(() => Cloud, { description: 'The cloud to launch in; it never changes (R-8.1).' })
  cloud(@Root() definition: Definition, @Ctx() { loaders }: RequestContext) {
    return loaders.cloud.load(definition.cloudId);
  }

  @FieldResolver(() => ServerTemplate, {
    description: 'The ServerTemplate version to launch from: HEAD or a revision.',
  })
  serverTemplate(@Root() definition: Definition, @Ctx() { loaders }: RequestContext) {
    return loaders.serverTemplates.byId.load(definition.serverTemplateId);
  }

  @FieldResolver(() => MultiCloudImage, {
    nullable: true,
    description: "The chosen MultiCloud Image version; null: the ServerTemplate's default.",
  })
  multiCloudImage(@Root() { multiCloudImageId }: Definition, @Ctx() { loaders }: RequestContext) {
    return multiCloudImageId === null ? null : loaders.multiCloudImages.byId.load(multiCloudImageId);
  }

  @FieldResolver(() => CloudImage, {
    nullable: true,
    description: 'The chosen machine image; null: inherited, or this account does not see it any more.',
  })
  image(@Root() definition: Definition, @Ctx() context: RequestContext) {
    return chosenImage(context, definition.imageId);
  }

  @FieldResolver(() => InstanceType, {
    nullable: true,
    description: 'The chosen instance type; null: inherited.',
  })
  instanceType(@Root() { instanceTypeId }: Definition, @Ctx() { loaders }: RequestContext) {
    return instanceTypeId === null ? null : loaders.instanceType.load(instanceTypeId);
  }

  @FieldResolver(() => CloudImage, {
    nullable: true,
    description:
      'The chosen kernel image; null: inherited unless in `none`, or this account does not see it any more.',
  })
  kernelImage(@Root() definition: Definition, @Ctx() context: RequestContext) {
    return chosenImage(context, definition.kernelImageId);
  }

  @FieldResolver(() => CloudImage, {
    nullable: true,
    description:
      'The chosen ramdisk image; null: inherited unless in `none`, or this account does not see it any more.',
  })
  ramdiskImage(@Root() definition: Definition, @Ctx() context: RequestContext) {
    return chosenImage(context, definition.ramdiskImageId);
  }

  @FieldResolver(() => LaunchResolution, {
    description: 'What a launch would use now, and why: what is inherited is live (R-7.5).',
  })
  resolution(@Root() definition: Definition, @Ctx() { loaders }: RequestContext) {
    return loaders.resolution.load(nextLaunch(definition));
  }

  @FieldResolver(() => [Advisory], {
    description:
      'What is worth knowing about the next launch: the advisories of its resolution (section 11).',
  })
  async advisories(@Root() definition: Definition, @Ctx() { loaders }: RequestContext) {
    return (await loaders.resolution.load(nextLaunch(definition)))?.advisories;
  }
}

@Resolver(() => Server)
export class ServerNextResolver {
  @FieldResolver(() => LaunchConfiguration, { description: 'How its next launch will look.' })
  next(@Root() server: Definition) {
    return server;
  }
}

@Resolver(() => ServerArray)
export class ServerArrayNextResolver {
  @FieldResolver(() => LaunchConfiguration, { description: 'How its next launches will look.' })
  next(@Root() array: Definition) {
    return array;
  }
}
