import { Arg, Authorized, Ctx, Directive, Mutation, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { LaunchOrder } from '../../entities/servers/launch-order';
import type { RequestContext } from '../../loaders/request-context';
import { claimLaunchOrders } from '../../services/servers/claim-launch-orders';
import { completeLaunchOrder } from '../../services/servers/complete-launch-order';
import { failLaunchOrder } from '../../services/servers/fail-launch-order';
import { mutate } from '../mutate';
import {
  ClaimLaunchOrdersInput,
  ClaimLaunchOrdersPayload,
  CompleteLaunchOrderInput,
  FailLaunchOrderInput,
} from '../types/servers/launch-order-inputs';
import { payloadType } from '../types/payload';

const CompleteLaunchOrderPayload = payloadType('CompleteLaunchOrder', 'order', LaunchOrder, 'The order.');
const FailLaunchOrderPayload = payloadType('FailLaunchOrder', 'order', LaunchOrder, 'The order.');

@Resolver()
export class LaunchOrderMutations {
  @Authorized('INFRASTRUCTURE')
  @Directive('@tag(name: "infrastructure")')
  @Mutation(() => ClaimLaunchOrdersPayload, {
    description:
      'Takes the oldest orders of this account that nobody works on, each for one launcher only, until the lease expires (R-8.9).',
  })
  async claimLaunchOrders(
    @Arg('input', () => ClaimLaunchOrdersInput, { description: 'Which orders, and for how long.' })
    { limit, leaseSeconds, kinds, cloudIds }: ClaimLaunchOrdersInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () =>
      claimLaunchOrders(context, {
        limit,
        leaseSeconds,
        kinds: kinds ?? null,
        cloudIds: cloudIds?.map((id) => keyOf('Cloud', id, 'input', 'cloudIds')) ?? null,
      });
    return { orders: [], ...(await mutate(context, act, (orders) => ({ orders }))) };
  }

  @Authorized('INFRASTRUCTURE')
  @Directive('@tag(name: "infrastructure")')
  @Mutation(() => CompleteLaunchOrderPayload, {
    description:
      'The cloud carried an order out: a launched machine is BOOTING, an ended one TERMINATED, a bundle AVAILABLE. Said again under the same claim, it changes nothing. A machine whose instance has ended meanwhile, or is to end, is ended by a TERMINATE order.',
  })
  completeLaunchOrder(
    @Arg('input', () => CompleteLaunchOrderInput, { description: 'The order, and what came of it.' })
    { orderId, claimId, resourceUid }: CompleteLaunchOrderInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () =>
      completeLaunchOrder(context, {
        orderId: keyOf('LaunchOrder', orderId, 'input', 'orderId'),
        claimId,
        resourceUid: resourceUid ?? null,
      });
    return mutate(context, act, async (key) => ({ order: await context.loaders.launchOrder.load(key) }));
  }

  @Authorized('INFRASTRUCTURE')
  @Directive('@tag(name: "infrastructure")')
  @Mutation(() => FailLaunchOrderPayload, {
    description:
      'The cloud refused an order: a launch ends its instance, or decommissions it if a machine has enrolled; a bundle fails its image; after a refused TERMINATE the instance stays DECOMMISSIONING until its end is asked for again, or, if it is TERMINATED already, the order can be claimed again after 2, 4, 8 … seconds, at most an hour.',
  })
  failLaunchOrder(
    @Arg('input', () => FailLaunchOrderInput, { description: 'The order, and why.' })
    { orderId, claimId, reason }: FailLaunchOrderInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () =>
      failLaunchOrder(context, {
        orderId: keyOf('LaunchOrder', orderId, 'input', 'orderId'),
        claimId,
        reason,
      });
    return mutate(context, act, async (key) => ({ order: await context.loaders.launchOrder.load(key) }));
  }
}
