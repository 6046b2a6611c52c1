import { toGlobalId } from '../../domain/global-id';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import { lockPinMoves, movePins, type PinMove } from '../../persistence/components/pin-update-store';
import type { ActionContext, Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { editHead } from './edit-head';
import type { TemplateEdit } from './edit-pins';

const PINNED_TYPES: readonly PinnedType[] = ['MultiCloudImage', 'RightScript'];

/** A pin that was moved. */
export interface MovedPin extends PinMove {
  readonly type: PinnedType;
}

/**
 * Moves every pin of a revision that has a newer one in the local collection to the newest, in one step; pins of HEADs
 * stay.
 *
 * @returns the key of HEAD and what was moved: MCIs in their order, then scripts by phase
 * @throws DomainError NOT_FOUND, NOT_EDITABLE or STALE
 */
export async function updateServerTemplatePins(
  context: ActionContext,
  { serverTemplateId: id, expectedVersion }: TemplateEdit,
): Promise<{ readonly serverTemplateId: string; readonly moved: readonly MovedPin[] }> {
  let moved: MovedPin[] = [];
  const target = { type: 'ServerTemplate', id, expectedVersion, field: 'serverTemplateId' } as const;
  await editHead(context, target, async (tx) => {
    moved = await moveAll(tx, id);
    return moved.length === 0 ? null : { verb: 'updatePins', changes: { moved: moved.map(describe) } };
  });
  return { serverTemplateId: id, moved };
}

async function moveAll(tx: Transaction, serverTemplateId: string): Promise<MovedPin[]> {
  const { accountId } = actingViewer(tx);
  const moved: MovedPin[] = [];
  for (const type of PINNED_TYPES) {
    const moves = await lockPinMoves(tx.manager, type, accountId, serverTemplateId);
    await movePins(tx.manager, type, serverTemplateId, moves);
    moved.push(...moves.map((move) => ({ ...move, type })));
  }
  return moved;
}

/** For the audit log. */
function describe({ type, fromId, toId, phase }: MovedPin) {
  return { from: toGlobalId(type, fromId), to: toGlobalId(type, toId), ...(phase !== null && { phase }) };
}
