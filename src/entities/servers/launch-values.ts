import { JoinColumn, ManyToOne } from 'typeorm';
import { Account } from '../access/account';
import { Cloud } from '../catalog/cloud';
import { CloudImage } from '../catalog/cloud-image';
import { Reference, Text } from '../columns';
import { InstanceType } from '../catalog/instance-type';
import { MultiCloudImage } from '../components/multi-cloud-image';
import { Node } from '../node';
import { ServerTemplate } from '../components/server-template';

const inCloud = (column: string, constraint: string) => [
  { name: column, referencedColumnName: 'id', foreignKeyConstraintName: constraint },
  { name: 'cloud_id', referencedColumnName: 'cloudId', foreignKeyConstraintName: constraint },
];

/** What a machine is launched with. The composite keys hold images and type to that very cloud. */
export abstract class LaunchValues extends Node {
  @Reference('account_id')
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'launch_account' })
  account?: Account;

  @Reference('cloud_id', { comment: 'Never changes (R-8.1).' })
  cloudId: string;

  @ManyToOne(() => Cloud, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'cloud_id', foreignKeyConstraintName: 'launch_cloud' })
  cloud?: Cloud;

  @Reference('server_template_id', { comment: 'Template version that is followed: HEAD or a revision.' })
  serverTemplateId: string;

  @ManyToOne(() => ServerTemplate, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'server_template_id', foreignKeyConstraintName: 'launch_server_template' })
  serverTemplate?: ServerTemplate;

  @Reference('multi_cloud_image_id', { nullable: true })
  multiCloudImageId: string | null;

  @ManyToOne(() => MultiCloudImage, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'multi_cloud_image_id', foreignKeyConstraintName: 'launch_multi_cloud_image' })
  multiCloudImage?: MultiCloudImage | null;

  @Reference('image_id', { nullable: true })
  imageId: string | null;

  @ManyToOne(() => CloudImage, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn(inCloud('image_id', 'launch_image'))
  image?: CloudImage | null;

  @Reference('instance_type_id', { nullable: true })
  instanceTypeId: string | null;

  @ManyToOne(() => InstanceType, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn(inCloud('instance_type_id', 'launch_instance_type'))
  instanceType?: InstanceType | null;

  @Reference('kernel_image_id', { nullable: true })
  kernelImageId: string | null;

  @ManyToOne(() => CloudImage, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn(inCloud('kernel_image_id', 'launch_kernel_image'))
  kernelImage?: CloudImage | null;

  @Reference('ramdisk_image_id', { nullable: true })
  ramdiskImageId: string | null;

  @ManyToOne(() => CloudImage, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn(inCloud('ramdisk_image_id', 'launch_ramdisk_image'))
  ramdiskImage?: CloudImage | null;

  @Text('user_data', { nullable: true, comment: 'At most 16,384 bytes of UTF-8.' })
  userData: string | null;
}
