import { toGlobalId } from '../../domain/global-id';
import type { ScriptPhase } from '../../domain/versioning/component-content';
import { sameScripts, type PhaseScripts, type ScriptVersion } from '../../domain/versioning/plan-scripts';
import { readScripts, replaceScripts } from '../../persistence/components/server-template-script-store';
import type { ActionContext, Transaction } from '../../persistence/unit-of-work';
import { editHead } from './edit-head';
import type { TemplateEdit } from './edit-pins';
import { lockWantedVersion, type WantedVersion } from '../servers/lock-wanted';

/** An edit of one phase of a ServerTemplate. */
export interface ScriptEdit extends TemplateEdit {
  readonly phase: ScriptPhase;
}

/** The wanted script version, locked against deletion. @throws DomainError NOT_FOUND, naming the field */
export async function lockWantedScript(tx: Transaction, wanted: WantedVersion): Promise<ScriptVersion> {
  const { id, lineageId } = await lockWantedVersion(tx, 'RightScript', wanted);
  return { lineageId, rightScriptId: id };
}

/**
 * Edits what a ServerTemplate runs in a phase. @returns the key of its HEAD
 *
 * @param plan what it is to run there; throws what it refuses
 */
export function editScripts(
  context: ActionContext,
  { serverTemplateId: id, expectedVersion, phase }: ScriptEdit,
  verb: string,
  plan: (tx: Transaction, current: PhaseScripts) => Promise<PhaseScripts> | PhaseScripts,
): Promise<string> {
  const target = { type: 'ServerTemplate', id, expectedVersion, field: 'serverTemplateId' } as const;
  return editHead(context, target, async (tx) => {
    const before = await readScripts(tx.manager, id, phase);
    const after = await plan(tx, before);
    if (sameScripts(before, after)) return null;
    await replaceScripts(tx.manager, id, before, after);
    return { verb, changes: { phase, before: idsOf(before), after: idsOf(after) } };
  });
}

/** How scripts are told in the audit log. */
const idsOf = ({ scripts }: PhaseScripts): string[] =>
  scripts.map(({ rightScriptId }) => toGlobalId('RightScript', rightScriptId));
