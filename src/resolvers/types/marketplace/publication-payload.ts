import { Field, ObjectType } from 'type-graphql';
import { Publication } from '../../../entities/marketplace/publication';
import { Payload } from '../payload';
import { PublishedAlong } from './publish-payload';

@ObjectType({
  simpleResolvers: true,
  description: 'What changes of a publication and feedback on it answer.',
})
export class PublicationPayload extends Payload {
  @Field(() => Publication, {
    nullable: true,
    description: 'The publication; after a dry run as it still is.',
  })
  publication: Publication | null;

  @Field(() => [PublishedAlong], {
    description:
      'Of `updatePublication` and `republish`: what is published along, or would be; of others empty.',
  })
  implicit: PublishedAlong[];

  @Field(() => [PublishedAlong], {
    description:
      'Of `updatePublication` and `republish`: what was published already, and is offered to more than before, or would be; of others empty.',
  })
  widened: PublishedAlong[];
}
