import { Directive, ObjectType } from 'type-graphql';
import { JoinColumn, ManyToOne } from 'typeorm';
import { Account } from '../access/account';
import { Component } from './component';
import { ComponentTable } from './component-table';
import { Node } from '../node';
import { User } from '../access/user';

/** A map from cloud to image and instance type (section 4): one row per version. */
@ObjectType({
  implements: [Node, Component],
  simpleResolvers: true,
  description:
    'A map from cloud to image, instance type, kernel, ramdisk and user data: at most one setting per cloud.',
})
@Directive('@key(fields: "id")')
@Directive('@key(fields: "lineageId revision")')
@ComponentTable('multi_cloud_images', 'Versions of MultiCloud Images; revision 0 is HEAD.')
export class MultiCloudImage extends Component {
  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'multi_cloud_images_account' })
  account?: Account;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'committed_by_id', foreignKeyConstraintName: 'multi_cloud_images_committed_by' })
  committedBy?: User | null;

  @ManyToOne(() => MultiCloudImage, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'cloned_from_id', foreignKeyConstraintName: 'multi_cloud_images_cloned_from' })
  clonedFrom?: MultiCloudImage | null;

  @ManyToOne(() => MultiCloudImage, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'original_id', foreignKeyConstraintName: 'multi_cloud_images_original_reference' })
  original?: MultiCloudImage | null;
}
