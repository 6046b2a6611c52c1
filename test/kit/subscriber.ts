import { createClient, type Client, type ClientOptions, type SubscribePayload } from 'graphql-ws';
import type { DataSource } from 'typeorm';
import WebSocket from 'ws';
import { eventId } from '../../src/domain/events/event-id';
import type { Data } from './api';
import { endOpened, endsWithTest } from './opened';

/** Somebody who subscribed, and takes what comes one by one. */
export interface Subscriber {
  /** The data of the next event; fails on errors and at the end. */
  next(): Promise<Data>;
  /** The errors that the next event has, or that the subscription ends with. */
  errors(): Promise<Data[]>;
  stop(): void;
}

/** A client of graphql-ws that does not try again, unless the options say so. */
export function webSocketClient(
  url: string,
  connectionParams: Record<string, unknown> = {},
  options: Partial<ClientOptions> = {},
): Client {
  const client = createClient({
    retryAttempts: 0,
    ...options,
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams,
  });
  endsWithTest(() => client.dispose());
  return client;
}

/** Subscribes by WebSocket, on a connection of its own; resolves when it has begun, or was refused. */
export async function subscribe(
  url: string,
  token: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Subscriber> {
  const client = webSocketClient(url, { authorization: `Bearer ${token}` });
  return begun(url, () => subscribeWith(client, { query, variables }));
}

/** Keeps whoever shows a token waiting: what is asked meanwhile is under way until `release`. */
export async function holdTokens(dataSource: DataSource): Promise<{
  /** Waits until so many wait. */
  awaited(count: number): Promise<void>;
  release(): Promise<void>;
}> {
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query('LOCK TABLE access_tokens IN ACCESS EXCLUSIVE MODE');
  return {
    awaited: (count) =>
      until(async () => {
        const waiting: unknown[] = await runner.query(
          `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'access_tokens'::regclass
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        return waiting.length === count;
      }),
    release: async () => {
      await runner.commitTransaction();
      await runner.release();
    },
  };
}

/** Waits until the service has begun, or refused, a subscription. */
export async function begun<T>(url: string, subscribing: () => T): Promise<T> {
  const before = await subscriptionsAsked(url);
  const result = subscribing();
  await until(async () => (await subscriptionsAsked(url)) > before);
  return result;
}

/**
 * Id of the newest event, once the service has numbered all: who goes on after it is told of nothing that was before. Who
 * begins without one may be, of what was committed just before.
 */
export async function newestEvent(dataSource: DataSource): Promise<string> {
  await until(
    async () => (await dataSource.query('SELECT FROM events WHERE position IS NULL LIMIT 1')).length === 0,
  );
  const [feed]: { last_position: string }[] = await dataSource.query('SELECT last_position FROM event_feed');
  return eventId(Number(feed?.last_position));
}

/** For `afterEach`: ends what the test has opened, and waits until the service has ended its subscriptions. */
export async function endSubscriptions(url: string): Promise<void> {
  await endOpened();
  await until(async () => (await metric(url, 'graphql_subscriptions_open')) === 0);
}

interface Result {
  readonly data?: Data;
  readonly errors?: Data;
}

/** Subscribes on a connection, which it ends when it stops. What comes is kept until it is taken. */
export function subscribeWith(client: Client, payload: SubscribePayload): Subscriber {
  const come: (() => Result)[] = [];
  let wake = (): void => undefined;
  const keep = (outcome: () => Result): void => {
    come.push(outcome);
    wake();
  };
  client.subscribe(payload, {
    next: (result) => keep(() => result),
    error: (error) =>
      keep(() => {
        throw error;
      }),
    complete: () =>
      keep(() => {
        throw new Error('The subscription was completed.');
      }),
  });
  const take = async (): Promise<Result> => {
    for (;;) {
      const outcome = come.shift();
      if (outcome !== undefined) return outcome();
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    stop: () => void client.dispose(),
    next: async () => {
      const { data, errors } = await take();
      if (errors !== undefined) throw new Error(`Nothing was told: ${JSON.stringify(errors)}`);
      return data;
    },
    errors: async () => {
      try {
        return (await take()).errors;
      } catch (errors) {
        if (Array.isArray(errors)) return errors;
        throw errors;
      }
    },
  };
}

/** The value of a metric with these labels; 0 when it was never counted. */
export async function metric(url: string, name: string, labels = ''): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(name) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

export const subscriptionsAsked = (url: string): Promise<number> =>
  metric(url, 'graphql_operations_total', 'type="subscription"');

/** Milliseconds after which a condition is given up. */
const PATIENCE = 60_000;

/** Waits for a condition. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Waited in vain until ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
