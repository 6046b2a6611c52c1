import { Field, ObjectType } from 'type-graphql';
import { Component } from '../../../entities/components/component';
import { Publication } from '../../../entities/marketplace/publication';
import { Payload } from '../payload';

@ObjectType({
  simpleResolvers: true,
  description: 'What is published along with a ServerTemplate that pins it, or offered to more (R-9.2).',
})
export class PublishedAlong {
  @Field(() => Component, { description: 'The pinned version.' })
  component: Component;

  @Field(() => Publication, {
    nullable: true,
    description:
      "Its publication. Null: it would get one (dry run), or it is a HEAD, which the ServerTemplate's own publication carries, frozen.",
  })
  publication: Publication | null;
}

@ObjectType({ simpleResolvers: true, description: 'What publishing a component answers.' })
export class PublishComponentPayload extends Payload {
  @Field(() => Publication, { nullable: true, description: 'The publication; null after a dry run.' })
  publication: Publication | null;

  @Field(() => [PublishedAlong], { description: 'What is published along, or would be, by name.' })
  implicit: PublishedAlong[];

  @Field(() => [PublishedAlong], {
    description: 'What was published already, and is offered to more than before, or would be, by name.',
  })
  widened: PublishedAlong[];
}
