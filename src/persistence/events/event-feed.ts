import type { DataSource } from 'typeorm';
import { invalid } from '../../domain/errors';
import type { EventKind, GraphEvent } from '../../domain/events/event';
import { positionOf } from '../../domain/events/event-id';
import { EventConnection } from './event-connection';
import { OneAtATime } from '../one-at-a-time';
import { onCommit } from '../unit-of-work';
import {
  connectionOf,
  feedState,
  numberEvents,
  pruneEvents,
  readEvents,
  readNewEvents,
  type Connection,
} from './event-store';

/** The newest events, which a process keeps at hand for those who follow; older ones are read from the table. */
const AT_HAND = 5_000;
const PAGE = 1_000;
/**
 * Milliseconds: so late come events of which nobody here was told: what others than the service write, and what other
 * processes numbered, where notifications don't get through (a connection that broke, a pooler in between).
 */
const POLL = 1_000;
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

/** The events that somebody follows. */
export interface FollowingEvents extends AsyncIterableIterator<GraphEvent> {
  /** Up to where all were given, and more was asked for. */
  readonly position: number;
}

/**
 * The events of all processes on one database, in the order of their positions. A connection of its own listens for
 * notifications; whoever hears of new events numbers and reads them (docs/adr/0013).
 */
export class EventFeed {
  private readonly options: EventFeedOptions;
  private readonly connection: EventConnection;
  private timers: NodeJS.Timeout[] = [];
  private ignoreCommits: () => void = () => undefined;
  private readonly reading = new OneAtATime(() => this.read());
  private pruneNext = true;
  private waiting = new Set<() => void>();
  private newest = 0;
  private pruned = 0;
  /** All events after `since`, up to `newest`. */
  private atHand: GraphEvent[] = [];
  private since = 0;

  constructor(options: EventFeedOptions) {
    this.options = options;
    this.connection = new EventConnection(options.dataSource, { onNews: () => this.reading.ask() });
  }

  /** Connects; follows from the newest event on. */
  async start(): Promise<void> {
    const { last, pruned } = await this.connection.use(feedState);
    this.newest = this.since = last;
    this.pruned = pruned;
    this.timers = [
      setInterval(() => this.reading.ask(), POLL).unref(),
      setInterval(() => (this.pruneNext = true), PRUNE_INTERVAL).unref(),
    ];
    this.ignoreCommits = onCommit(this.options.dataSource, () => this.reading.ask());
    this.reading.ask();
  }

  /** Ends everybody's following. */
  async stop(): Promise<void> {
    this.ignoreCommits();
    for (const timer of this.timers) clearInterval(timer);
    const read = this.reading.stop();
    this.wake();
    // First: what it waits for may never come. And again: it may have been about to connect.
    await this.connection.end();
    await read;
    await this.connection.end();
  }

  /**
   * Events from now on, or after a position, as they come; it ends with `return()` or with the feed. Each is given when it
   * is asked for: who is slow reads from the table what is no longer at hand.
   *
   * @throws DomainError INVALID (from `next`) when events that it has not given yet are not kept any more
   */
  follow(followed: FollowedEvents): FollowingEvents {
    const progress = { position: followed.from ?? this.newest };
    const ending = new AbortController();
    const events = this.events(followed, progress, ending.signal);
    const following: FollowingEvents = {
      get position() {
        return progress.position;
      },
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
    // As the table says: another process may have told of it, or forgotten, before this one has read so.
    const { last, pruned } = await feedState(this.pool);
    this.pruned = pruned;
    if (position > last)
      throw invalid(
        `There is no event "${id}": pass the \`id\` of the last event that you were told of.`,
        argument,
      );
    this.assertKept(position, argument);
    return position;
  }

  private async *events(
    { kind, accountId, matches = () => true }: FollowedEvents,
    progress: { position: number },
    ending: AbortSignal,
  ): AsyncGenerator<GraphEvent, undefined> {
    while (!this.reading.stopped && !ending.aborted) {
      const from = progress.position;
      const upTo = this.newest;
      if (from >= upTo) {
        await new Promise<void>((resolve) => this.waiting.add(resolve));
      } else if (from >= this.since) {
        yield* this.newerThan(from).filter(
          (event) =>
            (kind === undefined || event.kind === kind) &&
            (accountId === undefined || event.accountId === accountId) &&
            matches(event),
        );
        progress.position = upTo;
      } else {
        const page = await readEvents(this.pool, { after: from, upTo, kind, accountId }, PAGE);
        // Asked afterwards: what was forgotten before the page was read is known by now.
        this.pruned = (await feedState(this.pool)).pruned;
        this.assertKept(from, 'after');
        yield* page.filter(matches);
        progress.position = endOf(page, upTo);
      }
    }
  }

  /** Of those at hand; found by halving, since each of very many followers asks. */
  private newerThan(position: number): GraphEvent[] {
    let [low, high] = [0, this.atHand.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.atHand[middle]?.position ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return this.atHand.slice(low);
  }

  private get pool(): Connection {
    return connectionOf(this.options.dataSource.manager);
  }

  private assertKept(position: number, argument: string): void {
    if (position < this.pruned)
      throw invalid(
        `Events are kept for ${this.options.keptDays} days, and some of those after that one are gone: query the present state, and subscribe without \`after\`.`,
        argument,
      );
  }

  /** Numbers and reads what is new. A failure is told, and tried again at the next poll. */
  private async read(): Promise<void> {
    try {
      await this.connection.use((connection) => this.readNew(connection));
      if (this.pruneNext && !this.reading.stopped)
        await this.connection.use((connection) => this.prune(connection));
    } catch (error) {
      if (this.reading.stopped) return;
      this.options.log.error({ err: error }, 'the events could not be read; they are tried again soon');
    }
  }

  private async readNew(connection: Connection): Promise<void> {
    await numberEvents(connection);
    while (!this.reading.stopped) {
      const { last: upTo, pruned, events: page } = await readNewEvents(connection, this.newest, PAGE);
      this.pruned = pruned;
      if (this.newest >= upTo) return;
      this.atHand.push(...page);
      this.since = this.atHand.at(-AT_HAND - 1)?.position ?? this.since;
      this.atHand = this.atHand.slice(-AT_HAND);
      this.newest = endOf(page, upTo);
      this.wake();
      if (this.newest === upTo) return;
    }
  }

  /** A part at a time, after what is new. What fails is left to the next time. */
  private async prune(connection: Connection): Promise<void> {
    this.pruneNext = false;
    this.pruneNext = await pruneEvents(connection, new Date(Date.now() - this.options.keptDays * DAY));
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
