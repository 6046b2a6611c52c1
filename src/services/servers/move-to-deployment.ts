import { invalid } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import type { Transaction } from '../../persistence/unit-of-work';
import { shareLive } from '../edit-defined';

/** The deployment column that an update really changes. @param wanted left out: it stays @throws DomainError NOT_FOUND or INVALID */
export async function planMove(
  tx: Transaction,
  current: { readonly deploymentId: string },
  wanted: string | null | undefined,
): Promise<{ deploymentId?: string }> {
  if (wanted === null)
    throw invalid(
      '`deploymentId` can not be null: leave it out to stay, or name another deployment.',
      'input',
      'deploymentId',
    );
  if (wanted === undefined || wanted === current.deploymentId) return {};
  await shareLive(tx, 'Deployment', wanted, 'deploymentId');
  return { deploymentId: wanted };
}

/** For the audit log: the key as the id that clients know. */
export function describeMove(columns: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { deploymentId, ...others } = columns;
  return typeof deploymentId === 'string'
    ? { ...others, deploymentId: toGlobalId('Deployment', deploymentId) }
    : { ...others };
}
