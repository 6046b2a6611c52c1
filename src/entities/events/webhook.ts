import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type {
  DeliveryState as DeliveryStateName,
  WebhookEvent as WebhookEventName,
} from '../../domain/events/webhook';
import { Account } from '../access/account';
import { Flag, Hash, Reference, References, Text, TextList, Timestamp, Whole } from '../columns';
import { WebhookDeliveryState, WebhookEvent } from '../enums';
import { Node } from '../node';
import { User } from '../access/user';

/** Where an account is told of events (docs/adr/0014). */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'Where this account is told of events, over HTTP, as signed CloudEvents. Only its admins see it.',
})
@Directive('@key(fields: "id")')
@Entity('webhooks', { comment: 'Where accounts are told of events over HTTP.' })
@Index('webhooks_account', ['accountId', 'createdAt', 'id'])
@Check(
  'webhooks_events',
  "events <@ ARRAY['COMPONENT', 'PUBLICATION', 'INSTANCE', 'IMPORT_UPDATE'] AND cardinality(events) > 0",
)
@Check('webhooks_previous_secret', '(previous_secret IS NULL) = (previous_secret_until IS NULL)')
export class Webhook extends Node {
  @Reference('account_id')
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'webhooks_account_reference' })
  account?: Account;

  @Field(() => String, { description: 'Where events are posted to.' })
  @Text('url')
  url: string;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  @Text('description', { nullable: true })
  description: string | null;

  @Field(() => [WebhookEvent], { description: 'Of which events it is told.' })
  @TextList('events', { default: undefined })
  events: WebhookEventName[];

  @Field(() => [ID], {
    description:
      'Only events of these components, by their lineages; empty: of all. It does not narrow events of instances.',
  })
  @References('lineage_ids', { comment: 'Only events of these components; empty: of all.' })
  lineageIds: string[];

  // Never read for GraphQL: who has it can sign as we do.
  @Hash('secret', { select: false, comment: 'Signs; readable, since signing needs it.' })
  secret?: Buffer;

  @Hash('previous_secret', {
    nullable: true,
    select: false,
    comment: 'Signs beside the other one for a while after that was changed.',
  })
  previousSecret?: Buffer | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Until then a secret from before the last rotation signs, too; null: none does.',
  })
  @Timestamp('previous_secret_until', { nullable: true })
  previousSecretUntil: Date | null;

  @Field(() => Boolean, {
    description:
      'Whether it is told of events. What happens while it is inactive is not told later, nor perhaps what happened in the moments before it became so; what was pending then waits, for 30 days.',
  })
  @Flag('active', { default: true })
  active: boolean;

  @Column({
    type: 'bigint',
    name: 'after_position',
    comment: 'The newest event when it was last made active: later ones are told.',
  })
  afterPosition: string;

  @Field(() => Int, {
    description: 'Rises with every change. Send it as `expectedVersion` with an edit.',
  })
  @Whole('version', { default: 1 })
  version: number;

  @Reference('created_by_id', { nullable: true, comment: 'Null: a machine.' })
  createdById: string | null;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'created_by_id', foreignKeyConstraintName: 'webhooks_user' })
  createdByUser?: User | null;

  @Field(() => Date, { description: 'When it was made; what happened before is not told.' })
  @Timestamp('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When anything about it last changed.' })
  @Timestamp('updated_at')
  updatedAt: Date;
}

/** One event for one webhook, with what became of it. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One event that a webhook is told of, and what became of it. Only admins see it.',
})
@Directive('@key(fields: "id")')
@Entity('webhook_deliveries', { comment: 'Events as they are sent to webhooks, and how that went.' })
@Index('webhook_deliveries_event', ['webhookId', 'eventId'], { unique: true })
@Index('webhook_deliveries_created', ['webhookId', 'createdAt', 'id'])
@Index('webhook_deliveries_by_state', ['webhookId', 'state', 'createdAt', 'id'])
@Index('webhook_deliveries_due', ['nextAttemptAt'], { where: "state = 'PENDING'" })
@Index('webhook_deliveries_waiting', ['webhookId', 'nextAttemptAt'], { where: "state = 'PENDING'" })
@Index('webhook_deliveries_ended', ['state', 'endedAt'], { where: "state <> 'PENDING'" })
@Check('webhook_deliveries_state', "state IN ('PENDING', 'DELIVERED', 'DEAD')")
@Check(
  'webhook_deliveries_pending',
  "(state = 'PENDING') = (next_attempt_at IS NOT NULL) AND (state = 'PENDING') = (ended_at IS NULL)",
)
@Check('webhook_deliveries_claim', "claim_id IS NULL OR state = 'PENDING'")
export class WebhookDelivery extends Node {
  @Reference('webhook_id')
  webhookId: string;

  @ManyToOne(() => Webhook, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'webhook_id', foreignKeyConstraintName: 'webhook_deliveries_webhook' })
  toWebhook?: Webhook;

  @Reference('account_id')
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'webhook_deliveries_account' })
  account?: Account;

  @Field(() => ID, { description: '`id` of the CloudEvent: the same in all attempts and for all webhooks.' })
  @Text('event_id', { comment: 'Id of the CloudEvent.' })
  eventId: string;

  @Field(() => String, { description: '`type` of the CloudEvent.' })
  @Text('type', { comment: 'Type of the CloudEvent.' })
  type: string;

  @Field(() => String, { description: 'The CloudEvent, as JSON; every attempt sends these very bytes.' })
  @Text('payload', { comment: 'The CloudEvent, as JSON; every attempt sends these very bytes.' })
  payload: string;

  @Field(() => WebhookDeliveryState, { description: 'What became of it.' })
  @Text('state')
  state: DeliveryStateName;

  @Field(() => Int, { description: 'How often it was tried since it was made or last replayed.' })
  @Whole('attempts', { default: 0 })
  attempts: number;

  @Field(() => Date, {
    nullable: true,
    description:
      'When it is tried next; while it is being sent, when it would be given up for lost. Null unless PENDING.',
  })
  @Timestamp('next_attempt_at', {
    nullable: true,
    comment: 'While it is being sent: when it is given up for lost.',
  })
  nextAttemptAt: Date | null;

  @Reference('claim_id', { nullable: true, comment: 'Who sends it now; null: nobody.' })
  claimId: string | null;

  @Field(() => Date, { nullable: true, description: 'When it was last tried.' })
  @Timestamp('last_attempt_at', { nullable: true })
  lastAttemptAt: Date | null;

  @Field(() => Int, { nullable: true, description: 'HTTP status of the last answer; null: none came.' })
  @Whole('last_status', { nullable: true })
  lastStatus: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why the last attempt failed, with the beginning of the answer; null: it did not fail.',
  })
  @Text('last_error', { nullable: true })
  lastError: string | null;

  @Field(() => Date, { description: 'When it was made.' })
  @Timestamp('created_at')
  createdAt: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was delivered or given up; null: it is pending.',
  })
  @Timestamp('ended_at', { nullable: true })
  endedAt: Date | null;
}

/** How far events were made into deliveries: one row, whose lock decides who does. */
@Entity('webhook_dispatch', { comment: 'How far events were made into deliveries: one row.' })
@Check('webhook_dispatch_one', 'one')
export class WebhookDispatch {
  @PrimaryColumn({ type: 'boolean', name: 'one', default: true })
  one: boolean;

  @Column({ type: 'bigint', name: 'position', comment: 'Events up to here were.' })
  position: string;

  @Reference('source', { comment: 'Tells the events of this installation from those of others.' })
  source: string;
}
