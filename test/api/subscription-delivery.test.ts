import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { Client } from 'pg';
import WebSocket from 'ws';
import { createApp } from '../../src/app';
import { readConfig } from '../../src/config';
import { createSchema } from '../../src/schema';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { done } from '../kit/components';
import { eventStream } from '../kit/event-stream';
import { endsWithTest } from '../kit/opened';
import {
  begun,
  endSubscriptions,
  holdTokens,
  metric,
  newestEvent,
  subscribe,
  subscribeWith,
  subscriptionsAsked,
  until,
  webSocketClient,
} from '../kit/subscriber';

const BOUNDS = {
  MCI_GRAPH_MAX_SUBSCRIPTIONS: '3',
  MCI_GRAPH_MAX_SOCKETS: '2',
  MCI_GRAPH_MAX_SOCKET_SUBSCRIPTIONS: '2',
  MCI_GRAPH_RECHECK_SECONDS: '1',
};

let api: TestApi;
let other: FastifyInstance;
/** Two services on one database. */
let urls: [string, string];
let account: TestAccount;
let schema: GraphQLSchema;

beforeAll(async () => {
  api = await startApi(BOUNDS);
  schema = await createSchema();
  other = await anotherService();
  urls = [api.url, await other.listen({ host: '127.0.0.1', port: 0 })];
});
afterAll(async () => {
  // Those too that `fetch` opened to spare, and never used: they are not idle to Node.
  for (const { server } of [other, api.app]) server.closeAllConnections();
  await other.close();
  await api.close();
});
beforeEach(async () => {
  account = await api.account();
});
afterEach(async () => {
  for (const url of urls) await endSubscriptions(url);
});

/** It ends with the test, if not before. */
async function leavingService(): Promise<{ service: FastifyInstance; url: string }> {
  const service = await anotherService();
  endsWithTest(() => service.close());
  return { service, url: await service.listen({ host: '127.0.0.1', port: 0 }) };
}

const anotherService = async (): Promise<FastifyInstance> =>
  createApp({
    config: readConfig({ DATABASE_URL: databaseUrl(), MCI_GRAPH_LOG_LEVEL: 'silent', ...BOUNDS }),
    dataSource: api.dataSource,
    schema,
    explorer: null,
  });

function databaseUrl(): string {
  const { options } = api.dataSource;
  if (options.type !== 'postgres' || options.url === undefined) throw new Error('No PostgreSQL');
  return options.url;
}

const SUBSCRIPTION = 'subscription($after: ID) { componentChanged(after: $after) { id component { name } } }';

const script = (name: string): Promise<Data> => done(account, 'createRightScript', { name, source: 'echo' });

async function nextEvent(told: { next(): Promise<Data> }): Promise<{ id: string; name: string }> {
  const { id, component } = (await told.next()).componentChanged;
  return { id, name: component.name };
}

/** Events of the account by SQL, as a transaction of somebody writes them. */
const insertEvent = (
  connection: { query(sql: string, values: unknown[]): Promise<unknown> },
  subject: string,
) =>
  connection.query(
    `INSERT INTO events (transaction, at, kind, change, account_id, subject_id, component_type, lineage_id)
     VALUES (pg_current_xact_id()::text::bigint, now(), 'COMPONENT', 'COMMITTED', $1, $2, 'RightScript', $2)`,
    [account.key, subject],
  );

const keyOf = ({ id }: Data): string => id.slice(4);

describe('every event once, in one order', () => {
  it('who goes on after the last event, on whichever service, misses nothing and is told nothing twice', async () => {
    const COUNT = 24;
    let at: 0 | 1 = 0;
    let told = await subscribe(urls[at], account.token, SUBSCRIPTION);
    const all = await subscribe(urls[1], account.token, SUBSCRIPTION);
    const writing = (async () => {
      for (let number = 0; number < COUNT; number++) await script(`script ${number}`);
    })();
    const seen: string[] = [];
    for (let turn = 0; seen.length < COUNT; turn++) {
      const { id, name } = await nextEvent(told);
      seen.push(name);
      if (turn % 5 !== 4) continue;
      told.stop();
      // Until the service notices, its connection counts. On the other one there is that of `all` as well.
      const others = at;
      await until(async () => (await metric(urls[others], 'graphql_subscriptions_open')) === others);
      at = at === 0 ? 1 : 0;
      told = await subscribe(urls[at], account.token, SUBSCRIPTION, { after: id });
    }
    await writing;
    expect(seen).toEqual(Array.from({ length: COUNT }, (_, number) => `script ${number}`));
    for (const name of seen) expect((await nextEvent(all)).name).toBe(name);
  });

  it('what began earlier and was committed later comes later, and is not left out', async () => {
    const [late, early] = [await script('late'), await script('early')];
    const told = await subscribe(urls[1], account.token, SUBSCRIPTION, {
      after: await newestEvent(api.dataSource),
    });
    const slow = new Client({ connectionString: databaseUrl() });
    await slow.connect();
    endsWithTest(() => slow.end());
    await slow.query('BEGIN');
    await insertEvent(slow, keyOf(late));
    await insertEvent(api.dataSource, keyOf(early));
    const first = await nextEvent(told);
    await slow.query('COMMIT');
    const second = await nextEvent(told);
    expect([first.name, second.name]).toEqual(['early', 'late']);
    const again = await subscribe(urls[0], account.token, SUBSCRIPTION, { after: first.id });
    expect(await nextEvent(again)).toEqual(second);
  });

  it('a connection that listens no more is replaced, and nothing is lost', async () => {
    const told = await subscribe(urls[0], account.token, SUBSCRIPTION);
    const ended: { pid: number }[] = await api.dataSource.query(
      `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE '% events'`,
    );
    expect(ended).toHaveLength(2);
    for (const name of ['one', 'two', 'three']) await script(name);
    for (const name of ['one', 'two', 'three']) expect((await nextEvent(told)).name).toBe(name);
  });

  it('an event from before those that are kept is no place to go on from', async () => {
    const told = await subscribe(urls[0], account.token, SUBSCRIPTION);
    await script('forgotten');
    const { id } = await nextEvent(told);
    for (const name of ['forgotten, too', 'kept']) await script(name);
    const forgotten = await nextEvent(told);
    await nextEvent(told);
    told.stop();
    // What a process does once an hour, at once: the newest service forgets when it starts.
    await api.dataSource.query(`UPDATE events SET at = now() - interval '8 days' WHERE position <= $1`, [
      parseInt(forgotten.id.slice(4), 36),
    ]);
    const { url } = await leavingService();
    await until(
      async () =>
        (await api.dataSource.query('SELECT pruned_position FROM event_feed'))[0].pruned_position !== '0',
    );
    const refused = await subscribe(url, account.token, SUBSCRIPTION, { after: id });
    expect(await refused.errors()).toMatchObject([
      {
        message: expect.stringContaining(
          'Events are kept for 7 days, and some of those after that one are gone',
        ),
        extensions: { code: 'BAD_USER_INPUT', argumentPath: ['after'] },
      },
    ]);
    refused.stop();
    const going = await subscribe(url, account.token, SUBSCRIPTION, { after: forgotten.id });
    expect((await nextEvent(going)).name).toBe('kept');
  });
});

describe('a client of graphql-ws', () => {
  it('goes on where it was, when its variables name the last event', async () => {
    const client = webSocketClient(
      api.url,
      { authorization: `Bearer ${account.token}` },
      { retryAttempts: 5, retryWait: () => until(() => mayConnect) },
    );
    const variables: { after: string | null } = { after: null };
    const told = await begun(api.url, () => subscribeWith(client, { query: SUBSCRIPTION, variables }));
    await script('before');
    variables.after = (await nextEvent(told)).id;
    let mayConnect = false;
    const closed = new Promise((resolve) => client.on('closed', resolve));
    for (const socket of api.app.websocketServer.clients) socket.close(1001);
    await closed;
    await script('meanwhile');
    mayConnect = true;
    expect((await nextEvent(told)).name).toBe('meanwhile');
  });
});

describe('what begins and ends at once', () => {
  const open = () => metric(api.url, 'graphql_subscriptions_open');
  const message = (id: string, type: string) => ({
    id,
    type,
    ...(type === 'subscribe' && { payload: { query: SUBSCRIPTION } }),
  });

  interface RawClient {
    send(...messages: object[]): void;
    /** The next message. */
    received(): Promise<Data>;
    readonly socket: WebSocket;
    /** The code with which it ends. */
    readonly closed: Promise<number>;
  }

  async function rawClient(): Promise<RawClient> {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    endsWithTest(() => socket.terminate());
    await once(socket, 'open');
    const client: RawClient = {
      socket,
      closed: new Promise((resolve) => socket.once('close', resolve)),
      send: (...messages) => messages.forEach((sent) => socket.send(JSON.stringify(sent))),
      received: async () => JSON.parse(String((await once(socket, 'message'))[0])),
    };
    client.send({ type: 'connection_init', payload: { authorization: `Bearer ${account.token}` } });
    expect(await client.received()).toMatchObject({ type: 'connection_ack' });
    return client;
  }

  it.each<[string, string[], (client: RawClient) => Promise<unknown>]>([
    [
      'an id that is used again too soon ends the connection',
      ['subscribe', 'complete', 'subscribe'],
      async ({ closed }) => expect(await closed).toBe(4409),
    ],
    [
      'a client that leaves',
      ['subscribe'],
      async ({ socket, closed }) => {
        socket.close();
        await closed;
      },
    ],
    [
      'a client that completes',
      ['subscribe', 'complete'],
      async (client) => {
        client.send({ type: 'ping' });
        expect(await client.received()).toEqual({ type: 'pong' });
      },
    ],
  ])('leaves nothing behind: %s', async (_case, types, end) => {
    const [client, before] = [await rawClient(), await subscriptionsAsked(api.url)];
    await until(async () => (await open()) === 0);
    const tokens = await holdTokens(api.dataSource);
    try {
      client.send(...types.map((type) => message('1', type)));
      await tokens.awaited(1);
      await end(client);
    } finally {
      await tokens.release();
    }
    await until(async () => (await subscriptionsAsked(api.url)) > before && (await open()) === 0);
  });

  it('counts among those of the connection until it has ended', async () => {
    const client = await rawClient();
    const tokens = await holdTokens(api.dataSource);
    try {
      for (const id of ['1', '2']) client.send(message(id, 'subscribe'), message(id, 'complete'));
      client.send(message('3', 'subscribe'));
      expect(await client.received()).toMatchObject({
        id: '3',
        type: 'error',
        payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit: 2 } }],
      });
    } finally {
      await tokens.release();
    }
  });
});

describe('bounds', () => {
  const TOO_MANY = 'TOO_MANY_SUBSCRIPTIONS';

  it('of subscriptions on one connection', async () => {
    const client = webSocketClient(api.url, { authorization: `Bearer ${account.token}` });
    for (let number = 0; number < 2; number++)
      await begun(api.url, () => subscribeWith(client, { query: SUBSCRIPTION }));
    const third = subscribeWith(client, { query: SUBSCRIPTION });
    expect(await third.errors()).toMatchObject([
      { message: expect.stringContaining('2 subscriptions'), extensions: { code: TOO_MANY, limit: 2 } },
    ]);
  });

  it('of subscriptions of one account, over all transports; one that ends makes room', async () => {
    const streams = [];
    for (let number = 0; number < 3; number++)
      streams.push(await eventStream(api.url, { query: SUBSCRIPTION }, { token: account.token }));
    expect(streams.map(({ response }) => response.status)).toEqual([200, 200, 200]);
    expect(await metric(api.url, 'graphql_subscriptions_open', 'transport="sse"')).toBe(3);
    const refused = await subscribe(api.url, account.token, SUBSCRIPTION);
    expect(await refused.errors()).toMatchObject([{ extensions: { code: TOO_MANY, limit: 3 } }]);
    refused.stop();
    const fourth = await eventStream(api.url, { query: SUBSCRIPTION }, { token: account.token });
    expect(fourth.response.status).toBe(429);
    await streams[0]?.response.body?.cancel();
    await until(async () => (await metric(api.url, 'graphql_subscriptions_open', 'transport="sse"')) === 2);
    const told = await subscribe(api.url, account.token, SUBSCRIPTION);
    await script('room');
    expect((await nextEvent(told)).name).toBe('room');
    told.stop();
    for (const { response } of streams.slice(1)) await response.body?.cancel();
    await until(async () => (await metric(api.url, 'graphql_subscriptions_open')) === 0);
  });

  it('of connections of one account', async () => {
    const told = [];
    for (let number = 0; number < 2; number++)
      told.push(await subscribe(api.url, account.token, SUBSCRIPTION));
    const third = webSocketClient(api.url, { authorization: `Bearer ${account.token}` });
    await expect(subscribeWith(third, { query: SUBSCRIPTION }).next()).rejects.toMatchObject({
      code: 1013,
      reason: expect.stringContaining('2 connections'),
    });
  });

  it('of the reason why a connection ends, however long the name is that the client gave', async () => {
    const client = webSocketClient(
      api.url,
      { authorization: `Bearer ${account.token}` },
      { generateID: () => 'é'.repeat(100) },
    );
    const first = await begun(api.url, () => subscribeWith(client, { query: SUBSCRIPTION }));
    subscribeWith(client, { query: SUBSCRIPTION });
    await expect(first.next()).rejects.toMatchObject({
      code: 4409,
      reason: expect.stringMatching(/^Subscriber for é+$/),
    });
  });

  it('of the bytes of a message', async () => {
    const client = webSocketClient(api.url, { authorization: `Bearer ${account.token}` });
    const long = subscribeWith(client, { query: SUBSCRIPTION, variables: { after: 'x'.repeat(4_194_304) } });
    await expect(long.next()).rejects.toMatchObject({ code: 1009 });
  });
});

describe('the service stops', () => {
  it('also when a connection is to become a WebSocket just then', async () => {
    const { service: leaving, url } = await leavingService();
    const { port } = new URL(url);
    const opened = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
    await once(opened, 'open');
    const accepted = once(leaving.server, 'connection');
    const late = connect(Number(port), '127.0.0.1');
    late.resume().on('error', () => undefined);
    const lateClosed = once(late, 'close');
    const [atService] = (await accepted) as [Socket];
    late.write('GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n');
    await until(() => atService.bytesRead > 0);
    const closed = once(opened, 'close');
    const closing = leaving.close();
    expect((await closed)[0]).toBe(1001);
    late.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
    await Promise.all([closing, lateClosed]);
  });

  it('at once: WebSockets are told to go elsewhere, streams just end, and clients go on where they were', async () => {
    const { service: leaving, url } = await leavingService();
    const told = await subscribe(url, account.token, SUBSCRIPTION);
    const { events } = await eventStream(url, { query: SUBSCRIPTION }, { token: account.token });
    await script('before');
    const before = await nextEvent(told);
    expect((await events.next()).value).toMatchObject({ event: 'next', id: before.id });
    const closed = told.next();
    const ended = events.next();
    await Promise.all([
      leaving.close(),
      expect(closed).rejects.toMatchObject({ code: 1001 }),
      expect(ended).resolves.toEqual({ done: true, value: undefined }),
    ]);
    await script('meanwhile');
    const again = await subscribe(urls[0], account.token, SUBSCRIPTION, { after: before.id });
    expect((await nextEvent(again)).name).toBe('meanwhile');
  });
});
