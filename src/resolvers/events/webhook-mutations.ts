import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import type { RequestContext } from '../../loaders/request-context';
import { createWebhook, type CreatedWebhook } from '../../services/events/create-webhook';
import { deleteWebhook } from '../../services/events/delete-webhook';
import { replayWebhookDeliveries } from '../../services/events/replay-webhook-deliveries';
import { rotateWebhookSecret } from '../../services/events/rotate-webhook-secret';
import { testWebhook } from '../../services/events/test-webhook';
import { updateWebhook } from '../../services/events/update-webhook';
import { lineageKey } from '../decode';
import { mutate } from '../mutate';
import {
  CreateWebhookInput,
  CreateWebhookPayload,
  DeleteWebhookPayload,
  ReplayWebhookDeliveriesInput,
  ReplayWebhookDeliveriesPayload,
  RotateWebhookSecretPayload,
  TestWebhookPayload,
  UpdateWebhookInput,
  UpdateWebhookPayload,
  WebhookInput,
} from '../types/events/webhook-inputs';

@Resolver()
export class WebhookMutations {
  @Authorized('ADMIN')
  @Mutation(() => CreateWebhookPayload, {
    description:
      'Makes a webhook: what happens from now on is posted to it as signed CloudEvents, at least once, in no promised order.',
  })
  createWebhook(
    @Arg('input', () => CreateWebhookInput, { description: 'The new webhook.' }) input: CreateWebhookInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () => createWebhook(context, withLineageKeys(input), context.privateWebhooks);
    return mutate(context, act, (made) => withSecret(context, made));
  }

  @Authorized('ADMIN')
  @Mutation(() => UpdateWebhookPayload, {
    description:
      'Changes where a webhook is told of what. Pending deliveries go to the new URL, as they are.',
  })
  updateWebhook(
    @Arg('input', () => UpdateWebhookInput, { description: 'What changes.' }) input: UpdateWebhookInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () =>
      updateWebhook(context, { ...withLineageKeys(input), id: webhookKey(input) }, context.privateWebhooks);
    return mutate(context, act, async (key) => ({ webhook: await context.loaders.webhook.load(key) }));
  }

  @Authorized('ADMIN')
  @Mutation(() => DeleteWebhookPayload, {
    description: 'Deletes a webhook and all its deliveries; pending ones are not sent any more.',
  })
  deleteWebhook(
    @Arg('input', () => WebhookInput, { description: 'Which webhook.' }) input: WebhookInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () => deleteWebhook(context, webhookKey(input));
    return mutate(context, act, () => ({ deletedId: input.id }));
  }

  @Authorized('ADMIN')
  @Mutation(() => RotateWebhookSecretPayload, {
    description:
      'Gives a webhook a new secret. For 24 hours the one before it signs, too: every request then carries two signatures. Rotated again within that time, the one before the first rotation goes on and what came between signs no more: if the answer was lost, just rotate again.',
  })
  rotateWebhookSecret(
    @Arg('input', () => WebhookInput, { description: 'Which webhook.' }) input: WebhookInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () => rotateWebhookSecret(context, webhookKey(input));
    return mutate(context, act, (rotated) => withSecret(context, rotated));
  }

  @Authorized('ADMIN')
  @Mutation(() => TestWebhookPayload, {
    description: 'Posts an event of type `dev.mci-graph.webhook.ping` to a webhook, whatever its `events`.',
  })
  testWebhook(
    @Arg('input', () => WebhookInput, { description: 'Which webhook.' }) input: WebhookInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () => testWebhook(context, webhookKey(input));
    return mutate(context, act, async (key) => ({
      delivery: await context.loaders.webhookDelivery.load(key),
    }));
  }

  @Authorized('ADMIN')
  @Mutation(() => ReplayWebhookDeliveriesPayload, {
    description:
      'Sends deliveries of a webhook again, as they were first sent: same `webhook-id`, same bytes, a new signature.',
  })
  replayWebhookDeliveries(
    @Arg('input', () => ReplayWebhookDeliveriesInput, { description: 'Which deliveries.' })
    input: ReplayWebhookDeliveriesInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () =>
      replayWebhookDeliveries(context, {
        allDead: input.allDead,
        webhookId: keyOf('Webhook', input.webhookId, 'input', 'webhookId'),
        deliveryIds: input.deliveryIds?.map((id, index) =>
          keyOf('WebhookDelivery', id, 'input', 'deliveryIds', String(index)),
        ),
      });
    return mutate(context, act, async ({ webhookId, count }) => ({
      webhook: await context.loaders.webhook.load(webhookId),
      replayedCount: count,
    }));
  }
}

const webhookKey = ({ id }: { id: string }): string => keyOf('Webhook', id, 'input', 'id');

const withLineageKeys = <I extends { lineageIds?: string[] | null }>(input: I): I => ({
  ...input,
  lineageIds: input.lineageIds?.map((id, index) => lineageKey(id, 'input', 'lineageIds', String(index))),
});

const withSecret = async ({ loaders }: RequestContext, { id, secret }: CreatedWebhook) => ({
  webhook: await loaders.webhook.load(id),
  secret,
});
