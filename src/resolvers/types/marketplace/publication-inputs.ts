import { Field, ID, InputType } from 'type-graphql';
import type { PublicationVisibility } from '../../../domain/marketplace/publication';
import { Visibility } from '../../../entities/enums';

const SHORT = 'In a line what it is for, 1 to 255 characters';
const LONG = 'What there is to say about it, at most 65,536 characters; null: nothing.';
const CATEGORIES = 'Categories to find it by: at most 20 of 1 to 64 characters, unique ignoring case.';
const OF_LINEAGE = 'All publications of the component share it.';

@InputType({ description: 'A version to publish, to whom, and what to say about it.' })
export class PublishComponentInput {
  @Field(() => ID, { description: 'A committed revision of an own component, or its HEAD.' })
  id: string;

  @Field(() => Visibility, {
    description: 'PUBLIC: offered to everyone, for ever (committed ones only). PRIVATE: to account groups.',
  })
  visibility: PublicationVisibility;

  @Field(() => [ID], {
    nullable: true,
    description: 'Own account groups that a PRIVATE publication is offered to, 1 to 100.',
  })
  accountGroupIds?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: `${SHORT}. Needed the first time; left out later, it stays. ${OF_LINEAGE}`,
  })
  shortDescription?: string | null;

  @Field(() => String, { nullable: true, description: `${LONG} Left out: it stays. ${OF_LINEAGE}` })
  longDescription?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: `${CATEGORIES} Left out: they stay. ${OF_LINEAGE}`,
  })
  categories?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'What is new in this revision, at most 65,536 characters; left out: the commit message.',
  })
  revisionNotes?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether those who may see it may rate it and comment on it (R-9.7); left out: no.',
  })
  allowComments?: boolean | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Own licence texts that importers must accept; committed ServerTemplates only, at most 100.',
  })
  eulaRevisionIds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Checks everything and tells what would be published, but changes nothing.',
  })
  dryRun?: boolean | null;
}

@InputType({ description: 'New words for a publication, or another audience. What is left out stays.' })
export class UpdatePublicationInput {
  @Field(() => ID, { description: 'An own publication.' })
  publicationId: string;

  @Field(() => String, { nullable: true, description: `${SHORT}. ${OF_LINEAGE}` })
  shortDescription?: string | null;

  @Field(() => String, { nullable: true, description: `${LONG} ${OF_LINEAGE}` })
  longDescription?: string | null;

  @Field(() => [String], { nullable: true, description: `${CATEGORIES} ${OF_LINEAGE}` })
  categories?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Own account groups that it is to be offered to, too; at most 100.',
  })
  addAccountGroupIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Account groups that it is to be offered to no more; at least one must stay. At most 100.',
  })
  removeAccountGroupIds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: from now on it is offered to everyone, for ever; committed ones only.',
  })
  makePublic?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether those who may see it may rate it and comment on it (R-9.7).',
  })
  allowComments?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Checks everything and tells what would be published along and offered to more, but changes nothing.',
  })
  dryRun?: boolean | null;
}

@InputType({ description: 'An own publication.' })
export class PublicationInput {
  @Field(() => ID, { description: 'An own publication.' })
  publicationId: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Checks everything and tells what would be published along and offered to more, but changes nothing.',
  })
  dryRun?: boolean | null;
}
