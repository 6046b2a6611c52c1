import { Field, ID, InputType, Int } from 'type-graphql';
import { SEEN_VERSION } from './defined-inputs';

@InputType({ description: 'A new deployment.' })
export class CreateDeploymentInput {
  @Field(() => String, { description: 'Name, at most 255 characters; need not be unique.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  description?: string | null;

  @Field(() => [String], { nullable: true, description: 'Tags, at most 100 (R-10.1).' })
  tags?: string[] | null;
}

@InputType({ description: 'New name or description of a deployment. What is left out stays.' })
export class UpdateDeploymentInput {
  @Field(() => ID, { description: 'The deployment.' })
  id: string;

  @Field(() => Int, { description: SEEN_VERSION })
  expectedVersion: number;

  @Field(() => String, { nullable: true, description: 'New name, at most 255 characters; not null.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'New description, at most 65,536 characters; null clears it.',
  })
  description?: string | null;
}

@InputType({ description: 'A deployment to delete.' })
export class DeleteDeploymentInput {
  @Field(() => ID, { description: 'The deployment; it must hold no servers and no arrays any more.' })
  id: string;
}

@InputType({ description: 'A deployment to copy with its servers.' })
export class CloneDeploymentInput {
  @Field(() => ID, { description: 'The deployment.' })
  id: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the clone, at most 255 characters; left out, a last word `v8` counts on to `v9`, and anything else gets ` v2`, until the name is free.',
  })
  name?: string | null;
}
