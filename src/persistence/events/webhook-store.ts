import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { WebhookFields } from '../../domain/events/webhook';
import { Webhook, WebhookDelivery } from '../../entities/events/webhook';
import { selectRows, type Row } from '../select';

export interface NewWebhookRow extends WebhookFields {
  readonly accountId: string;
  readonly createdById: string | null;
  readonly secret: Buffer;
}

const LAST_POSITION = (): string => '(SELECT last_position FROM event_feed)';

/** Webhooks are made one after the other: each sees how many there are. @returns how many the account has */
export async function lockAndCountWebhooks(manager: EntityManager, accountId: string): Promise<number> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('webhooks:' || $1, 0))`, [accountId]);
  return manager.countBy(Webhook, { accountId });
}

/**
 * It is told of events that are numbered from now on: of all that is committed later, and perhaps of what was a moment
 * before. @returns its key
 */
export async function insertWebhook(
  manager: EntityManager,
  { events, lineageIds, ...row }: NewWebhookRow,
  now: Date,
): Promise<string> {
  const id = randomUUID();
  await manager.insert(Webhook, {
    ...row,
    id,
    events: [...events],
    lineageIds: [...lineageIds],
    previousSecret: null,
    previousSecretUntil: null,
    afterPosition: LAST_POSITION,
    version: 1,
    createdAt: now,
    updatedAt: now,
  });
  return id;
}

/** A webhook of the account's, locked against all who change it; what is told meanwhile is told. */
export async function lockWebhook(
  manager: EntityManager,
  accountId: string,
  id: string,
): Promise<Row<Webhook> | null> {
  const row = await selectRows(manager, Webhook, 'webhook')
    .where('webhook.id = :id AND webhook.account_id = :accountId', { id, accountId })
    .setLock('for_no_key_update')
    .getRawOne<Row<Webhook>>();
  return row ?? null;
}

/**
 * Writes a changed webhook under its next version. It must be locked. One that becomes active is told of events that are
 * numbered from now on, as a new one is.
 */
export async function updateWebhookRow(
  manager: EntityManager,
  id: string,
  { events, lineageIds, ...changed }: Partial<WebhookFields>,
  now: Date,
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(Webhook)
    .set({
      ...changed,
      ...(events && { events: [...events] }),
      ...(lineageIds && { lineageIds: [...lineageIds] }),
      ...(changed.active === true && { afterPosition: LAST_POSITION }),
      version: () => 'version + 1',
      updatedAt: now,
    })
    .where('id = :id', { id })
    .execute();
}

/**
 * From now on the new secret signs; until that time the present one, too, or that before it if that signs still: it is
 * what the receiver has when the answer to the last rotation was lost.
 */
export async function rotateSecret(
  manager: EntityManager,
  id: string,
  { secret, previousUntil, now }: { secret: Buffer; previousUntil: Date; now: Date },
): Promise<void> {
  await manager.query(
    `UPDATE webhooks SET previous_secret = CASE WHEN previous_secret_until > $4 THEN previous_secret ELSE secret END,
       previous_secret_until = $2, secret = $3, version = version + 1, updated_at = $4 WHERE id = $1`,
    [id, previousUntil, secret, now],
  );
}

/** Forgets secrets that sign no more. */
export async function forgetPreviousSecrets(manager: EntityManager): Promise<void> {
  await manager.query(
    `UPDATE webhooks SET previous_secret = NULL, previous_secret_until = NULL WHERE id IN (
       SELECT id FROM webhooks WHERE previous_secret_until <= now() FOR NO KEY UPDATE SKIP LOCKED)`,
  );
}

/** Deletes a webhook with all that it was told. Who is about to tell it something waits, and then tells it nothing. */
export async function deleteWebhookRow(manager: EntityManager, id: string): Promise<void> {
  await manager.query('SELECT FROM webhooks WHERE id = $1 FOR UPDATE', [id]);
  await manager.delete(WebhookDelivery, { webhookId: id });
  await manager.delete(Webhook, { id });
}
