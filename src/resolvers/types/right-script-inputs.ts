import { Field, InputType } from 'type-graphql';
import { UpdateComponentInput } from './component-inputs';

const SOURCE = 'at most 262,144 bytes of UTF-8, not blank; kept as it is';

@InputType({ description: 'A new RightScript.' })
export class CreateRightScriptInput {
  @Field(() => String, { description: 'Name, at most 255 characters; need not be unique.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  description?: string | null;

  @Field(() => [String], { nullable: true, description: 'Tags, at most 100 (R-10.1).' })
  tags?: string[] | null;

  @Field(() => String, { description: `Text of the script, ${SOURCE}.` })
  source: string;
}

@InputType({ description: 'New name, description or source of a HEAD. What is left out stays.' })
export class UpdateRightScriptInput extends UpdateComponentInput {
  @Field(() => String, { nullable: true, description: `New text of the script, ${SOURCE}; not null.` })
  source?: string | null;
}
