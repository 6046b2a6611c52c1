import { Field, ID, InputType } from 'type-graphql';
import { CLONE_NAME, UpdateDefinedInput } from './defined-inputs';
import { NewNamedInput } from '../new-named-input';

@InputType({ description: 'A new deployment.' })
export class CreateDeploymentInput extends NewNamedInput {}

@InputType({ description: 'New name or description of a deployment. What is left out stays.' })
export class UpdateDeploymentInput extends UpdateDefinedInput {}

@InputType({ description: 'A deployment to delete.' })
export class DeleteDeploymentInput {
  @Field(() => ID, { description: 'The deployment; it must hold no servers and no arrays any more.' })
  id: string;
}

@InputType({ description: 'A deployment to copy with its servers.' })
export class CloneDeploymentInput {
  @Field(() => ID, { description: 'The deployment.' })
  id: string;

  @Field(() => String, { nullable: true, description: CLONE_NAME })
  name?: string | null;
}
