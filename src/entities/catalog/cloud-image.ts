import { Directive, Field, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import type { ImageLifecycle, ImageType } from '../../domain/catalog/cloud-image';
import { Account } from '../access/account';
import { CatalogSource } from './catalog-source';
import { Cloud } from './cloud';
import { Flag, Reference, Text, TextList, Timestamp } from '../columns';
import { ImageType as ImageTypeEnum } from '../enums';
import { Node } from '../node';

/** A machine, kernel or ramdisk image that exists in one cloud. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A machine, kernel or ramdisk image that exists in one cloud.',
})
@Directive('@key(fields: "id")')
@Directive('@key(fields: "cloudType region resourceUid")')
@Entity('cloud_images', { comment: 'Images of clouds: public, or private to one account (R-3.1).' })
@Unique('cloud_images_id_cloud', ['id', 'cloudId'])
@Index('cloud_images_public_unique', ['cloudId', 'resourceUid'], {
  unique: true,
  where: 'owner_account_id IS NULL',
})
@Index('cloud_images_private_unique', ['cloudId', 'ownerAccountId', 'resourceUid'], {
  unique: true,
  where: 'owner_account_id IS NOT NULL',
})
@Index('cloud_images_name', ['name', 'id'])
@Index('cloud_images_cloud_name', ['cloudId', 'name', 'id'])
@Index('cloud_images_owner', ['ownerAccountId', 'name', 'id'], { where: 'owner_account_id IS NOT NULL' })
@Index('cloud_images_resource_uid', ['resourceUid'])
@Index('cloud_images_fingerprint', ['fingerprint'], { where: 'fingerprint IS NOT NULL' })
@Index('cloud_images_operating_system', ['operatingSystem'])
@Index('cloud_images_cpu_architecture', ['cpuArchitecture'])
@Index('cloud_images_rare_lifecycle', ['lifecycle'], {
  where: `lifecycle NOT IN ('AVAILABLE', 'DEPRECATED')`,
})
@Index('cloud_images_rare_type', ['imageType'], { where: `image_type <> 'MACHINE'` })
@Index('cloud_images_replacement', ['replacementId'], { where: 'replacement_id IS NOT NULL' })
@Index('cloud_images_published', { synchronize: false })
@Index('cloud_images_cloud_published', { synchronize: false })
@Index('cloud_images_search', { synchronize: false })
@Check('cloud_images_image_type', "image_type IN ('MACHINE', 'KERNEL', 'RAMDISK')")
@Check(
  'cloud_images_lifecycle',
  "lifecycle IN ('PENDING', 'AVAILABLE', 'FAILED', 'DEPRECATED', 'OBSOLETE', 'DELETED')",
)
export class CloudImage extends Node {
  @Reference('cloud_id')
  cloudId: string;

  @ManyToOne(() => Cloud, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'cloud_id', foreignKeyConstraintName: 'cloud_images_cloud' })
  cloud?: Cloud;

  @Reference('owner_account_id', { nullable: true, comment: 'Owner of a private image; null: public.' })
  ownerAccountId: string | null;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'owner_account_id', foreignKeyConstraintName: 'cloud_images_owner_account' })
  ownerAccount?: Account | null;

  @Field(() => String, {
    description:
      "The cloud's own id of the image: `ami-…`, `projects/P/global/images/NAME`, an image digest.",
  })
  @Text('resource_uid')
  resourceUid: string;

  @Field(() => String, { description: 'Name, at most 255 characters.' })
  @Text('name')
  name: string;

  @Field(() => String, { nullable: true, description: 'Free text.' })
  @Text('description', { nullable: true })
  description: string | null;

  @Field(() => ImageTypeEnum, { description: 'Which slot of a launch it fits.' })
  @Text('image_type')
  imageType: ImageType;

  @Field(() => String, { nullable: true, description: 'Platform: linux, windows, …' })
  @Text('os_platform', { nullable: true })
  osPlatform: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Operating system with its version, e.g. `Fedora CoreOS 44`.',
  })
  @Text('operating_system', { nullable: true })
  operatingSystem: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'CPU architecture: x86_64, arm64, i386, …; null: unknown.',
  })
  @Text('cpu_architecture', { nullable: true })
  cpuArchitecture: string | null;

  @Field(() => String, { nullable: true, description: 'Virtualization: hvm, paravirtual, …' })
  @Text('virtualization_type', { nullable: true })
  virtualizationType: string | null;

  @Field(() => String, { nullable: true, description: 'Storage of the root device: ebs, instance-store, …' })
  @Text('root_device_storage', { nullable: true })
  rootDeviceStorage: string | null;

  @Field(() => String, { nullable: true, description: "Checksum of the image's content." })
  @Text('fingerprint', { nullable: true })
  fingerprint: string | null;

  @Field(() => Date, { nullable: true, description: 'When the image was published.' })
  @Timestamp('published_at', { nullable: true })
  publishedAt: Date | null;

  @Text('lifecycle', {
    comment: 'Stored lifecycle; AVAILABLE reads as DEPRECATED once deprecates_at has passed.',
  })
  lifecycle: ImageLifecycle;

  @Flag('lifecycle_held', { comment: 'Set by hand: imports leave the lifecycle alone.' })
  lifecycleHeld: boolean;

  @Timestamp('deprecates_at', {
    nullable: true,
    comment: 'From then on AVAILABLE reads as DEPRECATED (R-3.4).',
  })
  deprecatesAt: Date | null;

  @Reference('replacement_id', { nullable: true, comment: 'What to use instead of a deprecated image.' })
  replacementId: string | null;

  @ManyToOne(() => CloudImage, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'replacement_id', foreignKeyConstraintName: 'cloud_images_replacement_reference' })
  replacement?: CloudImage | null;

  @Field(() => Boolean, { description: 'Whether the management agent is installed in the image.' })
  @Flag('agent_enabled')
  agentEnabled: boolean;

  @Reference('source_id', {
    nullable: true,
    comment: 'Source that brought it first and keeps its facts current.',
  })
  sourceId: string | null;

  @ManyToOne(() => CatalogSource, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'source_id', foreignKeyConstraintName: 'cloud_images_source' })
  source?: CatalogSource | null;

  @Field(() => Date, { description: 'When it came into this catalog.' })
  @Timestamp('created_at')
  createdAt: Date;

  @Timestamp('updated_at')
  updatedAt: Date;
}

/** A private image that another account may use. */
@Entity('cloud_image_shares', { comment: 'Private images shared with other accounts (R-3.2).' })
@Index('cloud_image_shares_account', ['accountId'])
export class CloudImageShare {
  @PrimaryColumn({ type: 'uuid', name: 'cloud_image_id' })
  cloudImageId: string;

  @PrimaryColumn({ type: 'uuid', name: 'account_id' })
  accountId: string;

  @ManyToOne(() => CloudImage, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'cloud_image_id', foreignKeyConstraintName: 'cloud_image_shares_image' })
  cloudImage?: CloudImage;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'cloud_image_shares_account_reference' })
  account?: Account;

  @Timestamp('created_at')
  createdAt: Date;
}

/** Tags that one account put on an image; only that account sees them. */
@Entity('cloud_image_tags', { comment: 'Tags on images, per account that made them (R-10.1).' })
@Index('cloud_image_tags_search', { synchronize: false })
@Check('cloud_image_tags_count', 'cardinality(tags) <= 100')
export class CloudImageTags {
  @PrimaryColumn({ type: 'uuid', name: 'account_id' })
  accountId: string;

  @PrimaryColumn({ type: 'uuid', name: 'cloud_image_id' })
  cloudImageId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'cloud_image_tags_account' })
  account?: Account;

  @ManyToOne(() => CloudImage, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'cloud_image_id', foreignKeyConstraintName: 'cloud_image_tags_image' })
  cloudImage?: CloudImage;

  @TextList('tags')
  tags: string[];
}
