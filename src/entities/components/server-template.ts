import { Directive, Field, ObjectType } from 'type-graphql';
import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../access/account';
import { Reference, Whole } from '../columns';
import { Component } from './component';
import { ComponentTable } from './component-table';
import { MultiCloudImage } from './multi-cloud-image';
import { Node } from '../node';
import { User } from '../access/user';

/** What a server is (section 5): one row per version. */
@ObjectType({
  implements: [Node, Component],
  simpleResolvers: true,
  description:
    'What a server is: the MultiCloud Images it may boot from, one of them the default, and the scripts that it runs. Cloud-agnostic.',
})
@Directive('@key(fields: "id")')
@Directive('@key(fields: "lineageId revision")')
@ComponentTable('server_templates', 'Versions of ServerTemplates; revision 0 is HEAD.')
export class ServerTemplate extends Component {
  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'server_templates_account' })
  account?: Account;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'committed_by_id', foreignKeyConstraintName: 'server_templates_committed_by' })
  committedBy?: User | null;

  @ManyToOne(() => ServerTemplate, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'cloned_from_id', foreignKeyConstraintName: 'server_templates_cloned_from' })
  clonedFrom?: ServerTemplate | null;

  @ManyToOne(() => ServerTemplate, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'original_id', foreignKeyConstraintName: 'server_templates_original_reference' })
  original?: ServerTemplate | null;

  @Reference('default_mci_lineage_id', {
    nullable: true,
    comment: 'Lineage of the default MCI; null exactly when it names none (R-5.1, deferred constraint).',
  })
  defaultMciLineageId: string | null;
}

/** An MCI that a ServerTemplate names, pinned to HEAD or one revision. */
@ObjectType({
  simpleResolvers: true,
  description: 'A MultiCloud Image that a ServerTemplate names, pinned to HEAD or one revision.',
})
@Entity('server_template_multi_cloud_images', {
  comment: 'MCIs that a ServerTemplate version names; a lineage at most once (R-5.1).',
})
@Index('server_template_multi_cloud_images_mci', ['multiCloudImageId', 'serverTemplateId'])
@Index('server_template_multi_cloud_images_lineage', ['mciLineageId', 'serverTemplateId'])
export class ServerTemplateMultiCloudImage {
  @PrimaryColumn({ type: 'uuid', name: 'server_template_id' })
  serverTemplateId: string;

  @PrimaryColumn({ type: 'uuid', name: 'mci_lineage_id' })
  mciLineageId: string;

  @ManyToOne(() => ServerTemplate, { onDelete: 'RESTRICT' })
  @JoinColumn({
    name: 'server_template_id',
    foreignKeyConstraintName: 'server_template_multi_cloud_images_template',
  })
  serverTemplate?: ServerTemplate;

  @Reference('multi_cloud_image_id', { comment: 'The pinned version: HEAD or a revision of that lineage.' })
  multiCloudImageId: string;

  @ManyToOne(() => MultiCloudImage, { onDelete: 'RESTRICT' })
  @JoinColumn([
    {
      name: 'multi_cloud_image_id',
      referencedColumnName: 'id',
      foreignKeyConstraintName: 'server_template_multi_cloud_images_pin',
    },
    {
      name: 'mci_lineage_id',
      referencedColumnName: 'lineageId',
      foreignKeyConstraintName: 'server_template_multi_cloud_images_pin',
    },
  ])
  multiCloudImage?: MultiCloudImage;

  @Whole('position', { comment: 'Order in which they were added; for display.' })
  position: number;

  /** Computed against the template's default. */
  @Field(() => Boolean, { description: 'Whether servers boot from it unless they choose another.' })
  isDefault: boolean;
}
