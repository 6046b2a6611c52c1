import type { EntityManager } from 'typeorm';
import type { ScriptPhase } from '../../domain/versioning/component-content';
import type { PhaseScripts, ScriptVersion } from '../../domain/versioning/plan-scripts';
import { ServerTemplateScript } from '../../entities/components/server-template-script';
import { selectRows } from '../select';

/** What a ServerTemplate version runs in a phase. */
export async function readScripts(
  manager: EntityManager,
  serverTemplateId: string,
  phase: ScriptPhase,
): Promise<PhaseScripts> {
  const rows = await selectRows(manager, ServerTemplateScript, 'attached')
    .where('attached.server_template_id = :serverTemplateId AND attached.phase = :phase', {
      serverTemplateId,
      phase,
    })
    .orderBy('attached.position')
    .getRawMany<ServerTemplateScript>();
  const scripts = rows.map(({ scriptLineageId, rightScriptId }) => ({
    lineageId: scriptLineageId,
    rightScriptId,
  }));
  return { phase, scripts };
}

/** Makes what a locked HEAD runs in the phase what it is to be: two statements at most, on the rows that change. */
export async function replaceScripts(
  manager: EntityManager,
  serverTemplateId: string,
  { phase, scripts: before }: PhaseScripts,
  { scripts: after }: PhaseScripts,
): Promise<void> {
  const stays = new Set(after.map(({ lineageId }) => lineageId));
  const gone = before.map(({ lineageId }) => lineageId).filter((lineageId) => !stays.has(lineageId));
  if (gone.length > 0)
    await manager
      .createQueryBuilder()
      .delete()
      .from(ServerTemplateScript)
      .where('server_template_id = :serverTemplateId AND phase = :phase AND script_lineage_id = ANY(:gone)', {
        serverTemplateId,
        phase,
        gone,
      })
      .execute();
  const changed = after
    .map(({ lineageId, rightScriptId }, position) => ({ lineageId, rightScriptId, position }))
    .filter((script) => !isSame(before[script.position], script))
    .map(({ lineageId, rightScriptId, position }) => ({
      serverTemplateId,
      phase,
      scriptLineageId: lineageId,
      rightScriptId,
      position,
    }));
  if (changed.length > 0)
    await manager
      .createQueryBuilder()
      .insert()
      .into(ServerTemplateScript)
      .values(changed)
      .orUpdate(['right_script_id', 'position'], ['server_template_id', 'phase', 'script_lineage_id'])
      .execute();
}

const isSame = (before: ScriptVersion | undefined, after: ScriptVersion): boolean =>
  before?.rightScriptId === after.rightScriptId;
