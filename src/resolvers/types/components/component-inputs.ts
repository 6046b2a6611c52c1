import { Field, ID, InputType, Int } from 'type-graphql';

const VERSION =
  'The `version` that you saw; if HEAD has another one meanwhile, the edit is refused as STALE.';

@InputType({ description: 'New name or description of a HEAD. What is left out stays.' })
export class UpdateComponentInput {
  @Field(() => ID, { description: 'HEAD of the component.' })
  id: string;

  @Field(() => Int, { description: VERSION })
  expectedVersion: number;

  @Field(() => String, { nullable: true, description: 'New name, at most 255 characters; not null.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'New description, at most 65,536 characters; null clears it.',
  })
  description?: string | null;
}

@InputType({ description: 'A component to delete, with all its revisions.' })
export class DeleteComponentInput {
  @Field(() => ID, { description: 'HEAD or any revision of it.' })
  id: string;
}

export { VERSION as EXPECTED_VERSION };
