import { Field, InputType } from 'type-graphql';

@InputType({ description: 'What everything new that is named, described and tagged is given.' })
export class NewNamedInput {
  @Field(() => String, { description: 'Name, at most 255 characters; need not be unique.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  description?: string | null;

  @Field(() => [String], { nullable: true, description: 'Tags, at most 100 (R-10.1).' })
  tags?: string[] | null;
}
