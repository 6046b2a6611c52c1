import { planDetachScript } from '../../domain/versioning/plan-scripts';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editScripts, type ScriptEdit } from './edit-scripts';

export interface DetachScript extends ScriptEdit {
  /** The pinned version. */
  readonly rightScriptId: string;
}

/** Takes a script from a phase of a ServerTemplate. */
export function detachScript(context: ActionContext, input: DetachScript): Promise<string> {
  return editScripts(context, input, 'detachScript', (_tx, current) =>
    planDetachScript(current, input.rightScriptId),
  );
}
