import { Field, ID, InputType } from 'type-graphql';

@InputType({ description: 'A publication to import or to subscribe to.' })
export class ImportPublicationInput {
  @Field(() => ID, { description: 'The publication.' })
  publicationId: string;

  @Field(() => [ID], {
    nullable: true,
    description:
      "Ids of the publication's `eulas`, every one of which has to be accepted; those that this account accepted with it before may be left out (R-9.7).",
  })
  acceptEulaRevisionIds?: string[] | null;
}
