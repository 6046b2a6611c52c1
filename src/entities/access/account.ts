import { Directive, Field, ObjectType } from 'type-graphql';
import { Entity, Index } from 'typeorm';
import { Flag, Text, TextList, Timestamp } from '../columns';
import { Node } from '../node';

/** The tenant (section 1). */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'The tenant that owns components, servers and private images.',
})
@Directive('@key(fields: "id")')
@Entity('accounts', { comment: 'Tenants. At most one is the operator of the installation (R-2.3).' })
@Index('accounts_operator_unique', ['operator'], { unique: true, where: 'operator' })
@Index('accounts_name_unique', { synchronize: false })
export class Account extends Node {
  @Field(() => String, { description: 'Unique name, at most 255 characters.' })
  @Text('name', { comment: 'Unique, ignoring case.' })
  name: string;

  @Flag('operator', { comment: 'Whether this account may write the public catalog.' })
  operator: boolean;

  @TextList('tags')
  tags: string[];

  @Timestamp('created_at')
  createdAt: Date;
}
