import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type {
  PublicationStatus as PublicationStatusName,
  PublicationVisibility,
} from '../../domain/marketplace/publication';
import type { ComponentType } from '../../domain/versioning/component-type';
import { Account } from '../access/account';
import { AccountGroup } from './account-group';
import { Flag, Reference, Text, TextList, Timestamp, Whole } from '../columns';
import { PublicationStatus, Visibility } from '../enums';
import { Node } from '../node';

const COMPONENT_TYPES = "component_type IN ('MultiCloudImage', 'ServerTemplate', 'RightScript')";

/** What some account may find listed in the catalog. */
const LISTED = "status = 'ACTIVE' AND NOT superseded";

/** What the publications of a lineage share: its words and categories. */
@Entity('published_lineages', { comment: 'What all publications of a lineage share (R-9.1).' })
@Index('published_lineages_account', ['accountId'])
@Check('published_lineages_component_type', COMPONENT_TYPES)
export class PublishedLineage {
  @PrimaryColumn({ type: 'uuid', name: 'lineage_id' })
  lineageId: string;

  @Reference('account_id', { comment: 'The publisher.' })
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'published_lineages_account_reference' })
  account?: Account;

  @Text('component_type', { comment: 'GraphQL type of the component.' })
  componentType: ComponentType;

  @Text('short_description')
  shortDescription: string;

  @Text('long_description', { nullable: true })
  longDescription: string | null;

  @TextList('categories')
  categories: string[];

  @Timestamp('updated_at')
  updatedAt: Date;
}

/** One revision (or a HEAD, frozen) offered in the marketplace (section 9). It is never deleted. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'One revision of a component, or the frozen HEAD of one, offered in the marketplace. A HEAD gives way to any revision of its lineage in the list of what is offered; `headPublication` leads to it. By `node` those of other accounts are given to the roles DESIGNER and LIBRARY only.',
})
@Directive('@key(fields: "id")')
@Entity('publications', { comment: 'What is offered in the marketplace; never deleted (R-9.3).' })
@Index('publications_revision', ['lineageId', 'revision'], { unique: true })
@Index('publications_account', ['accountId', 'publishedAt', 'id'])
@Index('publications_component', ['componentId'])
@Index('publications_name', ['name', 'id'], { where: LISTED })
@Index('publications_published', ['publishedAt', 'id'], { where: LISTED })
@Index('publications_rating', { synchronize: false })
@Index('publications_imports', { synchronize: false })
@Index('publications_search', { synchronize: false })
@Index('publications_name_parts', { synchronize: false })
@Check('publications_component_type', COMPONENT_TYPES)
@Check('publications_status', "status IN ('ACTIVE', 'DEPRECATED')")
@Check('publications_visibility', "visibility IN ('PUBLIC', 'PRIVATE')")
@Check('publications_head_private', "revision > 0 OR visibility = 'PRIVATE'")
export class Publication extends Node {
  @Reference('account_id', { comment: 'The publisher.' })
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'publications_account_reference' })
  account?: Account;

  @Text('component_type', { comment: 'GraphQL type of the component.' })
  componentType: ComponentType;

  @Field(() => ID, { description: 'The lineage of which it is a version; imports keep it.' })
  @Reference('lineage_id')
  lineageId: string;

  @ManyToOne(() => PublishedLineage, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'lineage_id', foreignKeyConstraintName: 'publications_lineage' })
  lineage?: PublishedLineage;

  @Field(() => Int, { description: 'Number of the revision; 0: a HEAD, as it was when last published.' })
  @Whole('revision', { comment: '0: HEAD.' })
  revision: number;

  @Reference('component_id', { comment: "The publisher's own version: HEAD or a revision." })
  componentId: string;

  @Reference('content_id', {
    comment: 'The version that is offered: the revision, or a frozen snapshot of HEAD (R-9.4).',
  })
  contentId: string;

  @Field(() => String, { description: 'Name of the component as it is offered.' })
  @Text('name', { comment: 'Name of the component as it is offered, for search and order.' })
  name: string;

  @Field(() => Visibility, { description: 'Offered to everyone, or to account groups.' })
  @Text('visibility')
  visibility: PublicationVisibility;

  @Field(() => PublicationStatus, { description: 'Whether it is offered (R-9.3).' })
  @Text('status')
  status: PublicationStatusName;

  @Field(() => Boolean, {
    description: 'Whether it was published along with a ServerTemplate that pins it (R-9.2).',
  })
  @Flag('implicit', { comment: 'Published along with a template that pins it (R-9.2).' })
  implicit: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'What is new in this revision; the commit message unless something else was said.',
  })
  @Text('revision_notes', { nullable: true })
  revisionNotes: string | null;

  @Field(() => Boolean, { description: 'Whether those who may see it may comment on it (R-9.7).' })
  @Flag('allow_comments')
  allowComments: boolean;

  @Whole('import_count', { default: 0, comment: 'Accounts that imported or subscribed it.' })
  importCount: number;

  @Whole('rating_sum', { default: 0 })
  ratingSum: number;

  @Field(() => Int, { description: 'How many people rated it.' })
  @Whole('rating_count', { default: 0 })
  ratingCount: number;

  /** Written by triggers only. */
  @Flag('superseded', {
    select: false,
    comment:
      'A higher active one of its lineage is offered to all that it is offered to: it is listed for nobody (R-9.3).',
  })
  superseded?: boolean;

  /** Written by SQL only (marketplace-search). */
  @Column({
    type: 'tsvector',
    name: 'search',
    select: false,
    default: '',
    comment: "Words of name, categories, descriptions and publisher, by weight, for the catalog's search.",
  })
  search?: string;

  @Field(() => Date, { description: 'When it was published.' })
  @Timestamp('published_at')
  publishedAt: Date;

  @Field(() => Date, { description: 'When anything about it last changed, republishing included.' })
  @Timestamp('updated_at')
  updatedAt: Date;
}

/** A group that a private publication is offered to. */
@Entity('publication_account_groups', { comment: 'To whom private publications are offered (R-9.1).' })
@Index('publication_account_groups_group', ['accountGroupId', 'publicationId'])
export class PublicationAccountGroup {
  @PrimaryColumn({ type: 'uuid', name: 'publication_id' })
  publicationId: string;

  @PrimaryColumn({ type: 'uuid', name: 'account_group_id' })
  accountGroupId: string;

  @ManyToOne(() => Publication, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'publication_id', foreignKeyConstraintName: 'publication_account_groups_publication' })
  publication?: Publication;

  @ManyToOne(() => AccountGroup, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_group_id', foreignKeyConstraintName: 'publication_account_groups_group_ref' })
  accountGroup?: AccountGroup;
}

/** A version that a publication carries: what it offers itself, and everything that this pins. */
@Entity('publication_versions', {
  comment: 'Versions that publications carry: what is offered, and all that it pins (R-9.4).',
})
@Index('publication_versions_version', ['versionId', 'publicationId'])
@Check('publication_versions_component_type', COMPONENT_TYPES)
export class PublicationVersion {
  @PrimaryColumn({ type: 'uuid', name: 'publication_id' })
  publicationId: string;

  @PrimaryColumn({ type: 'uuid', name: 'version_id' })
  versionId: string;

  @ManyToOne(() => Publication, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'publication_id', foreignKeyConstraintName: 'publication_versions_publication' })
  publication?: Publication;

  @Text('component_type', { comment: 'GraphQL type of the version.' })
  componentType: ComponentType;

  @Reference('source_publication_id', {
    nullable: true,
    comment:
      'Of what the publisher imported itself: whose publication also decides who sees it (R-9.2). Null: its own.',
  })
  sourcePublicationId: string | null;

  @ManyToOne(() => Publication, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'source_publication_id', foreignKeyConstraintName: 'publication_versions_source' })
  sourcePublication?: Publication | null;
}
