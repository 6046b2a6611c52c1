import { Check, Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import type { CatalogFormat } from '../../domain/catalog/catalog-row';
import { Account } from '../access/account';
import { Id, Reference, Text, Timestamp } from '../columns';

/** Where listings come from: `fcos:stable`, `describe-images:OWNER:REGION`, … */
@Entity('catalog_sources', {
  comment: 'Sources of catalog imports (R-3.4); public ones, and private ones per account.',
})
@Index('catalog_sources_public_unique', ['name'], { unique: true, where: 'account_id IS NULL' })
@Index('catalog_sources_private_unique', ['accountId', 'name'], {
  unique: true,
  where: 'account_id IS NOT NULL',
})
@Check(
  'catalog_sources_format',
  "format IN ('COREOS_STREAM', 'AWS_DESCRIBE_IMAGES', 'AWS_INSTANCE_TYPE_OFFERINGS', 'PACKER_MANIFEST', 'UBUNTU_SIMPLESTREAMS', 'CSV')",
)
export class CatalogSource {
  @Id()
  id: string;

  @Reference('account_id', { nullable: true, comment: 'Owner; null: the public catalog.' })
  accountId: string | null;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'catalog_sources_account' })
  account?: Account | null;

  @Text('name')
  name: string;

  @Text('format', { comment: 'Of all its listings: it decides what a complete one covers and withdraws.' })
  format: CatalogFormat;

  @Timestamp('created_at')
  createdAt: Date;
}
