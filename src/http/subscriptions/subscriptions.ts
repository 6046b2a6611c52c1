import type { FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { SubscriptionLimits } from '../../config';
import type { AnonymousContext, RequestContext } from '../../loaders/request-context';
import type { EventFeed } from '../../persistence/events/event-feed';
import { formatErrors, isFault } from '../format-error';
import type { Turns } from '../turns';
import { logFaultsIn, type Log } from '../log-faults';
import { AccountCounts } from './account-counts';
import { toRefusal } from './refusal';
import { Subscription } from './subscription';
import { checkSubscription, type RequestRules, type SubscriptionRequest } from './subscription-request';

/** Who sends a request, as its headers say, and under which id the log knows it. */
export type Caller = Pick<FastifyRequest, 'headers' | 'id'>;

export type Transport = 'websocket' | 'sse';

export interface SubscriptionsOptions extends RequestRules {
  readonly suggestions: boolean;
  readonly bounds: SubscriptionLimits;
  readonly feed: EventFeed;
  readonly contextOf: (caller: Caller) => Promise<RequestContext | AnonymousContext>;
  /** In which answers are made: fewer at once than the pool has connections. */
  readonly turns: Turns;
  readonly count: SubscriptionCounters;
  readonly log: Log;
}

/** What is measured. */
export interface SubscriptionCounters {
  began(transport: Transport): void;
  refused(): void;
  ended(transport: Transport): void;
}

/** The subscriptions that are open in this process. */
export class Subscriptions {
  private readonly open = new Set<Subscription>();
  private readonly byAccount = new AccountCounts();

  /** Whether the service stops: clients had better go on elsewhere. */
  stopped = false;

  constructor(readonly options: SubscriptionsOptions) {}

  /** Begins one. @throws Refusal */
  async subscribe(
    transport: Transport,
    request: SubscriptionRequest,
    caller: Caller,
    lastEventId: string | null,
  ): Promise<Subscription> {
    try {
      const subscription = await Subscription.start({
        ...this.options,
        subscription: checkSubscription(request, this.options),
        lastEventId,
        contextNow: () => this.options.contextOf(caller),
        recheckAfter: this.options.bounds.recheckSeconds * 1000,
        onEnd: (ended) => this.forget(ended, transport),
      });
      await this.add(subscription, transport);
      return subscription;
    } catch (error) {
      this.options.count.refused();
      throw toRefusal(error);
    }
  }

  /** Errors as clients are told them, with the id of the request beside a fault; faults are logged. */
  format(errors: readonly GraphQLError[], { id }: Caller): GraphQLFormattedError[] {
    logFaultsIn(errors, id, this.options.log);
    const format = formatErrors(this.options);
    return errors.map((error) => {
      const { http: _http, ...extensions } = error.extensions;
      const formatted = format(
        { ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR', ...extensions } },
        error,
      );
      return isFault(error)
        ? { ...formatted, extensions: { ...formatted.extensions, requestId: id } }
        : formatted;
    });
  }

  private async add(subscription: Subscription, transport: Transport): Promise<void> {
    const { perAccount } = this.options.bounds;
    const { accountId } = subscription;
    const others = this.byAccount.of(accountId);
    if (others >= perAccount) {
      await subscription.return();
      throw new GraphQLError(
        `This account has ${others} subscriptions open, the most that are allowed: end one, or filter one for several things.`,
        { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit: perAccount, http: { status: 429 } } },
      );
    }
    this.byAccount.add(accountId);
    this.open.add(subscription);
    this.options.count.began(transport);
    // It began while the others were ended.
    if (this.stopped) await subscription.return();
  }

  private forget(subscription: Subscription, transport: Transport): void {
    if (!this.open.delete(subscription)) return;
    this.byAccount.remove(subscription.accountId);
    this.options.count.ended(transport);
  }

  /** Ends all, for good. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.open].map((subscription) => subscription.return()));
  }
}
