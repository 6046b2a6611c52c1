import { randomUUID } from 'node:crypto';
import {
  assertListLength,
  checkNewComponent,
  type NewComponentFields,
} from '../../domain/versioning/component-input';
import { MAXIMUM_PINS, NO_PINS, planAddPin, type Pins } from '../../domain/versioning/plan-pins';
import { recordAudit } from '../../persistence/access/audit-store';
import { recordHistory } from '../../persistence/components/history-store';
import { insertServerTemplate, replacePins } from '../../persistence/components/server-template-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { describePins, lockAllWanted } from './edit-pins';

export interface CreateServerTemplate extends NewComponentFields {
  /** The first becomes the default. */
  readonly multiCloudImageIds: readonly string[];
}

/** Creates a ServerTemplate that names these MCIs. @returns the key of its HEAD */
export async function createServerTemplate(
  context: ActionContext,
  input: CreateServerTemplate,
): Promise<string> {
  const fields = checkNewComponent(input);
  assertListLength(input.multiCloudImageIds, MAXIMUM_PINS, 'input', 'multiCloudImageIds');
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    const wanted = await lockAllWanted(
      tx,
      input.multiCloudImageIds.map((id, index) => ({
        id,
        path: ['input', 'multiCloudImageIds', String(index)],
      })),
    );
    const pins = wanted.reduce<Pins>(
      (planned, version) => planAddPin(planned, version, false, ...version.path),
      NO_PINS,
    );
    const [id, lineageId] = [randomUUID(), randomUUID()];
    await insertServerTemplate(
      tx.manager,
      { id, accountId, lineageId, ...fields, now: tx.now },
      pins.defaultLineageId,
    );
    await replacePins(tx.manager, id, [], pins.pins);
    await recordHistory(tx, [
      { type: 'ServerTemplate', accountId, lineageId, event: 'CREATED', componentId: id, parentIds: [] },
    ]);
    await recordAudit(tx, {
      action: 'serverTemplate.create',
      objectType: 'ServerTemplate',
      objectId: id,
      changes: { ...fields, ...describePins(pins) },
    });
    return id;
  });
}
