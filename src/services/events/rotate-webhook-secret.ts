import { mintWebhookSecret, ROTATION_TIME, secretText } from '../../domain/events/webhook-signature';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { rotateSecret } from '../../persistence/events/webhook-store';
import type { CreatedWebhook } from './create-webhook';
import { lockOwnWebhook, recordWebhook } from './lock-webhook';

/**
 * Gives a webhook a new secret; the one before it signs, too, for 24 hours. Of several rotations in that time it is the one
 * before the first.
 *
 * @throws DomainError NOT_FOUND
 */
export async function rotateWebhookSecret(context: ActionContext, id: string): Promise<CreatedWebhook> {
  return unitOfWork(context, async (tx) => {
    await lockOwnWebhook(tx, id);
    const secret = mintWebhookSecret();
    const previousUntil = new Date(tx.now.getTime() + ROTATION_TIME);
    await rotateSecret(tx.manager, id, { secret, previousUntil, now: tx.now });
    await recordWebhook(tx, 'rotateSecret', id, { previousSecretUntil: previousUntil });
    return { id, secret: secretText(secret) };
  });
}
