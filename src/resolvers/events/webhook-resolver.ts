import { Arg, Args, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { DeliveryState } from '../../domain/events/webhook';
import { WebhookDeliveryState } from '../../entities/enums';
import { User } from '../../entities/access/user';
import { Webhook, WebhookDelivery } from '../../entities/events/webhook';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { deliveryList, webhookList } from '../../persistence/events/webhook-list';
import { WebhookConnection, WebhookDeliveryConnection } from '../types/connections';
import { PageArgs } from '../types/page-args';

@Resolver(() => Webhook)
export class WebhookResolver {
  @Authorized('ADMIN')
  @Query(() => WebhookConnection, { description: 'Webhooks of this account, newest first; at most 20.' })
  webhooks(@Args(() => PageArgs) page: PageArgs, @Ctx() { loaders, viewer }: RequestContext) {
    return loaders.connections.root(webhookList(viewer), page);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who made it; null: a machine.' })
  createdBy(@Root() webhook: Row<Webhook>, @Ctx() { loaders }: RequestContext) {
    return webhook.createdById === null ? null : loaders.user.load(webhook.createdById);
  }

  @FieldResolver(() => WebhookDeliveryConnection, {
    description:
      'What it was told or is to be told, newest first. What was delivered is kept as long as events are (7 days unless set otherwise), what was given up for 30 days at least.',
  })
  deliveries(
    @Root() webhook: Row<Webhook>,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('state', () => WebhookDeliveryState, { nullable: true, description: 'Only those in this state.' })
    given: DeliveryState | null | undefined,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    const state = given ?? null;
    return loaders.connections.of(webhook.id, deliveryList(viewer, state), page, { state });
  }
}

@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  @FieldResolver(() => Webhook, { description: 'The webhook that is told.' })
  webhook(@Root() delivery: Row<WebhookDelivery>, @Ctx() { loaders }: RequestContext) {
    return loaders.webhook.load(delivery.webhookId);
  }
}
