import { invalid, notFound } from '../../domain/errors';
import { MAXIMUM_REPLAYED } from '../../domain/events/webhook';
import { toGlobalId } from '../../domain/global-id';
import { assertListLength, MAXIMUM_LIST_LENGTH } from '../../domain/versioning/component-input';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import {
  countDeliveries,
  replayDead,
  replayDeliveries,
} from '../../persistence/events/webhook-delivery-store';
import { lockOwnWebhook, recordWebhook } from './lock-webhook';

export interface ReplayWebhookDeliveries {
  /** The webhook's key. */
  readonly webhookId: string;
  /** Keys of deliveries of it; or else `allDead`. */
  readonly deliveryIds?: readonly string[] | null;
  readonly allDead?: boolean | null;
}

export interface Replayed {
  readonly webhookId: string;
  readonly count: number;
}

/**
 * Sends deliveries of a webhook again: some that were given up or delivered, or the oldest that were given up.
 *
 * @throws DomainError NOT_FOUND, INVALID or LIMIT_EXCEEDED
 */
export async function replayWebhookDeliveries(
  context: ActionContext,
  { webhookId, deliveryIds, allDead }: ReplayWebhookDeliveries,
): Promise<Replayed> {
  if ((deliveryIds == null) === (allDead !== true))
    throw invalid('Give `deliveryIds`, or `allDead: true`; not both.', 'input', 'deliveryIds');
  assertListLength(deliveryIds ?? [], MAXIMUM_LIST_LENGTH, 'input', 'deliveryIds');
  return unitOfWork(context, async (tx) => {
    await lockOwnWebhook(tx, webhookId, 'webhookId');
    const count =
      deliveryIds == null
        ? await replayDead(tx.manager, webhookId, MAXIMUM_REPLAYED)
        : await replaySome(tx, webhookId, [...new Set(deliveryIds)]);
    if (count > 0)
      await recordWebhook(tx, 'replay', webhookId, {
        count,
        deliveries: deliveryIds?.map((id) => toGlobalId('WebhookDelivery', id)) ?? 'all dead',
      });
    return { webhookId, count };
  });
}

async function replaySome(tx: Transaction, webhookId: string, ids: readonly string[]): Promise<number> {
  if ((await countDeliveries(tx.manager, webhookId, ids)) < ids.length)
    throw notFound('delivery of the webhook', 'input', 'deliveryIds');
  return replayDeliveries(tx.manager, webhookId, ids);
}
