import {
  assertCurrentWebhook,
  planWebhookUpdate,
  type WebhookFields,
  type WebhookUpdate,
} from '../../domain/events/webhook';
import { fieldChanges } from '../../domain/marketplace/field-changes';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { updateWebhookRow } from '../../persistence/events/webhook-store';
import { auditedUrl, lockOwnWebhook, recordWebhook } from './lock-webhook';

export interface UpdateWebhook extends WebhookUpdate {
  /** The webhook's key. */
  readonly id: string;
  readonly expectedVersion: number;
}

/**
 * Changes where a webhook is told of what. @returns its key
 *
 * @param privateAllowed whether it may go over plain HTTP
 * @throws DomainError NOT_FOUND, STALE, INVALID or LIMIT_EXCEEDED
 */
export async function updateWebhook(
  context: ActionContext,
  { id, expectedVersion, ...update }: UpdateWebhook,
  privateAllowed: boolean,
): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const webhook = await lockOwnWebhook(tx, id);
    assertCurrentWebhook(webhook, expectedVersion);
    const changed = planWebhookUpdate(webhook, update, privateAllowed);
    if (Object.keys(changed).length === 0) return id;
    await updateWebhookRow(tx.manager, id, changed, tx.now);
    const { url, ...others } = fieldChanges<WebhookFields>(webhook, changed);
    await recordWebhook(tx, 'update', id, {
      ...others,
      ...(url && { url: { before: auditedUrl(webhook.url), after: auditedUrl(changed.url ?? webhook.url) } }),
    });
    return id;
  });
}
