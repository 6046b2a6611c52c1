import { planMoveScript } from '../../domain/versioning/plan-scripts';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editScripts, type ScriptEdit } from './edit-scripts';

export interface MoveScript extends ScriptEdit {
  /** The pinned version. */
  readonly rightScriptId: string;
  /** Its new place, from 0. */
  readonly position: number;
}

/** Gives a script another place in its phase. */
export function moveScript(context: ActionContext, input: MoveScript): Promise<string> {
  return editScripts(context, input, 'moveScript', (_tx, current) =>
    planMoveScript(current, input.rightScriptId, input.position),
  );
}
