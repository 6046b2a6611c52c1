import { Field, InputType } from 'type-graphql';
import { UpdateComponentInput } from './component-inputs';
import { NewNamedInput } from '../new-named-input';

const SOURCE = 'at most 262,144 bytes of UTF-8, not blank; kept as it is';

@InputType({ description: 'A new RightScript.' })
export class CreateRightScriptInput extends NewNamedInput {
  @Field(() => String, { description: `Text of the script, ${SOURCE}.` })
  source: string;
}

@InputType({ description: 'New name, description or source of a HEAD. What is left out stays.' })
export class UpdateRightScriptInput extends UpdateComponentInput {
  @Field(() => String, { nullable: true, description: `New text of the script, ${SOURCE}; not null.` })
  source?: string | null;
}
