import { planAttachScript } from '../../domain/versioning/plan-scripts';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editScripts, lockWantedScript, type ScriptEdit } from './edit-scripts';

export interface AttachScript extends ScriptEdit {
  /** HEAD or a revision: the very version to pin. */
  readonly rightScriptId: string;
  /** From 0; `null`: behind the others. */
  readonly position: number | null;
}

/** Attaches a script version to a phase of a ServerTemplate. */
export function attachScript(context: ActionContext, input: AttachScript): Promise<string> {
  return editScripts(context, input, 'attachScript', async (tx, current) => {
    const wanted = { id: input.rightScriptId, path: ['input', 'rightScriptId'] };
    return planAttachScript(current, await lockWantedScript(tx, wanted), input.position);
  });
}
