import { Directive, Field, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { Cloud } from '../catalog/cloud';
import { CloudImage } from '../catalog/cloud-image';
import { Reference, Text } from '../columns';
import { SettingOrigin } from '../enums';
import { InstanceType } from '../catalog/instance-type';
import { MultiCloudImage } from './multi-cloud-image';
import { Node } from '../node';

/** An MCI's entry for one cloud. The composite keys hold image and type to that very cloud. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "A MultiCloud Image's entry for one cloud.",
})
@Directive('@key(fields: "id")')
@Entity('multi_cloud_image_settings', {
  comment: 'One entry per MultiCloud Image version and cloud (R-4.1).',
})
@Index('multi_cloud_image_settings_cloud_unique', ['multiCloudImageId', 'cloudId'], { unique: true })
@Index('multi_cloud_image_settings_image', ['imageId', 'multiCloudImageId'])
@Index('multi_cloud_image_settings_kernel', ['kernelImageId'], { where: 'kernel_image_id IS NOT NULL' })
@Index('multi_cloud_image_settings_ramdisk', ['ramdiskImageId'], { where: 'ramdisk_image_id IS NOT NULL' })
@Index('multi_cloud_image_settings_type', ['instanceTypeId'])
@Index('multi_cloud_image_settings_cloud', ['cloudId', 'multiCloudImageId'])
@Check('multi_cloud_image_settings_user_data', 'octet_length(user_data) <= 16384')
@Check('multi_cloud_image_settings_made_by', "made_by IN ('HAND', 'MATCHER')")
export class MultiCloudImageSetting extends Node {
  @Reference('multi_cloud_image_id')
  multiCloudImageId: string;

  @ManyToOne(() => MultiCloudImage, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'multi_cloud_image_id', foreignKeyConstraintName: 'multi_cloud_image_settings_mci' })
  multiCloudImage?: MultiCloudImage;

  @Reference('cloud_id')
  cloudId: string;

  @ManyToOne(() => Cloud, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'cloud_id', foreignKeyConstraintName: 'multi_cloud_image_settings_cloud_reference' })
  cloud?: Cloud;

  @Reference('image_id')
  imageId: string;

  @ManyToOne(() => CloudImage, { onDelete: 'RESTRICT' })
  @JoinColumn([
    {
      name: 'image_id',
      referencedColumnName: 'id',
      foreignKeyConstraintName: 'multi_cloud_image_settings_image_reference',
    },
    {
      name: 'cloud_id',
      referencedColumnName: 'cloudId',
      foreignKeyConstraintName: 'multi_cloud_image_settings_image_reference',
    },
  ])
  image?: CloudImage;

  @Reference('instance_type_id')
  instanceTypeId: string;

  @ManyToOne(() => InstanceType, { onDelete: 'RESTRICT' })
  @JoinColumn([
    {
      name: 'instance_type_id',
      referencedColumnName: 'id',
      foreignKeyConstraintName: 'multi_cloud_image_settings_type_reference',
    },
    {
      name: 'cloud_id',
      referencedColumnName: 'cloudId',
      foreignKeyConstraintName: 'multi_cloud_image_settings_type_reference',
    },
  ])
  instanceType?: InstanceType;

  @Reference('kernel_image_id', { nullable: true })
  kernelImageId: string | null;

  @ManyToOne(() => CloudImage, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn([
    {
      name: 'kernel_image_id',
      referencedColumnName: 'id',
      foreignKeyConstraintName: 'multi_cloud_image_settings_kernel_reference',
    },
    {
      name: 'cloud_id',
      referencedColumnName: 'cloudId',
      foreignKeyConstraintName: 'multi_cloud_image_settings_kernel_reference',
    },
  ])
  kernelImage?: CloudImage | null;

  @Reference('ramdisk_image_id', { nullable: true })
  ramdiskImageId: string | null;

  @ManyToOne(() => CloudImage, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn([
    {
      name: 'ramdisk_image_id',
      referencedColumnName: 'id',
      foreignKeyConstraintName: 'multi_cloud_image_settings_ramdisk_reference',
    },
    {
      name: 'cloud_id',
      referencedColumnName: 'cloudId',
      foreignKeyConstraintName: 'multi_cloud_image_settings_ramdisk_reference',
    },
  ])
  ramdiskImage?: CloudImage | null;

  @Field(() => String, {
    nullable: true,
    description: 'Given to the machine at its start; at most 16,384 bytes of UTF-8.',
  })
  @Text('user_data', { nullable: true })
  userData: string | null;

  @Field(() => SettingOrigin, { description: 'Whether a person or a matcher made it.' })
  @Text('made_by', { default: 'HAND' })
  madeBy: 'HAND' | 'MATCHER';
}
