import { Field, ID, InputType } from 'type-graphql';
import { CLONE_NAME, CreateDefinitionInput, UpdateDefinitionInput, UpdateNextInput } from './defined-inputs';

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

  @Field(() => String, { nullable: true, description: CLONE_NAME })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'Where to put it; left out, into the same deployment.' })
  deploymentId?: string | null;
}
