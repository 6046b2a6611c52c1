import { assertRoomForWebhook, checkNewWebhook, type NewWebhook } from '../../domain/events/webhook';
import { mintWebhookSecret, secretText } from '../../domain/events/webhook-signature';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { insertWebhook, lockAndCountWebhooks } from '../../persistence/events/webhook-store';
import { actingViewer } from '../acting-viewer';
import { auditedUrl, recordWebhook } from './lock-webhook';

export interface CreatedWebhook {
  readonly id: string;
  /** It can't be read again. */
  readonly secret: string;
}

/**
 * Makes a webhook, which is told of what happens from now on.
 *
 * @param privateAllowed whether it may go over plain HTTP
 * @throws DomainError INVALID or LIMIT_EXCEEDED
 */
export async function createWebhook(
  context: ActionContext,
  input: NewWebhook,
  privateAllowed: boolean,
): Promise<CreatedWebhook> {
  const fields = checkNewWebhook(input, privateAllowed);
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    assertRoomForWebhook(await lockAndCountWebhooks(tx.manager, accountId));
    const secret = mintWebhookSecret();
    const row = { ...fields, accountId, createdById: tx.principal.userId, secret };
    const id = await insertWebhook(tx.manager, row, tx.now);
    await recordWebhook(tx, 'create', id, { ...fields, url: auditedUrl(fields.url) });
    return { id, secret: secretText(secret) };
  });
}
