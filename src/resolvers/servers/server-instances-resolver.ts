import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { InstanceState } from '../../entities/enums';
import { Instance } from '../../entities/servers/instance';
import { Server } from '../../entities/servers/server';
import { ServerArray } from '../../entities/servers/server-array';
import { ServerTemplate } from '../../entities/components/server-template';
import type { RequestContext } from '../../loaders/request-context';
import {
  instancesOfServer,
  instancesOfServerArray,
  instancesUsingImage,
} from '../../persistence/servers/instance-list';
import type { Row } from '../../persistence/select';
import { InstanceConnection } from '../types/connections';
import { ImageUsage } from '../types/catalog/image-usage';
import { LaunchStatistics } from '../types/servers/instance-inputs';
import { PageArgs } from '../types/page-args';

/** From what machines are launched of to the machines. */

const RUNNING = 'Only those that run (true): not TERMINATED; or that ended (false).';

@Resolver(() => Server)
export class ServerInstancesResolver {
  @FieldResolver(() => Instance, {
    nullable: true,
    description:
      'The instance that it has now; null: nothing runs. While a relaunched one is being replaced, the new one.',
  })
  current(@Root() server: Row<Server>, @Ctx() { loaders }: RequestContext) {
    return loaders.currentInstance.load(server.id);
  }

  @FieldResolver(() => InstanceState, {
    nullable: true,
    description: 'State of its current instance; null: nothing runs.',
  })
  async state(@Root() server: Row<Server>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.currentInstance.load(server.id))?.state ?? null;
  }

  @FieldResolver(() => InstanceConnection, {
    description: 'All instances that it ever had, the last launched first.',
  })
  instances(
    @Root() server: Row<Server>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(server.id, instancesOfServer(viewer), page);
  }
}

@Resolver(() => ServerArray)
export class ServerArrayInstancesResolver {
  @FieldResolver(() => InstanceConnection, {
    description: 'Instances that it ever had, the last launched first.',
  })
  instances(
    @Root() array: Row<ServerArray>,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('running', () => Boolean, { nullable: true, description: RUNNING })
    running: boolean | null | undefined,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(array.id, instancesOfServerArray(viewer, running ?? null), page, {
      running,
    });
  }
}

@Resolver(() => ImageUsage)
export class ImageInstancesResolver {
  @FieldResolver(() => InstanceConnection, {
    description: 'Instances launched with it in any slot, the last launched first (R-5.6).',
  })
  instances(
    @Root() { imageId }: Row<ImageUsage>,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('running', () => Boolean, { nullable: true, description: RUNNING })
    running: boolean | null | undefined,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(imageId, instancesUsingImage(viewer, running ?? null), page, { running });
  }
}

@Resolver(() => ServerTemplate)
export class LaunchStatisticsResolver {
  @FieldResolver(() => LaunchStatistics, {
    description: 'How often this account launched from this very version, and how long its machines took.',
  })
  async launchStatistics(@Root() template: Row<ServerTemplate>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.launchStatistics.load(template.id)) ?? { launchCount: 0, medianBootSeconds: null };
  }
}
