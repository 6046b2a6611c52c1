import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { deleteWebhookRow } from '../../persistence/events/webhook-store';
import { auditedUrl, lockOwnWebhook, recordWebhook } from './lock-webhook';

/** Deletes a webhook with all its deliveries, pending ones, too. @throws DomainError NOT_FOUND */
export async function deleteWebhook(context: ActionContext, id: string): Promise<void> {
  return unitOfWork(context, async (tx) => {
    const { url } = await lockOwnWebhook(tx, id);
    await deleteWebhookRow(tx.manager, id);
    await recordWebhook(tx, 'delete', id, { url: auditedUrl(url) });
  });
}
