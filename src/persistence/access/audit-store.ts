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

/** A statement that writes an entry, with the parameters of `auditParameters`. */
export const INSERT_AUDIT = `INSERT INTO audit_entries (id, account_id, user_id, actor, action, object_type, object_id, changes, at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

export function auditParameters({ principal, now }: Transaction, record: AuditRecord): unknown[] {
  const { accountId, userId, actor } = principal;
  const { action, objectType, objectId, changes } = record;
  return [randomUUID(), accountId, userId, actor, action, objectType, objectId, JSON.stringify(changes), now];
}

/** Writes one entry in the transaction of the change itself. */
export async function recordAudit(tx: Transaction, record: AuditRecord): Promise<void> {
  await queryPrepared(tx.manager, INSERT_AUDIT, auditParameters(tx, record));
}
