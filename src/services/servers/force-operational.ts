import { assertMove } from '../../domain/servers/instance-state';
import { recordAudit } from '../../persistence/access/audit-store';
import { moveInstances } from '../../persistence/servers/instance-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { lockOwnInstance } from './lock-instance';

/**
 * A person declares a STRANDED instance operational; it does not count in boot times.
 *
 * @returns its key
 * @throws DomainError NOT_FOUND, NOT_RUNNING or INVALID
 */
export function forceOperational(
  context: ActionContext,
  { instanceId }: { readonly instanceId: string },
): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const { id, state, stateReason } = await lockOwnInstance(tx, instanceId);
    const forced = assertMove(state, 'FORCED', 'input', 'instanceId');
    const move = { state: forced, stateReason: null, operationalAt: tx.now, forced: true };
    await moveInstances(tx.manager, [id], move, tx.now);
    await recordAudit(tx, {
      action: 'instance.forceOperational',
      objectType: 'Instance',
      objectId: id,
      changes: { state: { before: state, after: forced }, stateReason: { before: stateReason, after: null } },
    });
    return id;
  });
}
