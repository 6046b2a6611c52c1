import { Arg, Args, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { Instance } from '../../entities/servers/instance';
import { LaunchOrder } from '../../entities/servers/launch-order';
import { visibleImage } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import { launchOrderList } from '../../persistence/servers/launch-order-list';
import type { Row } from '../../persistence/select';
import type { ClaimedOrder as Claimed } from '../../services/servers/claim-launch-orders';
import { launchOrderFilter } from '../decode';
import { LaunchOrderConnection } from '../types/connections';
import { ClaimedOrder, LaunchCall, LaunchOrderFilter } from '../types/servers/launch-order-inputs';
import { PageArgs } from '../types/page-args';

@Resolver(() => LaunchOrder)
export class LaunchOrderResolver {
  @Authorized('OBSERVER')
  @Query(() => LaunchOrderConnection, {
    description: 'What launchers are to do, or did, for this account, the oldest first (R-8.9).',
  })
  launchOrders(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => LaunchOrderFilter, { nullable: true, description: 'Narrows the list.' })
    filter: LaunchOrderFilter | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(launchOrderList(viewer, launchOrderFilter(filter)), page);
  }

  @FieldResolver(() => Instance, { description: 'The instance that it is about.' })
  instance(@Root() order: Row<LaunchOrder>, @Ctx() { loaders }: RequestContext) {
    return loaders.instance.load(order.instanceId);
  }

  @FieldResolver(() => CloudImage, { nullable: true, description: 'Of a BUNDLE order: the image to make.' })
  image(@Root() order: Row<LaunchOrder>, @Ctx() context: RequestContext) {
    return order.imageId === null ? null : visibleImage(context, order.imageId);
  }
}

@Resolver(() => ClaimedOrder)
export class ClaimedOrderResolver {
  @FieldResolver(() => LaunchOrder, { description: 'The order itself.' })
  order(@Root() claimed: Claimed, @Ctx() { loaders }: RequestContext) {
    return loaders.launchOrder.load(claimed.id);
  }

  @FieldResolver(() => Cloud, { description: 'The cloud to call.' })
  cloud(@Root() claimed: Claimed, @Ctx() { loaders }: RequestContext) {
    return loaders.cloud.load(claimed.cloudId);
  }

  @FieldResolver(() => LaunchOrder, {
    nullable: true,
    description:
      'Of a TERMINATE order whose machine was not known: the LAUNCH order whose id the machine was made with, as idempotency token or tag. While `resourceUid` is null, find the machine by it and end it; if the cloud has none, the TERMINATE order is complete.',
  })
  launchOrder(@Root() claimed: Claimed, @Ctx() { loaders }: RequestContext) {
    return claimed.launchOrderId === null ? null : loaders.launchOrder.load(claimed.launchOrderId);
  }

  @FieldResolver(() => LaunchCall, {
    nullable: true,
    description: 'Of a LAUNCH order: with what the machine is to be launched.',
  })
  launch(@Root() claimed: Claimed): LaunchCall | null {
    return claimed.kind === 'LAUNCH' ? { ...claimed, tags: [...claimed.tags] } : null;
  }
}
