import { createSourceEventStream, execute, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { GraphEvent } from '../../domain/events/event';
import { eventId } from '../../domain/events/event-id';
import type { AnonymousContext, RequestContext } from '../../loaders/request-context';
import type { EventFeed } from '../../persistence/events/event-feed';
import { NothingToTell, type SubscriptionSource } from '../../resolvers/events/subscription-resolver';
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
  /** Called once, when it ends. */
  readonly onEnd: (subscription: Subscription) => void;
}

/**
 * The answers of one subscription, one for each event that its holder may see at that moment: each is made when it is
 * asked for, and there are never two at once. It ends by `return`, with the feed, or, as soon as the holder may not
 * subscribe any more, by throwing a `Refusal`.
 */
export class Subscription implements AsyncGenerator<Answer, undefined> {
  private readonly coming: NextWithin<GraphEvent>;
  private ended = false;

  private constructor(
    private readonly options: SubscriptionOptions,
    private readonly events: AsyncIterator<GraphEvent, undefined>,
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
        events[Symbol.asyncIterator]() as AsyncIterator<GraphEvent, undefined>,
        context.principal?.accountId ?? '',
      );
    } catch (error) {
      throw toRefusal(error);
    }
  }

  get operation(): CheckedSubscription {
    return this.options.subscription;
  }

  async next(): Promise<IteratorResult<Answer, undefined>> {
    try {
      while (!this.ended) {
        const next = await this.coming.next(this.options.recheckAfter);
        if (next?.done) break;
        const answer = await this.answerTo(next?.value ?? null);
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
      this.ended = true;
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

  /** `null`: the holder is told nothing of it, or none came for so long. @throws Refusal when the holder may not subscribe (any more) */
  private async answerTo(event: GraphEvent | null): Promise<Answer | null> {
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
