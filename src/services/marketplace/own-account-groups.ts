import { notFound } from '../../domain/errors';
import { lockAccountGroups } from '../../persistence/marketplace/publication-store';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

/** Locks account groups of the account against deletion. @throws DomainError NOT_FOUND, naming the input field */
export async function lockOwnAccountGroups(
  tx: Transaction,
  ids: readonly string[],
  field: string,
): Promise<void> {
  const own = await lockAccountGroups(tx.manager, actingViewer(tx).accountId, ids);
  if (ids.some((id) => !own.has(id))) throw notFound('account group', 'input', field);
}
