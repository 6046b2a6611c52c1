import { notFound } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import type { Instance } from '../../entities/servers/instance';
import type { LaunchOrder } from '../../entities/servers/launch-order';
import { recordAudit } from '../../persistence/access/audit-store';
import { lockInstance } from '../../persistence/servers/instance-store';
import { instanceOfOrder, lockOrder } from '../../persistence/servers/launch-order-store';
import type { Row } from '../../persistence/select';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

/** An order with its instance, both locked. */
export interface LockedOrder {
  readonly order: Row<LaunchOrder>;
  readonly instance: Row<Instance>;
}

/** The instance is locked first, as everywhere, so that nobody waits for each other. @throws DomainError NOT_FOUND */
export async function lockOwnOrder(tx: Transaction, orderId: string): Promise<LockedOrder> {
  const { accountId } = actingViewer(tx);
  const instanceId = await instanceOfOrder(tx.manager, accountId, orderId);
  const instance = instanceId && (await lockInstance(tx.manager, accountId, instanceId));
  const order = instance && (await lockOrder(tx.manager, accountId, orderId));
  if (!instance || !order) throw notFound('launch order', 'input', 'orderId');
  return { order, instance };
}

export function recordOrder(
  tx: Transaction,
  { id, kind, instanceId }: LaunchOrder,
  verb: 'complete' | 'fail',
  changes: Record<string, unknown>,
): Promise<void> {
  return recordAudit(tx, {
    action: `launchOrder.${verb}`,
    objectType: 'LaunchOrder',
    objectId: id,
    changes: { kind, instanceId: toGlobalId('Instance', instanceId), ...changes },
  });
}
