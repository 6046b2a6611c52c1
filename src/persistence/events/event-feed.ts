import type { DataSource } from 'typeorm';
import { invalid } from '../../domain/errors';
import type { EventKind, GraphEvent } from '../../domain/events/event';
import { positionOf } from '../../domain/events/event-id';
import { EventConnection } from './event-connection';
import { feedState, numberEvents, pruneEvents, readEvents, type Connection } from './event-store';

/** The newest events, which a process keeps at hand for those who follow; older ones are read from the table. */
const AT_HAND = 5_000;
const PAGE = 1_000;
/** Milliseconds: where notifications don't get through (a connection that broke, a pooler in between), events come this late. */
const POLL = 5_000;
const PRUNE_INTERVAL = 3_600_000;
const DAY = 86_400_000;

export interface EventFeedOptions {
  readonly dataSource: DataSource;
  /** Days for which an event is kept. */
  readonly keptDays: number;
  readonly log: { error(details: { err: unknown }, message: string): void };
}

/** Which events somebody follows: those of one kind or all, of one account or all, and of them those that match. */
export interface FollowedEvents {
  readonly kind?: EventKind;
  readonly accountId?: string;
  readonly matches?: (event: GraphEvent) => boolean;
  /** Position of the last event that was seen; left out: from now on. */
  readonly from?: number;
}

/**
 * The events of all processes on one database, in the order of their positions. A connection of its own listens for
 * notifications; whoever hears of new events numbers and reads them (docs/adr/0013).
 */
export class EventFeed {
  private readonly options: EventFeedOptions;
  private readonly connection: EventConnection;
  private timers: NodeJS.Timeout[] = [];
  private stopped = false;
  private reading: Promise<void> | null = null;
  private readAgain = false;
  private pruneNext = true;
  private waiting = new Set<() => void>();
  private last = 0;
  private pruned = 0;
  /** All events after `since`, up to `last`. */
  private atHand: GraphEvent[] = [];
  private since = 0;

  constructor(options: EventFeedOptions) {
    this.options = options;
    this.connection = new EventConnection(options.dataSource, { onNews: () => void this.read() });
  }

  /** Connects; follows from the newest event on. */
  async start(): Promise<void> {
    const { last, pruned } = await this.connection.use(feedState);
    this.last = this.since = last;
    this.pruned = pruned;
    this.timers = [
      setInterval(() => void this.read(), POLL).unref(),
      setInterval(() => (this.pruneNext = true), PRUNE_INTERVAL).unref(),
    ];
    void this.read();
  }

  /** Ends everybody's following. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    this.wake();
    await this.reading;
    await this.connection.end();
  }

  /**
   * Events from now on, or after a position, as they come; it ends with `return()` or with the feed. Each is given when it
   * is asked for: who is slow reads from the table what is no longer at hand.
   *
   * @throws DomainError INVALID (from `next`) when events that it has not given yet are not kept any more
   */
  follow(followed: FollowedEvents): AsyncIterableIterator<GraphEvent> {
    const from = followed.from ?? this.last;
    const ending = new AbortController();
    const events = this.events(followed, from, ending.signal);
    const following: AsyncIterableIterator<GraphEvent> = {
      next: () => events.next(),
      // A generator that waits for an event would not return.
      return: () => {
        ending.abort();
        this.wake();
        return events.return(undefined);
      },
      [Symbol.asyncIterator]: () => following,
    };
    return following;
  }

  /**
   * The position of an event that somebody was told of, to go on from.
   *
   * @throws DomainError INVALID when it is not the id of an event, or of one from before those that are kept
   */
  async positionOf(id: string, argument: string): Promise<number> {
    const position = positionOf(id, argument);
    // Another process may have told of it before this one has read it.
    if (position > this.last) await this.read();
    if (position > this.last)
      throw invalid(
        `There is no event "${id}": pass the \`id\` of the last event that you were told of.`,
        argument,
      );
    this.assertKept(position, argument);
    return position;
  }

  private async *events(
    { kind, accountId, matches = () => true }: FollowedEvents,
    start: number,
    ending: AbortSignal,
  ): AsyncGenerator<GraphEvent, undefined> {
    let seen = start;
    while (!this.stopped && !ending.aborted) {
      const from = seen;
      const upTo = this.last;
      if (from === upTo) {
        await new Promise<void>((resolve) => this.waiting.add(resolve));
      } else if (from >= this.since) {
        yield* this.atHand.filter(
          (event) =>
            event.position > from &&
            (kind === undefined || event.kind === kind) &&
            (accountId === undefined || event.accountId === accountId) &&
            matches(event),
        );
        seen = upTo;
      } else {
        const page = await readEvents(this.pool, { after: from, upTo, kind, accountId }, PAGE);
        // Asked afterwards: what was forgotten before the page was read is known by now.
        this.pruned = (await feedState(this.pool)).pruned;
        this.assertKept(from, 'after');
        yield* page.filter(matches);
        seen = endOf(page, upTo);
      }
    }
  }

  private get pool(): Connection {
    const { manager } = this.options.dataSource;
    return { query: (statement, values = []) => manager.query(statement, [...values]) };
  }

  private assertKept(position: number, argument: string): void {
    if (position < this.pruned)
      throw invalid(
        `Events are kept for ${this.options.keptDays} days, and some of those after that one are gone: query the present state, and subscribe without \`after\`.`,
        argument,
      );
  }

  /** Numbers and reads what is new; once more when asked meanwhile. A failure is told, and tried again at the next poll. */
  private read(): Promise<void> {
    this.readAgain = true;
    this.reading ??= this.readAll();
    return this.reading;
  }

  private async readAll(): Promise<void> {
    while (this.readAgain && !this.stopped) {
      this.readAgain = false;
      try {
        await this.connection.use((connection) => this.readNew(connection));
      } catch (error) {
        this.options.log.error({ err: error }, 'the events could not be read; they are tried again soon');
      }
    }
    // At once: whoever asks from here on is not content with what was read before.
    this.reading = null;
  }

  private async readNew(connection: Connection): Promise<void> {
    if (this.pruneNext) {
      await pruneEvents(connection, new Date(Date.now() - this.options.keptDays * DAY));
      this.pruneNext = false;
    }
    await numberEvents(connection);
    const { last: upTo, pruned } = await feedState(connection);
    this.pruned = pruned;
    while (this.last < upTo) {
      const page = await readEvents(connection, { after: this.last, upTo }, PAGE);
      this.atHand.push(...page);
      this.since = this.atHand.at(-AT_HAND - 1)?.position ?? this.since;
      this.atHand = this.atHand.slice(-AT_HAND);
      this.last = endOf(page, upTo);
      this.wake();
    }
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = new Set();
    for (const resolve of waiting) resolve();
  }
}

/** Up to where events were read. */
const endOf = (page: readonly GraphEvent[], upTo: number): number =>
  page.length < PAGE ? upTo : (page.at(-1)?.position ?? upTo);
