import { createSourceEventStream, execute, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { GraphEvent } from '../../domain/events/event';
import { eventId } from '../../domain/events/event-id';
import type { AnonymousContext, RequestContext } from '../../loaders/request-context';
import type { EventFeed, FollowingEvents } from '../../persistence/events/event-feed';
import { NothingToTell, type SubscriptionSource } from '../../resolvers/events/subscription-resolver';
import type { Turns } from '../turns';
import { NextWithin } from './next-within';
import { Refusal, toRefusal } from './refusal';
import type { CheckedSubscription } from './subscription-request';

/** What one event is told as. */
export interface Answer extends ExecutionResult {
  /** Id of the event: a subscription goes on after it. */
  readonly eventId: string;
}

export interface SubscriptionOptions {
  readonly schema: GraphQLSchema;
  readonly feed: EventFeed;
  readonly subscription: CheckedSubscription;
  readonly lastEventId: string | null;
  /** Authenticates anew each time, and makes a context with the roles and the time of that moment. */
  readonly contextNow: () => Promise<RequestContext | AnonymousContext>;
  /** Milliseconds without events after which authorization is checked. */
  readonly recheckAfter: number;
  /** Shared by all: an event that many follow would take all connections of the pool from the requests. */
  readonly turns: Turns;
  /** Called once, when it ends. */
  readonly onEnd: (subscription: Subscription) => void;
}

/** How often in a row authorization can fail to be checked, through no fault of the holder, until the subscription ends. */
const MOST_RECHECKS_IN_VAIN = 3;

/**
 * The answers of one subscription, one for each event that its holder may see at that moment: each is made when it is
 * asked for, and there are never two at once. It ends by `return`, with the feed, or, as soon as the holder may not
 * subscribe any more, by throwing a `Refusal`; by one that is `passing`, when it can't be told for now.
 */
export class Subscription implements AsyncGenerator<Answer, undefined> {
  private readonly coming: NextWithin<GraphEvent>;
  /** Position of the last event that was dealt with, and of the last one that the holder took an answer to. */
  private given = 0;
  private taken = 0;
  private recheckedInVain = 0;
  private hasEnded = false;

  private constructor(
    private readonly options: SubscriptionOptions,
    private readonly events: FollowingEvents,
    /** Whose it is. */
    readonly accountId: string,
  ) {
    this.coming = new NextWithin(events);
  }

  /** Follows from now on, or after the event that it names. @throws Refusal */
  static async start(options: SubscriptionOptions): Promise<Subscription> {
    const { schema, feed, subscription, lastEventId } = options;
    try {
      const context = await options.contextNow();
      const source: SubscriptionSource = { feed, lastEventId };
      const events = await createSourceEventStream({
        ...argumentsOf(schema, subscription),
        rootValue: source,
        contextValue: context,
      });
      if (!(Symbol.asyncIterator in events)) throw new Refusal(events.errors ?? []);
      return new Subscription(
        options,
        events[Symbol.asyncIterator]() as FollowingEvents,
        context.principal?.accountId ?? '',
      );
    } catch (error) {
      throw toRefusal(error);
    }
  }

  get operation(): CheckedSubscription {
    return this.options.subscription;
  }

  /** Where the holder can go on: up to here nothing is left to tell, though there may have been nothing to tell. */
  get lastEventId(): string {
    return eventId(Math.max(this.events.position, this.taken));
  }

  /** Whether nothing comes any more. */
  get ended(): boolean {
    return this.hasEnded;
  }

  async next(): Promise<IteratorResult<Answer, undefined>> {
    try {
      while (!this.ended) {
        // Whoever asks for the next one has the one before.
        this.taken = this.given;
        const next = await this.coming.next(this.options.recheckAfter);
        if (next?.done) break;
        const answer = next === null ? await this.recheck() : await this.answerTo(next.value);
        if (next !== null) this.given = next.value.position;
        if (answer !== null && !this.ended) return { value: answer, done: false };
      }
      return await this.return();
    } catch (error) {
      await this.return();
      throw toRefusal(error);
    }
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    if (!this.ended) {
      this.hasEnded = true;
      this.options.onEnd(this);
      await this.events.return?.();
    }
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<Answer, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** Nothing is lost while nothing happens: what fails for now is tried again, so that not all come back at once. */
  private async recheck(): Promise<null> {
    try {
      await this.answerTo(null);
      this.recheckedInVain = 0;
    } catch (error) {
      this.recheckedInVain += 1;
      if (!toRefusal(error).passing || this.recheckedInVain === MOST_RECHECKS_IN_VAIN) throw error;
    }
    return null;
  }

  /** `null`: the holder is told nothing of it, or none came for so long. @throws Refusal when the holder may not subscribe (any more) */
  private answerTo(event: GraphEvent | null): Promise<Answer | null> {
    return this.options.turns.take(async () => (this.ended ? null : this.answerInTurn(event)));
  }

  private async answerInTurn(event: GraphEvent | null): Promise<Answer | null> {
    const { schema, subscription, contextNow } = this.options;
    const { data, errors } = await execute({
      ...argumentsOf(schema, subscription),
      rootValue: event,
      contextValue: await contextNow(),
    });
    // The fields of subscriptions are never null: without data it was the field that failed.
    if (data != null && event !== null) return { eventId: eventId(event.position), data, errors };
    if (errors?.some(({ originalError }) => originalError instanceof NothingToTell)) return null;
    throw new Refusal(errors ?? []);
  }
}

const argumentsOf = (schema: GraphQLSchema, { document, operationName, variables }: CheckedSubscription) => ({
  schema,
  document,
  operationName,
  variableValues: variables,
});
