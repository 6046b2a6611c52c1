import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
} from 'typeorm';
import type { EventKind } from '../../domain/events/event';
import type { InstanceState } from '../../domain/servers/instance-state';
import type { ComponentType } from '../../domain/versioning/component-type';
import { Account } from '../access/account';
import { Reference, Text, Timestamp } from '../columns';

/** Something that happened, written by triggers in the transaction in which it happened (docs/adr/0013). */
@Entity('events', { comment: 'What happened, for subscriptions and webhooks; kept for some days.' })
@Index('events_position', ['position'], { unique: true })
@Index('events_waiting', ['id'], { where: 'position IS NULL' })
@Index('events_waiting_publications', ['subjectId'], {
  where: "position IS NULL AND kind = 'PUBLICATION'",
})
@Index('events_account', ['accountId', 'position'])
@Index('events_publications', ['position'], { where: "kind = 'PUBLICATION'" })
@Index('events_at', ['at'])
@Check('events_kind', "kind IN ('COMPONENT', 'PUBLICATION', 'INSTANCE')")
@Check('events_component', "(kind = 'INSTANCE') = (component_type IS NULL)")
@Check('events_lineage', "(kind = 'INSTANCE') = (lineage_id IS NULL)")
@Check(
  'events_instance',
  "kind = 'INSTANCE' OR from_state IS NULL AND server_id IS NULL AND server_array_id IS NULL",
)
export class Event {
  /** Of the insertion, not of the commit: events are told in the order of `position`. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', name: 'id', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column({
    type: 'bigint',
    name: 'position',
    nullable: true,
    comment: 'Where it stands among the committed ones; null until it was numbered.',
  })
  position: string | null;

  @Column({
    type: 'bigint',
    name: 'transaction',
    comment: 'Which transaction wrote it: tells its own events.',
  })
  transaction: string;

  @Timestamp('at')
  at: Date;

  @Text('kind')
  kind: EventKind;

  @Text('change', {
    comment: 'Event of the history, change of the publication, or new state of the instance.',
  })
  change: string;

  @Reference('account_id', { comment: 'Owner of the component or instance, or the publisher.' })
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'events_account_reference' })
  account?: Account;

  /** No foreign key: who is told of what is gone by now is told nothing. */
  @Reference('subject_id', { comment: 'Version of the component, publication, or instance.' })
  subjectId: string;

  @Text('component_type', { nullable: true, comment: 'GraphQL type of the component.' })
  componentType: ComponentType | null;

  @Reference('lineage_id', { nullable: true })
  lineageId: string | null;

  @Text('from_state', { nullable: true, comment: 'State of the instance before; null: it was launched.' })
  fromState: InstanceState | null;

  @Reference('server_id', { nullable: true })
  serverId: string | null;

  @Reference('server_array_id', { nullable: true })
  serverArrayId: string | null;
}

/** How far the events are numbered and kept: one row, whose lock decides who numbers. */
@Entity('event_feed', { comment: 'How far events are numbered and kept: one row.' })
@Check('event_feed_one', 'one')
export class EventFeedState {
  @PrimaryColumn({ type: 'boolean', name: 'one', default: true })
  one: boolean;

  @Column({ type: 'bigint', name: 'last_position', default: 0, comment: 'The newest that was given.' })
  lastPosition: string;

  @Column({
    type: 'bigint',
    name: 'pruned_position',
    default: 0,
    comment: 'Up to here events may be gone; later ones are all there.',
  })
  prunedPosition: string;
}
