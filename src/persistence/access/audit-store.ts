import { randomUUID } from 'node:crypto';
import { queryPrepared } from '../prepared-statement';
import type { Transaction } from '../unit-of-work';

/** What was done to what, for the audit log. */
export interface AuditRecord {
  /** `object.verb`, e.g. `multiCloudImage.setSetting`. */
  readonly action: string;
  /** GraphQL type of the object. */
  readonly objectType: string;
  readonly objectId: string | null;
  /** What changed, by field. No secrets. */
  readonly changes: Record<string, unknown>;
}

/** Writes one entry in the transaction of the change itself. */
export async function recordAudit(tx: Transaction, record: AuditRecord): Promise<void> {
  const { accountId, userId, actor } = tx.principal;
  const { action, objectType, objectId, changes } = record;
  await queryPrepared(
    tx.manager,
    `INSERT INTO audit_entries (id, account_id, user_id, actor, action, object_type, object_id, changes, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [randomUUID(), accountId, userId, actor, action, objectType, objectId, JSON.stringify(changes), tx.now],
  );
}
