import { Arg, Args, Authorized, Ctx, FieldResolver, Float, ID, Query, Resolver, Root } from 'type-graphql';
import { bootSeconds } from '../../domain/servers/boot-time';
import { keyOf } from '../../domain/global-id';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { Instance } from '../../entities/servers/instance';
import { InstanceType } from '../../entities/catalog/instance-type';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { Server } from '../../entities/servers/server';
import { ServerArray } from '../../entities/servers/server-array';
import { ServerTemplate } from '../../entities/components/server-template';
import { advisoriesOfInstance } from '../../loaders/instance-advisories';
import { visibleImage } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import { instanceList } from '../../persistence/servers/instance-list';
import type { Row } from '../../persistence/select';
import { instanceFilter } from '../decode';
import { Advisory } from '../types/components/advisory';
import { InstanceConnection } from '../types/connections';
import { InstanceFilter } from '../types/servers/instance-inputs';
import { PageArgs } from '../types/page-args';

@Resolver(() => Instance)
export class InstanceResolver {
  @Authorized('OBSERVER')
  @Query(() => InstanceConnection, { description: 'Instances of this account, the last launched first.' })
  instances(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => InstanceFilter, { nullable: true, description: 'Narrows the list.' })
    filter: InstanceFilter | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(instanceList(viewer, instanceFilter(filter)), page);
  }

  @Authorized('OBSERVER')
  @Query(() => Instance, { nullable: true, description: 'One instance by its global id.' })
  instance(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ) {
    return loaders.instance.load(keyOf('Instance', id, 'id'));
  }

  @FieldResolver(() => Cloud, { description: 'The cloud that it runs in.' })
  cloud(@Root() instance: Row<Instance>, @Ctx() { loaders }: RequestContext) {
    return loaders.cloud.load(instance.cloudId);
  }

  @FieldResolver(() => Server, { nullable: true, description: 'Its server; null: an array launched it.' })
  server(@Root() instance: Row<Instance>, @Ctx() { loaders }: RequestContext) {
    return instance.serverId === null ? null : loaders.server.load(instance.serverId);
  }

  @FieldResolver(() => ServerArray, {
    nullable: true,
    description: 'Its server array; null: a server launched it.',
  })
  serverArray(@Root() instance: Row<Instance>, @Ctx() { loaders }: RequestContext) {
    return instance.serverArrayId === null ? null : loaders.serverArray.load(instance.serverArrayId);
  }

  @FieldResolver(() => ServerTemplate, {
    description: 'The ServerTemplate version that it follows now (R-8.4).',
  })
  serverTemplate(@Root() instance: Row<Instance>, @Ctx() { loaders }: RequestContext) {
    return loaders.serverTemplates.byId.load(instance.serverTemplateId);
  }

  @FieldResolver(() => ServerTemplate, {
    description: 'The ServerTemplate version that it was launched from.',
  })
  launchedFrom(@Root() instance: Row<Instance>, @Ctx() { loaders }: RequestContext) {
    return loaders.serverTemplates.byId.load(instance.launchedFromId);
  }

  @FieldResolver(() => MultiCloudImage, {
    nullable: true,
    description: 'The MultiCloud Image version that it was launched with.',
  })
  multiCloudImage(@Root() instance: Row<Instance>, @Ctx() { loaders }: RequestContext) {
    const { multiCloudImageId } = instance;
    return multiCloudImageId === null ? null : loaders.multiCloudImages.byId.load(multiCloudImageId);
  }

  @FieldResolver(() => CloudImage, {
    nullable: true,
    description:
      'The machine image that it was launched with; null when this account does not see it any more.',
  })
  image(@Root() instance: Row<Instance>, @Ctx() context: RequestContext) {
    return shownImage(context, instance.imageId);
  }

  @FieldResolver(() => String, {
    description: "The cloud's own id of its machine image, whether or not it is visible (R-3.2).",
  })
  async imageResourceUid(@Root() instance: Row<Instance>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.image.load(instance.imageId ?? ''))?.resourceUid;
  }

  @FieldResolver(() => InstanceType, { description: 'The instance type that it was launched with.' })
  instanceType(@Root() instance: Row<Instance>, @Ctx() { loaders }: RequestContext) {
    return loaders.instanceType.load(instance.instanceTypeId ?? '');
  }

  @FieldResolver(() => CloudImage, {
    nullable: true,
    description: 'Its kernel image; null when there is none, or it is not visible.',
  })
  kernelImage(@Root() instance: Row<Instance>, @Ctx() context: RequestContext) {
    return shownImage(context, instance.kernelImageId);
  }

  @FieldResolver(() => CloudImage, {
    nullable: true,
    description: 'Its ramdisk image; null when there is none, or it is not visible.',
  })
  ramdiskImage(@Root() instance: Row<Instance>, @Ctx() context: RequestContext) {
    return shownImage(context, instance.ramdiskImageId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The user data that it was launched with, if any.',
  })
  userData(@Root() { userData }: Row<Instance>) {
    return userData;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Seconds from launch to OPERATIONAL, counted from the moment that its order could be claimed: of a relaunched one, when nothing else of its server ran any more, or at once if asked. Null before, and when a person forced it.',
  })
  bootSeconds(@Root() instance: Row<Instance>) {
    return bootSeconds(instance);
  }

  @FieldResolver(() => [Advisory], {
    description:
      'What became of what it was launched with (section 11), the gravest first; empty once it is TERMINATED.',
  })
  advisories(@Root() instance: Row<Instance>, @Ctx() context: RequestContext) {
    return advisoriesOfInstance(context, instance);
  }
}

const shownImage = (context: RequestContext, id: string | null) =>
  id === null ? null : visibleImage(context, id);
