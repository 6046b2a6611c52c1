import { accountOf } from '../domain/access/principal';
import type { ComponentType } from '../domain/versioning/component-type';
import { lockVersion } from '../persistence/components/component-store';
import type { Transaction } from '../persistence/unit-of-work';

/** What an edit of a HEAD of the demo names: its key and present version. */
export async function head(
  tx: Transaction,
  type: ComponentType,
  id: string,
): Promise<{ id: string; expectedVersion: number }> {
  const row = await lockVersion(tx.manager, type, accountOf(tx.principal), id);
  if (row === null) throw new Error(`${type} ${id} of the demo is gone`);
  return { id, expectedVersion: row.version };
}
