import { Field, ID, InputType, Int } from 'type-graphql';
import { LaunchChoicesInput } from '../launch/launch-inputs';
import { NewNamedInput } from '../new-named-input';

/** What deployments, servers and arrays have in common. */

/** Of clones that aren't told their name. */
export const CLONE_NAME =
  'Name of the clone, at most 255 characters; left out, a last word `v8` counts on to `v9`, and anything else gets ` v2`, until the name is free.';

const SEEN_VERSION =
  'The `version` that you saw; if it is another one meanwhile, the edit is refused as STALE.';

@InputType({ description: 'What a new server and a new array are both given.' })
export class CreateDefinitionInput extends NewNamedInput {
  @Field(() => ID, { description: 'The deployment that it belongs to.' })
  deploymentId: string;

  @Field(() => ID, { description: 'The cloud to launch in; it can not be changed later (R-8.1).' })
  cloudId: string;

  @Field(() => ID, {
    description: 'The ServerTemplate version to launch from: HEAD or a revision of the local collection.',
  })
  serverTemplateId: string;

  @Field(() => LaunchChoicesInput, {
    nullable: true,
    description: 'Own choices; what is left out is inherited (R-7.2).',
  })
  choices?: LaunchChoicesInput | null;
}

@InputType({ description: 'New name or description. What is left out stays.' })
export class UpdateDefinedInput {
  @Field(() => ID, { description: 'What is changed.' })
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

@InputType({ description: 'What can be changed of servers and arrays alike. What is left out stays.' })
export class UpdateDefinitionInput extends UpdateDefinedInput {
  @Field(() => ID, { nullable: true, description: 'The deployment to move it to; not null.' })
  deploymentId?: string | null;
}

@InputType({
  description: 'How the next launch will look. What is left out stays; what runs is not touched.',
})
export class UpdateNextInput {
  @Field(() => ID, { description: 'What is changed.' })
  id: string;

  @Field(() => Int, { description: SEEN_VERSION })
  expectedVersion: number;

  @Field(() => ID, {
    nullable: true,
    description:
      'Another ServerTemplate version of the local collection, of any lineage: HEAD or a revision; not null.',
  })
  serverTemplateId?: string | null;

  @Field(() => LaunchChoicesInput, {
    nullable: true,
    description:
      'Own choices: what is left out stays, null inherits again; `none`, when given, replaces the whole list. Null changes nothing.',
  })
  choices?: LaunchChoicesInput | null;
}
