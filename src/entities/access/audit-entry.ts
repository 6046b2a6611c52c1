import { Directive, Field, ObjectType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { Account } from './account';
import { Reference, Text, Timestamp } from '../columns';
import { JsonScalar } from '../json-scalar';
import { Node } from '../node';

/** Who did what. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One change that was made: who, what, when.',
})
@Directive('@key(fields: "id")')
@Entity('audit_entries', {
  comment: 'One entry per mutation that changed anything (R-2.4); never changed nor deleted.',
})
@Index('audit_entries_account', ['accountId', 'at', 'id'])
@Index('audit_entries_object', ['accountId', 'objectId', 'at', 'id'])
@Index('audit_entries_user', ['accountId', 'userId', 'at', 'id'])
@Index('audit_entries_action', ['accountId', 'action', 'at', 'id'])
export class AuditEntry extends Node {
  @Reference('account_id', {
    nullable: true,
    comment: 'Account acted for; null: the command line before there was one.',
  })
  accountId: string | null;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'audit_entries_account_reference' })
  account?: Account | null;

  @Reference('user_id', { nullable: true })
  userId: string | null;

  @Field(() => String, { description: "Who acted: an e-mail address, a token's name, or the command line." })
  @Text('actor')
  actor: string;

  @Field(() => String, { description: 'What was done, as `object.verb`, e.g. `multiCloudImage.setSetting`.' })
  @Text('action')
  action: string;

  @Field(() => String, { description: 'GraphQL type of the object.' })
  @Text('object_type')
  objectType: string;

  @Reference('object_id', { nullable: true })
  objectId: string | null;

  @Field(() => JsonScalar, { description: 'What changed, by field.' })
  @Column({ type: 'jsonb', name: 'changes' })
  changes: Record<string, unknown>;

  @Field(() => Date, { description: 'When it was done.' })
  @Timestamp('at')
  at: Date;
}
