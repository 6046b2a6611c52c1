import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import type {
  OrderKind as OrderKindName,
  OrderState as OrderStateName,
} from '../../domain/servers/launch-order';
import { Account } from '../access/account';
import { CloudImage } from '../catalog/cloud-image';
import { Hash, Reference, Text, Timestamp, Whole } from '../columns';
import { OrderKind, OrderState } from '../enums';
import { Instance } from './instance';
import { Node } from '../node';

/** What a launcher is to do in a cloud. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'What a launcher is to do in a cloud: launch, terminate or bundle a machine.',
})
@Directive('@key(fields: "id")')
@Entity('launch_orders', { comment: 'What launchers are to do; each is claimed by one at a time (R-8.9).' })
@Index('launch_orders_open', ['accountId', 'createdAt', 'id'], { where: "state IN ('OPEN', 'CLAIMED')" })
@Index('launch_orders_created', ['accountId', 'createdAt', 'id'])
@Index('launch_orders_unfinished', ['accountId', 'createdAt', 'id'], { where: "state <> 'COMPLETED'" })
@Index('launch_orders_ends', ['accountId', 'createdAt', 'id'], { where: "kind = 'TERMINATE'" })
@Index('launch_orders_bundles', ['accountId', 'createdAt', 'id'], { where: "kind = 'BUNDLE'" })
@Index('launch_orders_instance', ['instanceId', 'createdAt'])
@Index('launch_orders_bundled', ['imageId'], { unique: true, where: 'image_id IS NOT NULL' })
@Index('launch_orders_enrolment', ['enrolmentHash'], { unique: true, where: 'enrolment_hash IS NOT NULL' })
@Check('launch_orders_kind', "kind IN ('LAUNCH', 'TERMINATE', 'BUNDLE')")
@Check('launch_orders_state', "state IN ('WAITING', 'OPEN', 'CLAIMED', 'COMPLETED', 'FAILED')")
@Check('launch_orders_lease', "(state = 'CLAIMED') = (lease_expires_at IS NOT NULL)")
@Check('launch_orders_bundle', "(kind = 'BUNDLE') = (image_id IS NOT NULL)")
@Check('launch_orders_claimable', "claimable_at IS NOT NULL OR state IN ('WAITING', 'FAILED')")
@Check('launch_orders_search', "launch_order_id IS NULL OR kind = 'TERMINATE'")
export class LaunchOrder extends Node {
  @Reference('account_id')
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'launch_orders_account' })
  account?: Account;

  @Field(() => OrderKind, { description: 'What is to be done.' })
  @Text('kind')
  kind: OrderKindName;

  @Field(() => OrderState, { description: 'How far it is.' })
  @Text('state')
  state: OrderStateName;

  @Reference('instance_id')
  instanceId: string;

  @ManyToOne(() => Instance, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'instance_id', foreignKeyConstraintName: 'launch_orders_instance_reference' })
  instance?: Instance;

  @Reference('launch_order_id', {
    nullable: true,
    comment: 'Of a TERMINATE: the LAUNCH whose machine is to be found by it.',
  })
  launchOrderId: string | null;

  @ManyToOne(() => LaunchOrder, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'launch_order_id', foreignKeyConstraintName: 'launch_orders_launch_order' })
  launchOrder?: LaunchOrder | null;

  @Reference('image_id', { nullable: true, comment: 'The image that a bundle makes.' })
  imageId: string | null;

  @ManyToOne(() => CloudImage, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'image_id', foreignKeyConstraintName: 'launch_orders_image' })
  image?: CloudImage | null;

  @Field(() => Date, {
    nullable: true,
    description:
      'From when on it can be claimed; null while it waits for the end of other machines. In the future while a launcher may still be launching the machine to end, and after a machine of a TERMINATED instance could not be ended.',
  })
  @Timestamp('claimable_at', {
    nullable: true,
    comment: 'From when on it can be claimed; null while it waits.',
  })
  claimableAt: Date | null;

  @Reference('claim_id', { nullable: true, comment: 'Proof of the present claim; a new one each time.' })
  claimId: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Until when its claim holds; afterwards it can be claimed again.',
  })
  @Timestamp('lease_expires_at', { nullable: true })
  leaseExpiresAt: Date | null;

  @Field(() => Int, { description: 'How often it was claimed.' })
  @Whole('attempts', { default: 0 })
  attempts: number;

  @Hash('enrolment_hash', {
    nullable: true,
    comment: 'SHA-256 of the enrolment token of the present claim; null once its credential was used.',
  })
  enrolmentHash: Buffer | null;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  @Text('failure', { nullable: true })
  failure: string | null;

  @Field(() => Date, { description: 'When it was given.' })
  @Timestamp('created_at')
  createdAt: Date;

  @Timestamp('completed_at', { nullable: true })
  completedAt: Date | null;
}
