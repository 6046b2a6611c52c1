import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { LaunchStatus as LaunchStatusName } from '../../../domain/launch/resolution';
import type { TemplateUse as TemplateUseName } from '../../../domain/servers/bulk-update';
import { LaunchStatus, TemplateUse } from '../../../entities/enums';
import { Advisory } from '../components/advisory';
import { ResolvedImage } from '../launch/launch-resolution';
import { Payload } from '../payload';

@InputType({ description: 'A server or array that moves to another revision of its ServerTemplate.' })
export class TemplateRevisionItemInput {
  @Field(() => ID, { description: 'The server or server array.' })
  id: string;

  @Field(() => Int, { description: 'The version of the server or array that you saw.' })
  expectedVersion: number;

  @Field(() => ID, {
    nullable: true,
    description:
      "The MultiCloud Image version that it launches from next; left out or null: the revision's default. Not with CURRENT.",
  })
  multiCloudImageId?: string | null;
}

@InputType({ description: 'What `updateTemplateRevisions` is to do.' })
export class UpdateTemplateRevisionsInput {
  @Field(() => ID, { description: 'The ServerTemplate version to move to: HEAD or a revision.' })
  toId: string;

  @Field(() => [TemplateRevisionItemInput], {
    description: 'The servers and arrays: 1 to 1,000, each once, all on the lineage of `toId`.',
  })
  items: TemplateRevisionItemInput[];

  @Field(() => TemplateUse, { description: 'What moves: the next launches, the running instances, or both.' })
  use: TemplateUseName;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only says what would change, or why it would be refused.',
  })
  dryRun?: boolean | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'What a bulk update does to one server or array, and to the image that it boots from next.',
})
export class TemplateRevisionChange {
  @Field(() => String, { description: 'Name of the server or array.' })
  name: string;

  @Field(() => ResolvedImage, {
    nullable: true,
    description: 'The machine image of the next launch before the update; null: none from anywhere.',
  })
  imageBefore: ResolvedImage | null;

  @Field(() => ResolvedImage, {
    nullable: true,
    description: 'The machine image of the next launch after the update; null: none from anywhere.',
  })
  imageAfter: ResolvedImage | null;

  @Field(() => Boolean, { description: 'Whether these are two images.' })
  imageChanged: boolean;

  @Field(() => LaunchStatus, { description: 'Whether the next launch would go ahead before the update.' })
  statusBefore: LaunchStatusName;

  @Field(() => LaunchStatus, { description: 'Whether the next launch would go ahead after the update.' })
  statusAfter: LaunchStatusName;

  @Field(() => [Advisory], {
    description: 'What is worth knowing about the next launch after the update; the gravest first.',
  })
  advisories: Advisory[];

  @Field(() => Boolean, { description: 'Whether what it launches next changes.' })
  nextChanged: boolean;

  @Field(() => Int, { description: 'How many of its running instances come to follow the other revision.' })
  instancesChanged: number;
}

@ObjectType({ simpleResolvers: true, description: 'What `updateTemplateRevisions` answers.' })
export class UpdateTemplateRevisionsPayload extends Payload {
  @Field(() => [TemplateRevisionChange], {
    description: 'One for each item, in their order, at most 1,000; empty when it was refused.',
  })
  preview: TemplateRevisionChange[];

  @Field(() => Int, { description: 'How many servers and arrays launch differently next.' })
  nextChangedCount: number;

  @Field(() => Int, { description: 'How many running instances follow another revision.' })
  instancesChangedCount: number;

  @Field(() => Int, { description: 'How many of the next launches boot from another image.' })
  imagesChangedCount: number;
}
