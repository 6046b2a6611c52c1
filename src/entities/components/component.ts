import { Field, ID, Int, InterfaceType } from 'type-graphql';
import { Flag, Hash, Reference, References, Text, TextList, Timestamp, Whole } from '../columns';
import { Node } from '../node';

/** What the three versioned things share: each row is one version of a lineage; revision 0 is HEAD (section 1). */
@InterfaceType({
  implements: Node,
  description: 'A versioned thing: an editable HEAD and immutable revisions form a lineage.',
  resolveType: (row: { __typename: string }) => row.__typename,
})
export abstract class Component extends Node {
  @Reference('account_id', { comment: 'Account that owns the lineage.' })
  accountId: string;

  @Field(() => ID, {
    description: 'What HEAD and all its revisions share. Renaming keeps it, cloning starts a new one.',
  })
  @Reference('lineage_id', { comment: 'Shared by HEAD and all its revisions.' })
  lineageId: string;

  @Field(() => Int, { description: '0 is HEAD; commits are 1, 2, 3, …' })
  @Whole('revision', { comment: '0 is HEAD.' })
  revision: number;

  @Field(() => Int, {
    description: "Rises by one whenever HEAD's content changes. Send it as `expectedVersion` with an edit.",
  })
  @Whole('version', { default: 1, comment: "Rises by one whenever HEAD's content changes (R-6.9)." })
  version: number;

  @Flag('sealed', {
    comment: 'A revision is sealed once its content is complete; from then on it never changes (R-6.1).',
  })
  sealed: boolean;

  @Flag('snapshot', {
    comment: 'Content of a HEAD as a clone or merge took it, never changing (R-6.8); not listed anywhere.',
  })
  snapshot: boolean;

  @Flag('superseded', {
    comment:
      'Of an imported revision: the account has HEAD or a newer one of its lineage; not listed by default.',
  })
  superseded: boolean;

  @Reference('original_id', {
    nullable: true,
    comment:
      "The publisher's version that this is an imported or subscribed copy of; null: a private one (R-9.4).",
  })
  originalId: string | null;

  @Hash('content_hash', {
    nullable: true,
    comment: 'SHA-256 of the content (R-6.9); null only on a HEAD that was never committed.',
  })
  contentHash: Buffer | null;

  @References('parent_ids', {
    comment:
      "Versions that this one came from (R-6.8): HEAD's last revision or clone source, then the merges since.",
  })
  parentIds: string[];

  @Field(() => String, { description: 'Name, at most 255 characters; need not be unique.' })
  @Text('name')
  name: string;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  @Text('description', { nullable: true })
  description: string | null;

  @Field(() => [String], { description: 'Tags, part of the content, at most 100 (R-10.1).' })
  @TextList('tags')
  tags: string[];

  @Field(() => String, { nullable: true, description: 'Message of the commit; null on HEAD.' })
  @Text('commit_message', { nullable: true })
  commitMessage: string | null;

  @Field(() => Date, { nullable: true, description: 'Time of the commit; null on HEAD.' })
  @Timestamp('committed_at', { nullable: true })
  committedAt: Date | null;

  @Reference('committed_by_id', { nullable: true })
  committedById: string | null;

  @Reference('cloned_from_id', {
    nullable: true,
    comment: 'Version that the lineage was cloned from, for ever (R-6.4).',
  })
  clonedFromId: string | null;

  @Field(() => Date, { description: 'When this version came to be.' })
  @Timestamp('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When its content last changed.' })
  @Timestamp('updated_at')
  updatedAt: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was deleted; null: it is in the local collection.',
  })
  @Timestamp('deleted_at', { nullable: true })
  deletedAt: Date | null;
}
