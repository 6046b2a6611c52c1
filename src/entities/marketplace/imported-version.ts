import { Field, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { ComponentType } from '../../domain/versioning/component-type';
import { Account } from '../access/account';
import { Reference, Text, Timestamp, Whole } from '../columns';
import { Publication } from './publication';
import { User } from '../access/user';

/** A version that an account imported or subscribed to: its own read-only copy of what was published. */
@ObjectType('Import', {
  simpleResolvers: true,
  description:
    'A component that this account imported or subscribed to, and that is in its local collection.',
})
@Entity('imported_versions', {
  comment: "Accounts' own read-only copies of what was published to them (R-9.4).",
})
@Index('imported_versions_publication', ['publicationId', 'accountId'])
@Index('imported_versions_lineage', ['accountId', 'lineageId', 'revision'])
@Index('imported_versions_time', ['accountId', 'importedAt', 'versionId'])
@Check(
  'imported_versions_component_type',
  "component_type IN ('MultiCloudImage', 'ServerTemplate', 'RightScript')",
)
export class ImportedVersion {
  @PrimaryColumn({ type: 'uuid', name: 'version_id' })
  versionId: string;

  @Reference('account_id', { comment: 'The importer.' })
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'imported_versions_account' })
  account?: Account;

  @Text('component_type', { comment: 'GraphQL type of the component.' })
  componentType: ComponentType;

  @Reference('lineage_id')
  lineageId: string;

  @Whole('revision', { comment: '0: a subscribed HEAD.' })
  revision: number;

  @Reference('publication_id', {
    comment: 'The publication of this version, or of the HEAD template that carries it.',
  })
  publicationId: string;

  @ManyToOne(() => Publication, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'publication_id', foreignKeyConstraintName: 'imported_versions_publication_reference' })
  publication?: Publication;

  @Field(() => Date, { description: 'When this version came into the local collection.' })
  @Timestamp('imported_at')
  importedAt: Date;

  @Reference('imported_by_id', { nullable: true, comment: 'Null: a machine.' })
  importedById: string | null;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'imported_by_id', foreignKeyConstraintName: 'imported_versions_user' })
  importedBy?: User | null;

  @Timestamp('removed_at', {
    nullable: true,
    comment: 'When it left the local collection; null: it is there.',
  })
  removedAt: Date | null;
}

/** That an account ever imported or subscribed something of a publication: whom it counts, each once. */
@Entity('publication_importers', {
  comment: 'Accounts that ever imported or subscribed something of publications (R-9.6).',
})
export class PublicationImporter {
  @PrimaryColumn({ type: 'uuid', name: 'publication_id' })
  publicationId: string;

  @PrimaryColumn({ type: 'uuid', name: 'account_id' })
  accountId: string;

  @ManyToOne(() => Publication, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'publication_id', foreignKeyConstraintName: 'publication_importers_publication' })
  publication?: Publication;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'publication_importers_account' })
  account?: Account;
}
