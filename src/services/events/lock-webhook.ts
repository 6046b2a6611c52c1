import { notFound } from '../../domain/errors';
import type { Webhook } from '../../entities/events/webhook';
import { recordAudit } from '../../persistence/access/audit-store';
import type { Row } from '../../persistence/select';
import type { Transaction } from '../../persistence/unit-of-work';
import { lockWebhook } from '../../persistence/events/webhook-store';
import { actingViewer } from '../acting-viewer';

/** A webhook of the acting account, locked until the transaction ends. @throws DomainError NOT_FOUND */
export async function lockOwnWebhook(
  tx: Transaction,
  id: string,
  field: 'id' | 'webhookId' = 'id',
): Promise<Row<Webhook>> {
  const webhook = await lockWebhook(tx.manager, actingViewer(tx).accountId, id);
  if (webhook === null) throw notFound('webhook', 'input', field);
  return webhook;
}

export const recordWebhook = (
  tx: Transaction,
  verb: string,
  id: string,
  changes: Record<string, unknown>,
): Promise<void> =>
  recordAudit(tx, { action: `webhook.${verb}`, objectType: 'Webhook', objectId: id, changes });

/** A URL as the audit log tells it, which others than admins read: path and query often hold a secret. */
export const auditedUrl = (url: string): string => new URL(url).origin;
