import {
  failureOf,
  nextStep,
  type AttemptOutcome,
  type NextStep,
} from '../../domain/events/delivery-attempt';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { settleDelivery, type ClaimedDelivery } from '../../persistence/events/webhook-delivery-store';
import { lockWebhook, updateWebhookRow } from '../../persistence/events/webhook-store';
import { recordWebhook } from './lock-webhook';

/**
 * Keeps what an attempt came to, and decides what is next. A receiver that is gone for good (410) ends its webhook.
 *
 * @returns what is next; `null`: the delivery was taken by somebody else meanwhile, or deleted
 */
export async function settleWebhookDelivery(
  { dataSource }: Pick<ActionContext, 'dataSource'>,
  delivery: ClaimedDelivery,
  outcome: AttemptOutcome,
): Promise<NextStep | null> {
  const now = new Date();
  const step = nextStep(outcome, { attempts: delivery.attempts, now, random: Math.random() });
  const status = 'status' in outcome ? outcome.status : null;
  const { accountId, webhookId } = delivery;
  const principal = {
    accountId,
    userId: null,
    tokenId: null,
    actor: 'webhooks',
    roles: NONE,
    operator: false,
  };
  return unitOfWork({ dataSource, principal, now }, async (tx) => {
    const isGone = step.state === 'DEAD' && step.gone;
    // The webhook before its delivery, as everybody locks them.
    const webhook = isGone ? await lockWebhook(tx.manager, accountId, webhookId) : null;
    const settled = await settleDelivery(tx.manager, delivery, { step, status, error: failureOf(outcome) });
    if (!settled) return null;
    if (webhook?.active) {
      await updateWebhookRow(tx.manager, webhookId, { active: false }, now);
      await recordWebhook(tx, 'deactivate', webhookId, {
        active: { before: true, after: false },
        status,
      });
    }
    return step;
  });
}

const NONE: ReadonlySet<never> = new Set();
