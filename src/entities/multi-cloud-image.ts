import { Directive, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne, Unique } from 'typeorm';
import { Account } from './account';
import { Component } from './component';
import { Node } from './node';
import { User } from './user';

/** A map from cloud to image and instance type (section 4): one row per version. */
@ObjectType({
  implements: [Node, Component],
  simpleResolvers: true,
  description:
    'A map from cloud to image, instance type, kernel, ramdisk and user data: at most one setting per cloud.',
})
@Directive('@key(fields: "id")')
@Directive('@key(fields: "lineageId revision")')
@Entity('multi_cloud_images', { comment: 'Versions of MultiCloud Images; revision 0 is HEAD.' })
@Unique('multi_cloud_images_id_lineage', ['id', 'lineageId'])
@Unique('multi_cloud_images_revision', ['accountId', 'lineageId', 'revision'])
@Index('multi_cloud_images_lineage', ['lineageId', 'revision'])
@Index('multi_cloud_images_head_name', ['accountId', 'name', 'id'], {
  where: 'revision = 0 AND deleted_at IS NULL',
})
@Index('multi_cloud_images_head_updated', ['accountId', 'updatedAt', 'id'], {
  where: 'revision = 0 AND deleted_at IS NULL',
})
@Index('multi_cloud_images_head_created', ['accountId', 'createdAt', 'id'], {
  where: 'revision = 0 AND deleted_at IS NULL',
})
@Index('multi_cloud_images_name', ['accountId', 'name', 'id'])
@Index('multi_cloud_images_updated', ['accountId', 'updatedAt', 'id'])
@Index('multi_cloud_images_created', ['accountId', 'createdAt', 'id'])
@Index('multi_cloud_images_search', { synchronize: false })
@Index('multi_cloud_images_tags', { synchronize: false })
@Check('multi_cloud_images_revision_range', 'revision >= 0')
@Check('multi_cloud_images_head_unsealed', 'revision > 0 OR NOT sealed')
@Check('multi_cloud_images_commit', '(revision = 0) = (committed_at IS NULL)')
@Check('multi_cloud_images_tag_count', 'cardinality(tags) <= 100')
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
}
