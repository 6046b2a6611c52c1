import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-sse';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { done } from '../kit/components';
import { eventStream, openStream } from '../kit/event-stream';
import {
  begun,
  endSubscriptions,
  holdTokens,
  metric,
  subscribeWith,
  subscriptionsAsked,
  until,
  webSocketClient,
} from '../kit/subscriber';

const SUBSCRIPTION = 'subscription($after: ID) { componentChanged(after: $after) { id component { name } } }';

let api: TestApi;
let account: TestAccount;
const logged: string[] = [];
const script = (name: string): Promise<Data> => done(account, 'createRightScript', { name, source: 'echo' });

afterEach(() => endSubscriptions(api.url));

/** The service's end of a connection; others may come at the same time, such as those that `fetch` opens to spare. */
const acceptedFrom = (client: Socket): Promise<Socket> =>
  new Promise((resolve) => {
    const { server } = api.app;
    server.on('connection', function take(socket: Socket) {
      if (socket.remotePort !== client.localPort) return;
      server.off('connection', take);
      resolve(socket);
    });
  });

const told = ({ value }: { value?: Data }): [id: string, name: string] => [
  value.id,
  value.data.data.componentChanged.component.name,
];

async function close(): Promise<void> {
  // Those too that `fetch` opened to spare, and never used: they are not idle to Node.
  api.app.server.closeAllConnections();
  await api.close();
}

describe('subscriptions as server-sent events', () => {
  beforeAll(async () => {
    api = await startApi({ MCI_GRAPH_RECHECK_SECONDS: '1', MCI_GRAPH_LOG_LEVEL: 'error' }, undefined, {
      write: (line) => logged.push(line),
    });
  });
  afterAll(close);
  beforeEach(async () => {
    account = await api.account();
  });

  it('with POST: each event with its id; at the end of the token the errors, then `complete`', async () => {
    const { response, events } = await eventStream(
      api.url,
      { query: SUBSCRIPTION },
      { token: account.token, headers: { origin: 'https://app.example.com' } },
    );
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-request-id': expect.any(String),
    });
    await script('one');
    const { value } = await events.next();
    const id: string = value?.data.data.componentChanged.id;
    expect(value).toEqual({
      event: 'next',
      id,
      data: { data: { componentChanged: { id, component: { name: 'one' } } } },
    });
    await api.dataSource.query('UPDATE access_tokens SET revoked_at = now() WHERE account_id = $1', [
      account.key,
    ]);
    expect((await events.next()).value).toEqual({
      event: 'next',
      data: {
        errors: [
          expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED', reason: expect.any(String) } }),
        ],
      },
    });
    expect((await events.next()).value).toEqual({ event: 'complete' });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('with GET, as browsers do: `Last-Event-ID` goes on where the connection broke, whatever `after` said', async () => {
    const open = async (headers: Record<string, string>, variables: object) => {
      const address = `${api.url}/graphql/stream?${new URLSearchParams({
        query: SUBSCRIPTION,
        variables: JSON.stringify(variables),
      }).toString()}`;
      const { response, events } = await openStream(address, {
        headers: { accept: 'text/event-stream', authorization: `Bearer ${account.token}`, ...headers },
      });
      expect(response.status).toBe(200);
      return events;
    };
    const first = await open({}, {});
    for (const name of ['one', 'two', 'three']) await script(name);
    const [one] = told(await first.next());
    const [two, name] = told(await first.next());
    expect(name).toBe('two');
    await first.return(undefined);
    for (const [headers, variables, next] of [
      [{ 'last-event-id': two }, {}, 'three'],
      [{ 'last-event-id': two }, { after: one }, 'three'],
      [{}, { after: one }, 'two'],
      [{ 'last-event-id': '' }, { after: one }, 'two'],
    ] as const) {
      const again = await open(headers, variables);
      expect(told(await again.next())[1]).toBe(next);
      await again.return(undefined);
    }
  });

  it('says at the beginning where to go on: what happens before the first event is not missed either', async () => {
    const begin = (headers: Record<string, string>) =>
      eventStream(api.url, { query: SUBSCRIPTION }, { token: account.token, headers });
    const earlier = await begin({});
    await script('before');
    // The service begins with what it has told of: what was just committed can be told of yet.
    expect(told(await earlier.events.next())[1]).toBe('before');
    const { response } = await begin({});
    let first = '';
    for await (const piece of (response.body as ReadableStream<Uint8Array>).pipeThrough(
      new TextDecoderStream(),
    )) {
      first += piece;
      // Leaving the loop closes the connection.
      if (first.includes('\n\n')) break;
    }
    expect(first).toMatch(/^id: evt_\w+\n\n$/);
    await script('meanwhile');
    const { events } = await begin({ 'last-event-id': first.slice(4).trim() });
    expect(told(await events.next())[1]).toBe('meanwhile');
  });

  it('a client that leaves while its subscription begins leaves nothing behind', async () => {
    const { port } = new URL(api.url);
    const body = JSON.stringify({ query: SUBSCRIPTION });
    const [before, known] = [await subscriptionsAsked(api.url), logged.length];
    const tokens = await holdTokens(api.dataSource);
    try {
      const client = connect(Number(port), '127.0.0.1');
      const atService = await acceptedFrom(client);
      client.write(
        `POST /graphql/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${account.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      await tokens.awaited(1);
      const left = once(atService, 'close');
      client.destroy();
      await left;
    } finally {
      await tokens.release();
    }
    await until(
      async () =>
        (await subscriptionsAsked(api.url)) > before &&
        (await metric(api.url, 'graphql_subscriptions_open')) === 0,
    );
    expect(logged.slice(known)).toEqual([]);
  });

  it('after a fault it ends without `complete`, so that clients come back; the log has it once', async () => {
    const { events } = await eventStream(api.url, { query: SUBSCRIPTION }, { token: account.token });
    const known = logged.length;
    await api.dataSource.query('ALTER TABLE right_scripts RENAME TO right_scripts_away');
    try {
      await api.dataSource.query(
        `INSERT INTO events (transaction, at, kind, change, account_id, subject_id, component_type, lineage_id)
         VALUES (pg_current_xact_id()::text::bigint, now(), 'COMPONENT', 'CREATED', $1, $1, 'RightScript', $1)`,
        [account.key],
      );
      expect(await events.next()).toEqual({ done: true, value: undefined });
    } finally {
      await api.dataSource.query('ALTER TABLE right_scripts_away RENAME TO right_scripts');
    }
    expect(logged.slice(known)).toEqual([expect.stringContaining('right_scripts')]);
  });

  it("graphql-sse's client is served", async () => {
    const client = createClient({
      url: `${api.url}/graphql/stream`,
      headers: { authorization: `Bearer ${account.token}` },
      retryAttempts: 0,
    });
    const { next } = await begun(api.url, () => ({ next: client.iterate({ query: SUBSCRIPTION }).next() }));
    await script('one');
    expect((await next).value).toMatchObject({ data: { componentChanged: { component: { name: 'one' } } } });
    client.dispose();
  });

  const refusals: [
    string,
    number,
    string,
    string,
    RequestInit & { token?: string | null; search?: string },
  ][] = [
    ['no token', 401, 'UNAUTHENTICATED', 'Send a token', { token: null }],
    ['an unknown token', 401, 'UNAUTHENTICATED', 'token', { token: `mci_${'x'.repeat(43)}` }],
    ['no operation', 400, 'BAD_REQUEST', 'carries no operation', { body: '{}' }],
    ['no object', 400, 'BAD_REQUEST', 'must be an object', { body: '[]' }],
    ['no JSON', 400, 'BAD_REQUEST', 'JSON', { body: '{' }],
    [
      'variables that are none',
      400,
      'BAD_REQUEST',
      '`variables`',
      { body: '{"query": "{ a }", "variables": 1}' },
    ],
    [
      'a name that is none',
      400,
      'BAD_REQUEST',
      '`operationName`',
      { body: '{"query": "{ a }", "operationName": 1}' },
    ],
    ['a query', 400, 'BAD_REQUEST', 'send the query', { body: '{"query": "{ viewer { roles } }"}' }],
    [
      'a mutation with GET',
      400,
      'BAD_REQUEST',
      'send the mutation',
      { method: 'GET', search: '?query=mutation{revokeToken(input:{id:"x"}){userErrors{code}}}' },
    ],
    [
      'variables that are no JSON',
      400,
      'BAD_REQUEST',
      '`variables` is no JSON',
      { method: 'GET', search: '?query={a}&variables={' },
    ],
    [
      'an id of no event',
      400,
      'BAD_USER_INPUT',
      'is not the id of an event',
      { headers: { 'last-event-id': 'x' } },
    ],
    ['another type', 400, 'BAD_REQUEST', 'accept: text/event-stream', { headers: { accept: 'text/html' } }],
  ];
  it.each(refusals)(
    '%s: status %i, %s',
    async (_case, status, code, message, { search = '', ...request }) => {
      const { token = account.token, headers, ...init } = request;
      const get = init.method === 'GET';
      const response = await fetch(`${api.url}/graphql/stream${search}`, {
        method: 'POST',
        ...init,
        ...(!get && init.body === undefined && { body: JSON.stringify({ query: SUBSCRIPTION }) }),
        headers: {
          accept: 'text/event-stream',
          ...(!get && { 'content-type': 'application/json' }),
          ...(token !== null && { authorization: `Bearer ${token}` }),
          ...headers,
        },
      });
      expect([response.status, await response.json()]).toEqual([
        status,
        {
          errors: [
            expect.objectContaining({
              message: expect.stringContaining(message),
              extensions: expect.objectContaining({ code }),
            }),
          ],
        },
      ]);
    },
  );
});

describe('where only listed operations are answered', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'operations-'));
    await writeFile(join(folder, 'list.json'), JSON.stringify({ scripts: SUBSCRIPTION }));
    api = await startApi({
      MCI_GRAPH_OPERATIONS: join(folder, 'list.json'),
      MCI_GRAPH_ROUTER_SECRET: 'x'.repeat(32),
    });
    account = await api.account();
  });
  afterAll(async () => {
    await close();
    await rm(folder, { recursive: true });
  });

  it('a subscription begins by its very text or its hash only, and to the router only', async () => {
    const headers = { 'router-authorization': 'x'.repeat(32) };
    const status = async (request: object, sent: Record<string, string>) => {
      const { response } = await eventStream(api.url, request as { query: string }, {
        token: account.token,
        headers: sent,
      });
      const { errors } = response.status === 200 ? { errors: [] } : ((await response.json()) as Data);
      if (response.status === 200) await response.body?.cancel();
      return [response.status, ...errors.map(({ extensions }: Data) => extensions.code)];
    };
    const sha256Hash = createHash('sha256').update(SUBSCRIPTION).digest('hex');
    expect(await status({ query: SUBSCRIPTION }, headers)).toEqual([200]);
    expect(await status({ extensions: { persistedQuery: { version: 1, sha256Hash } } }, headers)).toEqual([
      200,
    ]);
    expect(await status({ query: `${SUBSCRIPTION} ` }, headers)).toEqual([400, 'QUERY_NOT_IN_SAFELIST']);
    expect(await status({ query: SUBSCRIPTION }, {})).toEqual([401, 'UNAUTHENTICATED']);
    const refused = subscribeWith(webSocketClient(api.url, { authorization: `Bearer ${account.token}` }), {
      query: SUBSCRIPTION,
    });
    await expect(refused.next()).rejects.toMatchObject({ message: expect.stringContaining('401') });
  });
});
