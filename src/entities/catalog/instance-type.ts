import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { Entity, Index, JoinColumn, ManyToOne, Unique } from 'typeorm';
import { Account } from '../access/account';
import { CatalogSource } from './catalog-source';
import { Cloud } from './cloud';
import { Flag, Reference, Text, TextList, Timestamp, Whole } from '../columns';
import { Node } from '../node';

/** A size in one cloud (section 1). */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A machine size in one cloud, with the CPU architectures it can run.',
})
@Directive('@key(fields: "id")')
@Directive('@key(fields: "cloudType region resourceUid")')
@Entity('instance_types', { comment: 'Machine sizes of clouds: public, or private to one account.' })
@Unique('instance_types_id_cloud', ['id', 'cloudId'])
@Index('instance_types_public_unique', ['cloudId', 'resourceUid'], {
  unique: true,
  where: 'owner_account_id IS NULL',
})
@Index('instance_types_private_unique', ['cloudId', 'ownerAccountId', 'resourceUid'], {
  unique: true,
  where: 'owner_account_id IS NOT NULL',
})
@Index('instance_types_name', ['name', 'id'])
@Index('instance_types_cloud_name', ['cloudId', 'name', 'id'])
export class InstanceType extends Node {
  @Reference('cloud_id')
  cloudId: string;

  @ManyToOne(() => Cloud, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'cloud_id', foreignKeyConstraintName: 'instance_types_cloud' })
  cloud?: Cloud;

  @Reference('owner_account_id', { nullable: true, comment: 'Owner of a private type; null: public.' })
  ownerAccountId: string | null;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'owner_account_id', foreignKeyConstraintName: 'instance_types_owner_account' })
  ownerAccount?: Account | null;

  @Field(() => String, { description: "The cloud's own id of the type, e.g. `m7i.large`." })
  @Text('resource_uid')
  resourceUid: string;

  @Field(() => String, { description: 'What the listing calls it.' })
  @Text('name')
  name: string;

  @Field(() => [String], { description: 'CPU architectures that it can run; empty: unknown.' })
  @TextList('cpu_architectures')
  cpuArchitectures: string[];

  @Field(() => Int, { nullable: true, description: 'Number of virtual CPUs.' })
  @Whole('cpu_count', { nullable: true })
  cpuCount: number | null;

  @Field(() => Int, { nullable: true, description: 'Memory in MiB.' })
  @Whole('memory_mb', { nullable: true })
  memoryMb: number | null;

  @Field(() => Boolean, { description: 'Whether the cloud still offers it.' })
  @Flag('offered', { default: true })
  offered: boolean;

  @Reference('source_id', {
    nullable: true,
    comment: 'Source that brought it first and keeps its facts current.',
  })
  sourceId: string | null;

  @ManyToOne(() => CatalogSource, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'source_id', foreignKeyConstraintName: 'instance_types_source' })
  source?: CatalogSource | null;

  @Timestamp('created_at')
  createdAt: Date;

  @Timestamp('updated_at')
  updatedAt: Date;
}
