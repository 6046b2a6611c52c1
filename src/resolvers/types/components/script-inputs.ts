import { Field, ID, InputType, Int } from 'type-graphql';
import type { ScriptPhase as ScriptPhaseName } from '../../../domain/versioning/component-content';
import { ScriptPhase } from '../../../entities/enums';
import { ServerTemplateEditInput } from './server-template-inputs';

@InputType({ description: 'An edit of what a ServerTemplate runs in a phase.' })
class ScriptEditInput extends ServerTemplateEditInput {
  @Field(() => ScriptPhase, { description: 'The phase concerned; others stay as they are.' })
  phase: ScriptPhaseName;
}

@InputType({ description: 'A RightScript to run in a phase.' })
export class AttachScriptInput extends ScriptEditInput {
  @Field(() => ID, { description: 'The version to pin: HEAD or a revision.' })
  rightScriptId: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Its place in the phase, from 0 (the first); behind the others unless told.',
  })
  position?: number | null;
}

@InputType({ description: 'Another place for a RightScript in its phase.' })
export class MoveScriptInput extends ScriptEditInput {
  @Field(() => ID, { description: 'The pinned version.' })
  rightScriptId: string;

  @Field(() => Int, { description: 'Its new place in the phase, from 0 (the first).' })
  position: number;
}

@InputType({ description: 'A RightScript not to run in a phase any more.' })
export class DetachScriptInput extends ScriptEditInput {
  @Field(() => ID, { description: 'The pinned version.' })
  rightScriptId: string;
}

@InputType({ description: 'A pin to move to another version of the same RightScript.' })
export class RepinScriptInput extends ScriptEditInput {
  @Field(() => ID, { description: 'The version that is pinned in the phase.' })
  fromId: string;

  @Field(() => ID, { description: 'The version to pin instead: HEAD or a revision of the same lineage.' })
  toId: string;
}
