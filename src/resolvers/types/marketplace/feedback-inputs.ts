import { Field, ID, InputType, Int } from 'type-graphql';

@InputType({ description: "A person's rating of a publication." })
export class RatePublicationInput {
  @Field(() => ID, { description: 'The publication.' })
  publicationId: string;

  @Field(() => Int, { description: '1 (poor) to 4 (excellent).' })
  rating: number;
}

@InputType({ description: 'A comment on a publication.' })
export class CommentPublicationInput {
  @Field(() => ID, { description: 'The publication.' })
  publicationId: string;

  @Field(() => String, { description: 'What to say, at most 65,536 characters.' })
  text: string;
}
