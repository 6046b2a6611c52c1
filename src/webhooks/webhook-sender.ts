import type { DataSource } from 'typeorm';
import { signatureHeaders } from '../domain/events/webhook-signature';
import { toGlobalId } from '../domain/global-id';
import type { EventFeed } from '../persistence/events/event-feed';
import {
  claimDeliveries,
  forgetDeliveries,
  giveUpWaiting,
  isAnythingDue,
  releaseDelivery,
  type ClaimedDelivery,
} from '../persistence/events/webhook-delivery-store';
import { forgetPreviousSecrets } from '../persistence/events/webhook-store';
import { OneAtATime } from '../persistence/one-at-a-time';
import { dispatchEvents } from '../persistence/events/webhook-dispatch';
import { settleWebhookDelivery } from '../services/events/settle-webhook-delivery';
import { post } from './post';

/** How many requests are under way at a time, and how many of them for one account, and to one webhook of it. */
const AT_ONCE = 40;
const AT_ONCE_FOR_ACCOUNT = 8;
const AT_ONCE_TO_WEBHOOK = 4;
/** Who dies while it sends keeps others from sending that for so long; much longer than sending takes. */
const LEASE_SECONDS = 60;
/** Milliseconds between looks for what is due: retries, and what others left. */
const POLL = 1000;
/** Milliseconds that what is under way has to end when the service stops. */
const GRACE = 2000;
const FORGET_INTERVAL = 3_600_000;
const DAY = 86_400_000;
/** Days for which what was given up is kept, and what waits for its webhook, unless events are kept longer. */
const DEAD_DAYS = 30;

export interface WebhookSenderOptions {
  readonly dataSource: DataSource;
  /** Tells that there are events. */
  readonly feed: EventFeed;
  /** Days for which what was delivered is kept. */
  readonly keptDays: number;
  /** Whether plain HTTP and addresses that are not public are allowed. */
  readonly privateAllowed: boolean;
  /** Counts attempts by what became of the delivery. */
  readonly count: (outcome: string) => void;
  readonly log: {
    error(details: object, message: string): void;
    warn(details: object, message: string): void;
  };
}

/**
 * Makes events into deliveries and sends them. Any number of processes may do so on one database: each event becomes one
 * delivery per webhook, and each delivery is sent by one of them at a time; again when it can't be known whether it
 * arrived (docs/adr/0014).
 */
export class WebhookSender {
  private readonly options: WebhookSenderOptions;
  private readonly underWay = new Map<Promise<void>, ClaimedDelivery>();
  private readonly giveUp = new AbortController();
  private readonly working = new OneAtATime(() => this.work());
  private timers: NodeJS.Timeout[] = [];
  private following: AsyncIterableIterator<unknown> | null = null;
  private forgetNext = true;

  constructor(options: WebhookSenderOptions) {
    this.options = options;
  }

  start(): void {
    this.timers = [
      setInterval(() => this.working.ask(), POLL).unref(),
      setInterval(() => (this.forgetNext = true), FORGET_INTERVAL).unref(),
    ];
    void this.followEvents();
    this.working.ask();
  }

  /** Takes nothing new, lets what is under way end for a moment, and gives the rest back to others. */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    const worked = this.working.stop();
    await this.following?.return?.();
    await worked;
    const timer = setTimeout(() => this.giveUp.abort(), GRACE);
    await Promise.all(this.underWay.keys());
    clearTimeout(timer);
  }

  /** The events themselves are read from the table: what is missed here is found at the next poll. */
  private async followEvents(): Promise<void> {
    while (!this.working.stopped) {
      try {
        this.following = this.options.feed.follow({});
        for await (const _event of this.following) this.working.ask();
        return;
      } catch (error) {
        this.options.log.error(
          { err: error },
          'events could not be followed for webhooks; they are followed anew',
        );
      }
    }
  }

  private async work(): Promise<void> {
    // Of many events the first are sent before the last are looked at. Where one part fails, the others go on.
    await this.attempt('events could not be made into deliveries', () => this.dispatch());
    await this.attempt('deliveries could not be taken', () => this.claim());
    await this.attempt('old deliveries could not be forgotten', () => this.forget());
  }

  private async attempt(failure: string, part: () => Promise<void>): Promise<void> {
    try {
      await part();
    } catch (error) {
      this.options.log.error({ err: error }, `${failure}; it is tried again soon`);
    }
  }

  private async dispatch(): Promise<void> {
    if (await dispatchEvents(this.options.dataSource)) this.working.ask();
  }

  private async claim(): Promise<void> {
    const { manager } = this.options.dataSource;
    if (!(await isAnythingDue(manager))) return;
    for (;;) {
      const limit = AT_ONCE - this.underWay.size;
      if (limit <= 0 || this.working.stopped) return;
      const claimed = await claimDeliveries(manager, {
        limit,
        leaseSeconds: LEASE_SECONDS,
        underWay: [...this.underWay.values()],
        perAccount: AT_ONCE_FOR_ACCOUNT,
        perWebhook: AT_ONCE_TO_WEBHOOK,
      });
      if (claimed.length === 0) return;
      for (const delivery of claimed) this.begin(delivery);
    }
  }

  private begin(delivery: ClaimedDelivery): void {
    const sending = this.send(delivery)
      .catch((error: unknown) =>
        this.options.log.error(
          { err: error, delivery: delivery.id },
          'what came of a delivery could not be kept; it is sent again',
        ),
      )
      .finally(() => {
        this.underWay.delete(sending);
        this.working.ask();
      });
    this.underWay.set(sending, delivery);
  }

  private async send(delivery: ClaimedDelivery): Promise<void> {
    const { dataSource, privateAllowed, count, log } = this.options;
    const id = toGlobalId('WebhookDelivery', delivery.id);
    const { url, payload, secrets } = delivery;
    const outcome = await post({
      url,
      body: payload,
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': 'mci-graph',
        ...signatureHeaders(secrets, { id, sentAt: new Date(), payload }),
      },
      privateAllowed,
      signal: this.giveUp.signal,
    });
    if ('error' in outcome && this.giveUp.signal.aborted)
      return releaseDelivery(dataSource.manager, delivery);
    const step = await settleWebhookDelivery(this.options, delivery, outcome);
    if (step !== null) count(step.state.toLowerCase());
    if (step?.state === 'DEAD') log.warn({ delivery: id }, 'a webhook delivery was given up');
  }

  private async forget(): Promise<void> {
    if (!this.forgetNext) return;
    const { manager } = this.options.dataSource;
    const now = Date.now();
    const deadBefore = new Date(now - Math.max(this.options.keptDays, DEAD_DAYS) * DAY);
    await forgetDeliveries(manager, {
      deliveredBefore: new Date(now - this.options.keptDays * DAY),
      deadBefore,
    });
    await giveUpWaiting(manager, deadBefore);
    await forgetPreviousSecrets(manager);
    this.forgetNext = false;
  }
}
