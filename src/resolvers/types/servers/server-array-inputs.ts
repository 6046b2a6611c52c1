import { Field, ID, InputType, Int } from 'type-graphql';
import { CreateDefinitionInput, UpdateDefinitionInput, UpdateNextInput } from './defined-inputs';

@InputType({ description: 'A new server array.' })
export class CreateServerArrayInput extends CreateDefinitionInput {
  @Field(() => Int, { description: 'How many instances it should have at least; 0 or more.' })
  minCount: number;

  @Field(() => Int, {
    description: 'How many running instances it may have: from `minCount` to 1,000.',
  })
  maxCount: number;
}

@InputType({
  description: 'Name, description, deployment or counts of a server array. What is left out stays.',
})
export class UpdateServerArrayInput extends UpdateDefinitionInput {
  @Field(() => Int, { nullable: true, description: 'Instances that it should have at least; not null.' })
  minCount?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Running instances that it may have, at most 1,000; not null. Below what runs it ends nothing, but nothing more is launched.',
  })
  maxCount?: number | null;
}

@InputType({ description: 'How the next launches of a server array will look. What is left out stays.' })
export class UpdateServerArrayNextInput extends UpdateNextInput {}

@InputType({ description: 'A server array to delete.' })
export class DeleteServerArrayInput {
  @Field(() => ID, { description: 'The server array; nothing of it may run.' })
  id: string;
}
