import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { Account } from '../access/account';
import { Reference, Text, TextList, Timestamp, Whole } from '../columns';
import { Node } from '../node';

/** Servers and arrays that belong together. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'Servers and server arrays that belong together.',
})
@Directive('@key(fields: "id")')
@Entity('deployments', { comment: 'Servers and arrays that belong together.' })
@Index('deployments_name', ['accountId', 'name', 'id'], { where: 'deleted_at IS NULL' })
@Index('deployments_all_name', ['accountId', 'name', 'id'])
@Index('deployments_tags', { synchronize: false })
@Check('deployments_tag_count', 'cardinality(tags) <= 100')
export class Deployment extends Node {
  @Reference('account_id')
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'deployments_account' })
  account?: Account;

  @Field(() => String, { description: 'Name, at most 255 characters; need not be unique.' })
  @Text('name')
  name: string;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  @Text('description', { nullable: true })
  description: string | null;

  @Field(() => [String], { description: 'Tags, at most 100 (R-10.1).' })
  @TextList('tags')
  tags: string[];

  @Field(() => Int, { description: 'Rises with every change. Send it as `expectedVersion` with an edit.' })
  @Whole('version', { default: 1, comment: 'Rises with every change.' })
  version: number;

  @Field(() => Date, { description: 'When it was created.' })
  @Timestamp('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When it was last changed.' })
  @Timestamp('updated_at')
  updatedAt: Date;

  @Field(() => Date, { nullable: true, description: 'When it was deleted; null while it is not.' })
  @Timestamp('deleted_at', { nullable: true })
  deletedAt: Date | null;
}
