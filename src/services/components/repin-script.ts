import { planRepinScript } from '../../domain/versioning/plan-scripts';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editScripts, lockWantedScript, type ScriptEdit } from './edit-scripts';

export interface RepinScript extends ScriptEdit {
  readonly fromId: string;
  readonly toId: string;
}

/** Pins another version of the same script in a phase of a ServerTemplate. */
export function repinScript(context: ActionContext, input: RepinScript): Promise<string> {
  return editScripts(context, input, 'repinScript', async (tx, current) => {
    const to = await lockWantedScript(tx, { id: input.toId, path: ['input', 'toId'] });
    return planRepinScript(current, input.fromId, to);
  });
}
