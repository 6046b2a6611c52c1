import { randomUUID } from 'node:crypto';
import { AuditEntry } from '../../entities/access/audit-entry';
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
  await tx.manager.insert(AuditEntry, {
    id: randomUUID(),
    accountId: tx.principal.accountId,
    userId: tx.principal.userId,
    actor: tx.principal.actor,
    at: tx.now,
    ...record,
    // TypeORM's type for jsonb columns wants deep partials of the very values.
    changes: record.changes as object,
  });
}
