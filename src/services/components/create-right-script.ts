import { randomUUID } from 'node:crypto';
import { checkNewComponent, type NewComponentFields } from '../../domain/versioning/component-input';
import { assertSource, describeSource } from '../../domain/versioning/script-source';
import { recordAudit } from '../../persistence/access/audit-store';
import { recordHistory } from '../../persistence/components/history-store';
import { insertRightScript } from '../../persistence/components/right-script-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

export interface CreateRightScript extends NewComponentFields {
  /** Kept as it is given. */
  readonly source: string;
}

/** Creates a RightScript. @returns the key of its HEAD */
export async function createRightScript(context: ActionContext, input: CreateRightScript): Promise<string> {
  const fields = checkNewComponent(input);
  const { source } = input;
  assertSource(source, 'input', 'source');
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    const [id, lineageId] = [randomUUID(), randomUUID()];
    await insertRightScript(tx.manager, { id, accountId, lineageId, ...fields, now: tx.now }, source);
    await recordHistory(tx, [
      { type: 'RightScript', accountId, lineageId, event: 'CREATED', componentId: id, parentIds: [] },
    ]);
    await recordAudit(tx, {
      action: 'rightScript.create',
      objectType: 'RightScript',
      objectId: id,
      changes: { ...fields, ...describeSource(source) },
    });
    return id;
  });
}
