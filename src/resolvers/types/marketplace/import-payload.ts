import { Field, ObjectType } from 'type-graphql';
import { Component } from '../../../entities/components/component';
import { Payload } from '../payload';

@ObjectType({
  simpleResolvers: true,
  description: 'What `importPublication` and `subscribePublication` answer.',
})
export class ImportPublicationPayload extends Payload {
  @Field(() => Component, {
    nullable: true,
    description: 'What the publication offers, as it is in the local collection now.',
  })
  component: Component | null;

  @Field(() => [Component], {
    description: 'What joined the local collection: the component, and what it pins; at most 401.',
  })
  imported: Component[];

  @Field(() => [Component], {
    description: 'What the publication carries and the local collection had already; at most 401.',
  })
  reused: Component[];
}
