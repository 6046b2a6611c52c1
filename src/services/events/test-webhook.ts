import { randomUUID } from 'node:crypto';
import { invalid } from '../../domain/errors';
import { cloudEvent, pingOf } from '../../domain/events/cloud-event';
import { toGlobalId } from '../../domain/global-id';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { insertDelivery, installationOf } from '../../persistence/events/webhook-delivery-store';
import { lockOwnWebhook, recordWebhook } from './lock-webhook';

/** Sends a ping to a webhook. @returns the key of its delivery. @throws DomainError NOT_FOUND or INVALID */
export async function testWebhook(context: ActionContext, webhookId: string): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const { active, accountId } = await lockOwnWebhook(tx, webhookId);
    if (!active)
      throw invalid(
        'The webhook is inactive, so nothing is sent to it: set `active` with `updateWebhook` first.',
        'input',
        'id',
      );
    const id = randomUUID();
    const ping = pingOf(id, webhookId, tx.now);
    const payload = cloudEvent(await installationOf(tx.manager), ping);
    const delivery = { id, webhookId, accountId, eventId: ping.id, type: ping.type, payload };
    await insertDelivery(tx.manager, delivery, tx.now);
    await recordWebhook(tx, 'test', webhookId, { delivery: toGlobalId('WebhookDelivery', id) });
    return id;
  });
}
