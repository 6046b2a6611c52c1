import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { WebhookEvent as WebhookEventName } from '../../../domain/events/webhook';
import { WebhookEvent } from '../../../entities/enums';
import { Webhook, WebhookDelivery } from '../../../entities/events/webhook';
import { deletePayloadType, Payload, payloadType } from '../payload';

export const UpdateWebhookPayload = payloadType('UpdateWebhook', 'webhook', Webhook, 'The webhook.');
export const DeleteWebhookPayload = deletePayloadType('DeleteWebhook');
export const TestWebhookPayload = payloadType(
  'TestWebhook',
  'delivery',
  WebhookDelivery,
  'The ping, just made: read it again to see what became of it.',
);

@ObjectType({ simpleResolvers: true, description: 'A webhook with its secret, which is shown here only.' })
class WebhookSecretPayload extends Payload {
  @Field(() => Webhook, { nullable: true, description: 'The webhook.' })
  webhook: Webhook | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What the receiver checks signatures with, as Standard Webhooks writes it (`whsec_…`). Shown here only: keep it safe.',
  })
  secret: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'What `createWebhook` answers.' })
export class CreateWebhookPayload extends WebhookSecretPayload {}

@ObjectType({ simpleResolvers: true, description: 'What `rotateWebhookSecret` answers.' })
export class RotateWebhookSecretPayload extends WebhookSecretPayload {}

@ObjectType({ simpleResolvers: true, description: 'What `replayWebhookDeliveries` answers.' })
export class ReplayWebhookDeliveriesPayload extends Payload {
  @Field(() => Webhook, { nullable: true, description: 'The webhook.' })
  webhook: Webhook | null;

  @Field(() => Int, { nullable: true, description: 'How many deliveries are sent again.' })
  replayedCount: number | null;
}

const URL_DESCRIPTION =
  'Where events are posted to: https, at most 2,048 characters, without user name or password. Its host must be on the public internet, unless the service is set up otherwise.';
const LINEAGES =
  'Only events of these components, by their `lineageId`; at most 100; empty: of all. Instances are not narrowed by it.';

@InputType({ description: 'A new webhook. Its secret is made by the service.' })
export class CreateWebhookInput {
  @Field(() => String, { description: URL_DESCRIPTION })
  url: string;

  @Field(() => [WebhookEvent], { description: 'Of which events it is told; at least one.' })
  events: WebhookEventName[];

  @Field(() => [ID], { nullable: true, description: LINEAGES })
  lineageIds?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  description?: string | null;
}

@InputType({ description: 'What changes about a webhook. What is left out stays.' })
export class UpdateWebhookInput {
  @Field(() => ID, { description: 'The webhook.' })
  id: string;

  @Field(() => Int, { description: 'Its `version` when it was read.' })
  expectedVersion: number;

  @Field(() => String, { nullable: true, description: URL_DESCRIPTION })
  url?: string | null;

  @Field(() => [WebhookEvent], { nullable: true, description: 'Of which events it is told; at least one.' })
  events?: WebhookEventName[] | null;

  @Field(() => [ID], { nullable: true, description: LINEAGES })
  lineageIds?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Free text, at most 65,536 characters; null clears it.',
  })
  description?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it is told of events; what happens while it is not is not told later, nor perhaps what happened in the moments before.',
  })
  active?: boolean | null;
}

@InputType({ description: 'Which webhook.' })
export class WebhookInput {
  @Field(() => ID, { description: 'The webhook.' })
  id: string;
}

@InputType({ description: 'What to send again: `deliveryIds`, or `allDead: true`.' })
export class ReplayWebhookDeliveriesInput {
  @Field(() => ID, { description: 'The webhook.' })
  webhookId: string;

  @Field(() => [ID], {
    nullable: true,
    description: 'Deliveries of it, DEAD or DELIVERED, at most 100; pending ones are on their way anyway.',
  })
  deliveryIds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'All that are DEAD: the oldest 1,000 of them. Call it again for more.',
  })
  allDead?: boolean | null;
}
