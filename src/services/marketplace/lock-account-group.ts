import { notFound } from '../../domain/errors';
import type { AccountGroup } from '../../entities/marketplace/account-group';
import { lockAccountGroup, shareAccountGroup } from '../../persistence/marketplace/account-group-store';
import { recordAudit } from '../../persistence/access/audit-store';
import type { Row } from '../../persistence/select';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

/** A group of the acting account, locked until the transaction ends. @throws DomainError NOT_FOUND */
export async function lockOwnGroup(tx: Transaction, id: string): Promise<Row<AccountGroup>> {
  const group = await lockAccountGroup(tx.manager, actingViewer(tx).accountId, id);
  if (group === null) throw notFound('account group', 'input', 'id');
  return group;
}

/** A group of the acting account that isn't deleted before the transaction ends. @throws DomainError NOT_FOUND */
export async function shareOwnGroup(tx: Transaction, id: string): Promise<Row<AccountGroup>> {
  const group = await shareAccountGroup(tx.manager, actingViewer(tx).accountId, id);
  if (group === null) throw notFound('account group', 'input', 'id');
  return group;
}

export const recordGroup = (
  tx: Transaction,
  verb: string,
  id: string,
  changes: Record<string, unknown>,
): Promise<void> =>
  recordAudit(tx, { action: `accountGroup.${verb}`, objectType: 'AccountGroup', objectId: id, changes });
