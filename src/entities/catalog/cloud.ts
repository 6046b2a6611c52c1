import { Directive, Field, ObjectType } from 'type-graphql';
import { Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { Account } from '../access/account';
import { Reference, Text, Timestamp } from '../columns';
import { Node } from '../node';

/** Where machines launch into (section 1). */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'Where machines launch into: one region of a public cloud, one private cloud, or a global one.',
})
@Directive('@key(fields: "id")')
@Directive('@key(fields: "cloudType region")')
@Entity('clouds', { comment: 'Clouds: public, or private to one account.' })
@Index('clouds_public_unique', ['cloudType', 'region'], { unique: true, where: 'account_id IS NULL' })
@Index('clouds_private_unique', ['accountId', 'cloudType', 'region'], {
  unique: true,
  where: 'account_id IS NOT NULL',
})
@Index('clouds_name', ['name', 'id'])
export class Cloud extends Node {
  @Reference('account_id', { nullable: true, comment: 'Owner; null: public.' })
  accountId: string | null;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'clouds_account' })
  account?: Account | null;

  @Field(() => String, {
    description: 'Kind of cloud: amazon, azure, google, openstack, vsphere, cloudstack, kubevirt, …',
  })
  @Text('cloud_type')
  cloudType: string;

  @Field(() => String, { description: 'Region, as the cloud itself names it; `global` where it has none.' })
  @Text('region')
  region: string;

  @Field(() => String, { description: 'Name, at most 255 characters.' })
  @Text('name')
  name: string;

  @Field(() => String, { description: 'Name for people.' })
  @Text('display_name')
  displayName: string;

  @Field(() => String, { nullable: true, description: 'Free text.' })
  @Text('description', { nullable: true })
  description: string | null;

  @Timestamp('created_at')
  createdAt: Date;
}
