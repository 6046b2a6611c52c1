import { Field, ID, InputType } from 'type-graphql';
import { CreateDefinitionInput, UpdateDefinitionInput, UpdateNextInput } from './defined-inputs';

@InputType({ description: 'A new server.' })
export class CreateServerInput extends CreateDefinitionInput {}

@InputType({ description: 'Name, description or deployment of a server. What is left out stays.' })
export class UpdateServerInput extends UpdateDefinitionInput {}

@InputType({ description: 'How the next launch of a server will look. What is left out stays.' })
export class UpdateServerNextInput extends UpdateNextInput {}

@InputType({ description: 'A server to delete.' })
export class DeleteServerInput {
  @Field(() => ID, { description: 'The server; nothing of it may run.' })
  id: string;
}

@InputType({ description: 'A server to copy.' })
export class CloneServerInput {
  @Field(() => ID, { description: 'The server.' })
  id: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the clone, at most 255 characters; left out, a last word `v8` counts on to `v9`, and anything else gets ` v2`, until the name is free.',
  })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'Where to put it; left out, into the same deployment.' })
  deploymentId?: string | null;
}
