import { Field, ObjectType } from 'type-graphql';
import { Check, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { HistoryEvent as HistoryEventName } from '../../domain/versioning/history-event';
import { Account } from '../access/account';
import { Reference, References, Text, Timestamp } from '../columns';
import { HistoryEvent } from '../enums';
import { User } from '../access/user';

/** What happened to a lineage, in its order; never changed. */
@ObjectType({
  simpleResolvers: true,
  description: 'What happened to a component: together with the parents, a graph that can be drawn.',
})
@Entity('history_entries', {
  comment: 'What happened to each lineage, numbered from 1; never changed nor deleted.',
})
@Check(
  'history_entries_component_type',
  "component_type IN ('MultiCloudImage', 'ServerTemplate', 'RightScript')",
)
@Check('history_entries_event', "event IN ('CREATED', 'COMMITTED', 'CLONED', 'MERGED', 'RESTORED')")
export class HistoryEntry {
  @PrimaryColumn({ type: 'uuid', name: 'account_id' })
  accountId: string;

  @PrimaryColumn({ type: 'uuid', name: 'lineage_id' })
  lineageId: string;

  @PrimaryColumn({
    type: 'integer',
    name: 'number',
    comment: 'Counts the entries of the lineage, without gaps.',
  })
  number: number;

  @Text('component_type', { comment: 'GraphQL type of the component.' })
  componentType: ComponentType;

  @Field(() => HistoryEvent, { description: 'What happened.' })
  @Text('event')
  event: HistoryEventName;

  @Reference('component_id', { comment: 'The version that it made or changed: HEAD, or the new revision.' })
  componentId: string;

  @References('parent_ids', { comment: 'The versions that this one came from.' })
  parentIds: string[];

  @Field(() => String, { nullable: true, description: 'Message of the commit; null for anything else.' })
  @Text('message', { nullable: true })
  message: string | null;

  @Field(() => Date, { description: 'When it happened.' })
  @Timestamp('at')
  at: Date;

  @Reference('user_id', { nullable: true, comment: 'Null: a machine.' })
  userId: string | null;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'history_entries_account' })
  account?: Account;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'history_entries_user' })
  user?: User | null;
}
