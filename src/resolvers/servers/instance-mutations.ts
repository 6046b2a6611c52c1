import { Arg, Authorized, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { Instance } from '../../entities/servers/instance';
import { LaunchOrder } from '../../entities/servers/launch-order';
import { visibleImage } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import { bundleInstance } from '../../services/servers/bundle-instance';
import { forceOperational } from '../../services/servers/force-operational';
import { mutate } from '../mutate';
import { BundleInstanceInput, ForceOperationalInput } from '../types/servers/instance-inputs';
import { Payload, payloadType } from '../types/payload';

const ForceOperationalPayload = payloadType('ForceOperational', 'instance', Instance, 'The instance.');

@ObjectType({ simpleResolvers: true, description: 'What `bundleInstance` answers.' })
class BundleInstancePayload extends Payload {
  @Field(() => CloudImage, {
    nullable: true,
    description: 'The image, PENDING until its order is completed.',
  })
  cloudImage: CloudImage | null;

  @Field(() => LaunchOrder, { nullable: true, description: 'The order to make it.' })
  order: LaunchOrder | null;
}

@Resolver()
export class InstanceMutations {
  @Authorized('ACTOR')
  @Mutation(() => ForceOperationalPayload, {
    description: 'Declares a STRANDED instance operational; it does not count in boot times (R-8.3).',
  })
  forceOperational(
    @Arg('input', () => ForceOperationalInput, { description: 'The instance.' })
    { instanceId }: ForceOperationalInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () =>
      forceOperational(context, { instanceId: keyOf('Instance', instanceId, 'input', 'instanceId') });
    return mutate(context, act, async (key) => ({ instance: await context.loaders.instance.load(key) }));
  }

  @Authorized('ACTOR')
  @Mutation(() => BundleInstancePayload, {
    description:
      'Orders a private image of an OPERATIONAL instance, in its cloud (R-8.8). It can be shared, and put into a MultiCloud Image, at once; its `resourceUid` is provisional until it is AVAILABLE. A private image that an import brought before from a listing of the same cloud, and that nothing names yet, is replaced by it, with its history; one that is in use, shared or tagged makes completing the order INVALID. While a launcher makes the image, the instance is not ended.',
  })
  bundleInstance(
    @Arg('input', () => BundleInstanceInput, { description: 'The instance, and the image.' })
    { instanceId, name, description }: BundleInstanceInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () =>
      bundleInstance(context, {
        instanceId: keyOf('Instance', instanceId, 'input', 'instanceId'),
        name,
        description,
      });
    return mutate(context, act, async ({ imageId, orderId }) => ({
      cloudImage: await visibleImage(context, imageId),
      order: await context.loaders.launchOrder.load(orderId),
    }));
  }
}
