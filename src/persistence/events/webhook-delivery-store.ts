import type { EntityManager } from 'typeorm';
import type { NextStep } from '../../domain/events/delivery-attempt';
import { WebhookDelivery } from '../../entities/events/webhook';

/** How many are forgotten by one statement. */
const FORGOTTEN_AT_ONCE = 10_000;

export interface NewDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly accountId: string;
  readonly eventId: string;
  readonly type: string;
  readonly payload: string;
}

/** Of what is told to one webhook only; events are told by `dispatchEvents`. */
export async function insertDelivery(
  manager: EntityManager,
  delivery: NewDelivery,
  now: Date,
): Promise<void> {
  await manager.insert(WebhookDelivery, {
    ...delivery,
    state: 'PENDING',
    attempts: 0,
    nextAttemptAt: () => 'now()',
    claimId: null,
    lastAttemptAt: null,
    lastStatus: null,
    lastError: null,
    createdAt: now,
    endedAt: null,
  });
}

/** Which installation this is, as its events tell. */
export async function installationOf(manager: EntityManager): Promise<string> {
  const [row] = await manager.query<{ source: string }[]>('SELECT source FROM webhook_dispatch');
  if (row === undefined) throw new Error('The table webhook_dispatch has lost its row.');
  return row.source;
}

/** How many of these deliveries the webhook has, in whatever state. */
export const countDeliveries = (
  manager: EntityManager,
  webhookId: string,
  ids: readonly string[],
): Promise<number> =>
  manager
    .createQueryBuilder(WebhookDelivery, 'delivery')
    .where('delivery.webhook_id = :webhookId AND delivery.id = ANY(:ids)', { webhookId, ids })
    .getCount();

const REPLAYED = `SET state = 'PENDING', attempts = 0, next_attempt_at = now(), ended_at = NULL`;

/** Makes these pending again; those that are pending stay as they are. @returns how many it made so */
export async function replayDeliveries(
  manager: EntityManager,
  webhookId: string,
  ids: readonly string[],
): Promise<number> {
  const [, count] = await manager.query<[unknown, number]>(
    `UPDATE webhook_deliveries ${REPLAYED} WHERE webhook_id = $1 AND id = ANY($2::uuid[]) AND state <> 'PENDING'`,
    [webhookId, ids],
  );
  return count;
}

/** Makes the oldest dead ones pending again. @returns how many */
export async function replayDead(
  manager: EntityManager,
  webhookId: string,
  maximum: number,
): Promise<number> {
  const [, count] = await manager.query<[unknown, number]>(
    `UPDATE webhook_deliveries ${REPLAYED} WHERE id IN (
       SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'DEAD'
        ORDER BY created_at, id LIMIT $2 FOR UPDATE)`,
    [webhookId, maximum],
  );
  return count;
}

/** A delivery that this process alone sends, until its lease ends. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly claimId: string;
  readonly webhookId: string;
  readonly accountId: string;
  readonly url: string;
  readonly payload: string;
  /** This one included. */
  readonly attempts: number;
  /** Those that sign now, the newest first. */
  readonly secrets: readonly Buffer[];
}

export interface Claim {
  readonly limit: number;
  readonly leaseSeconds: number;
  /** What whoever takes them has taken before, and not settled. */
  readonly underWay: readonly Pick<ClaimedDelivery, 'webhookId' | 'accountId'>[];
  /** How many of one account, and of one webhook, may be under way. */
  readonly perAccount: number;
  readonly perWebhook: number;
}

/**
 * Takes deliveries that are due, of each webhook one at most, first for those accounts for which the least is under way:
 * receivers that answer slowly keep nobody else's waiting. Whoever takes the same at the same time gets something else,
 * or nothing.
 */
export async function claimDeliveries(
  manager: EntityManager,
  { limit, leaseSeconds, underWay, perAccount, perWebhook }: Claim,
): Promise<ClaimedDelivery[]> {
  const [rows] = await manager.query<[ClaimedDelivery[], number]>(
    `WITH under_way AS MATERIALIZED (
       SELECT * FROM unnest($4::uuid[], $5::uuid[]) AS taken (webhook_id, account_id)),
     due AS MATERIALIZED (
       SELECT id FROM (
         SELECT oldest.id, oldest.next_attempt_at,
                (SELECT count(*) FROM under_way WHERE under_way.account_id = webhook.account_id)
                + row_number() OVER (
                    PARTITION BY webhook.account_id ORDER BY busy.count, oldest.next_attempt_at) AS of_account
           FROM webhooks AS webhook
          CROSS JOIN LATERAL (
            SELECT count(*) AS count FROM under_way WHERE under_way.webhook_id = webhook.id) AS busy
          CROSS JOIN LATERAL (
            SELECT waiting.id, waiting.next_attempt_at FROM webhook_deliveries AS waiting
             WHERE waiting.webhook_id = webhook.id AND waiting.state = 'PENDING' AND waiting.next_attempt_at <= now()
             ORDER BY waiting.next_attempt_at LIMIT 1) AS oldest
          WHERE webhook.active AND busy.count < $6) AS candidate
        WHERE of_account <= $3
        ORDER BY of_account, next_attempt_at LIMIT $1),
     taken AS MATERIALIZED (
       SELECT delivery.id FROM webhook_deliveries AS delivery
        WHERE delivery.id IN (SELECT id FROM due) AND delivery.state = 'PENDING' AND delivery.next_attempt_at <= now()
        FOR UPDATE SKIP LOCKED)
     UPDATE webhook_deliveries AS delivery
        SET claim_id = gen_random_uuid(), attempts = delivery.attempts + 1, last_attempt_at = now(),
            next_attempt_at = now() + make_interval(secs => $2)
       FROM taken, webhooks AS webhook
      WHERE delivery.id = taken.id AND webhook.id = delivery.webhook_id
     RETURNING delivery.id, delivery.claim_id AS "claimId", delivery.webhook_id AS "webhookId",
       delivery.account_id AS "accountId", webhook.url, delivery.payload, delivery.attempts,
       CASE WHEN webhook.previous_secret_until > now() THEN ARRAY[webhook.secret, webhook.previous_secret]
            ELSE ARRAY[webhook.secret] END AS secrets`,
    [
      limit,
      leaseSeconds,
      perAccount,
      underWay.map(({ webhookId }) => webhookId),
      underWay.map(({ accountId }) => accountId),
      perWebhook,
    ],
  );
  return rows;
}

/** Gives a delivery back as if it had not been taken. */
export async function releaseDelivery(
  manager: EntityManager,
  { id, claimId }: ClaimedDelivery,
): Promise<void> {
  await manager.query(
    `UPDATE webhook_deliveries SET claim_id = NULL, attempts = attempts - 1, next_attempt_at = now()
      WHERE id = $1 AND claim_id = $2`,
    [id, claimId],
  );
}

/** What an attempt came to, as it is kept. */
export interface SettledAttempt {
  readonly step: NextStep;
  readonly status: number | null;
  readonly error: string | null;
}

/** `false`: somebody else has it by now, or it is gone. */
export async function settleDelivery(
  manager: EntityManager,
  { id, claimId }: ClaimedDelivery,
  { step, status, error }: SettledAttempt,
): Promise<boolean> {
  const [, count] = await manager.query<[unknown, number]>(
    `UPDATE webhook_deliveries
        SET state = $3, claim_id = NULL, last_status = $4, last_error = $5,
            next_attempt_at = CASE WHEN $3 = 'PENDING' THEN now() + make_interval(secs => $6) END,
            ended_at = CASE WHEN $3 <> 'PENDING' THEN now() END
      WHERE id = $1 AND claim_id = $2`,
    [id, claimId, step.state, status, error, step.state === 'PENDING' ? step.delay / 1000 : 0],
  );
  return count === 1;
}

/** Whether anything is due that may be sent; by index, so that it can be asked often. */
export async function isAnythingDue(manager: EntityManager): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT FROM webhooks AS webhook WHERE webhook.active AND EXISTS (
       SELECT FROM webhook_deliveries AS waiting
        WHERE waiting.webhook_id = webhook.id AND waiting.state = 'PENDING' AND waiting.next_attempt_at <= now())
      LIMIT 1`,
  );
  return rows.length > 0;
}

/** Forgets what was delivered, and what was given up, before these times. */
export async function forgetDeliveries(
  manager: EntityManager,
  { deliveredBefore, deadBefore }: { deliveredBefore: Date; deadBefore: Date },
): Promise<void> {
  for (const [state, before] of [
    ['DELIVERED', deliveredBefore],
    ['DEAD', deadBefore],
  ] as const) {
    let count: number;
    do {
      [, count] = await manager.query<[unknown, number]>(
        `DELETE FROM webhook_deliveries WHERE id IN (
           SELECT id FROM webhook_deliveries WHERE state = $1 AND ended_at < $2 LIMIT $3 FOR UPDATE SKIP LOCKED)`,
        [state, before, FORGOTTEN_AT_ONCE],
      );
    } while (count === FORGOTTEN_AT_ONCE);
  }
}

/** Gives up what was due before a time and still waits for its webhook to become active. */
export async function giveUpWaiting(manager: EntityManager, dueBefore: Date): Promise<void> {
  let count: number;
  do {
    [, count] = await manager.query<[unknown, number]>(
      `UPDATE webhook_deliveries
          SET state = 'DEAD', claim_id = NULL, next_attempt_at = NULL, ended_at = now(), last_error = $3
        WHERE id IN (
          SELECT waiting.id FROM webhook_deliveries AS waiting
            JOIN webhooks AS webhook ON webhook.id = waiting.webhook_id AND NOT webhook.active
           WHERE waiting.state = 'PENDING' AND waiting.next_attempt_at < $1
           LIMIT $2 FOR UPDATE OF waiting SKIP LOCKED)`,
      [dueBefore, FORGOTTEN_AT_ONCE, 'The webhook was inactive for too long.'],
    );
  } while (count === FORGOTTEN_AT_ONCE);
}
