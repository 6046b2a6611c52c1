import { notFound } from '../../domain/errors';
import type { Instance } from '../../entities/servers/instance';
import { lockInstance } from '../../persistence/servers/instance-store';
import type { Row } from '../../persistence/select';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

/** An instance of the account, locked. @throws DomainError NOT_FOUND */
export async function lockOwnInstance(tx: Transaction, id: string): Promise<Row<Instance>> {
  const instance = await lockInstance(tx.manager, actingViewer(tx).accountId, id);
  if (instance === null) throw notFound('instance', 'input', 'instanceId');
  return instance;
}
