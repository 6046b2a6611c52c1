import { request } from 'node:http';
import WebSocket from 'ws';
import { startApi, type TestAccount, type TestApi } from '../kit/api';
import { done } from '../kit/components';
import { statementsDuring } from '../kit/statements';
import { endsWithTest } from '../kit/opened';
import { begun, endSubscriptions, newestEvent, subscribe } from '../kit/subscriber';

/** Of each event a quarter of a megabyte, of which the system keeps some on the way. */
const QUERY =
  'subscription($after: ID) { componentChanged(after: $after) { id component { a: description b: description c: description d: description } } }';
const COUNT = 100;

let api: TestApi;
let account: TestAccount;
beforeAll(async () => {
  api = await startApi({ MCI_GRAPH_WEBHOOKS: 'false' });
});
afterAll(() => api.close());
afterEach(() => endSubscriptions(api.url));

interface SlowSubscriber {
  /** Begins to read. @returns the ids of the first `count` events */
  read(count: number): Promise<string[]>;
}

const IDS = /"componentChanged":\{"id":"(\w+)"/g;

/** Takes nothing until it is told to. */
async function byWebSocket(payload: object): Promise<SlowSubscriber> {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  endsWithTest(() => socket.terminate());
  const next = () => new Promise<void>((resolve) => socket.once('message', () => resolve()));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(
    JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${account.token}` } }),
  );
  await next();
  await begun(api.url, () => {
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    socket.pause();
  });
  return {
    read: (count) =>
      new Promise((resolve) => {
        const ids: string[] = [];
        socket.on('message', (data: Buffer) => {
          ids.push(...[...data.toString().matchAll(IDS)].map((match) => match[1] ?? ''));
          if (ids.length === count) resolve(ids);
        });
        socket.resume();
      }),
  };
}

async function byEventStream(payload: object): Promise<SlowSubscriber> {
  const asked = request(`${api.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${account.token}`,
    },
  });
  endsWithTest(() => asked.destroy());
  const response = await begun(api.url, () => {
    asked.end(JSON.stringify(payload));
    return { arrived: new Promise<NodeJS.ReadableStream>((resolve) => asked.once('response', resolve)) };
  });
  const stream = await response.arrived;
  return {
    read: async (count) => {
      const ids: string[] = [];
      let text = '';
      for await (const piece of stream) {
        text += String(piece);
        const events = text.split('\n\n');
        text = events.pop() ?? '';
        for (const event of events) ids.push(...[...event.matchAll(IDS)].map((match) => match[1] ?? ''));
        if (ids.length === count) break;
      }
      return ids;
    },
  };
}

it.each([
  ['a WebSocket', byWebSocket],
  ['an event stream', byEventStream],
])('who reads %s slowly makes nothing pile up, and gets everything in the end', async (_which, begin) => {
  account = await api.account();
  const script = await done(account, 'createRightScript', {
    name: 'long',
    source: 'echo',
    description: 'x'.repeat(65_536),
  });
  const variables = { after: await newestEvent(api.dataSource) };
  const slow = await begin({ query: QUERY, variables });
  const quick = await subscribe(api.url, account.token, QUERY, variables);
  const ids: string[] = [];
  const statements = await statementsDuring(async () => {
    await api.dataSource.query(
      `INSERT INTO events (transaction, at, kind, change, account_id, subject_id, component_type, lineage_id)
       SELECT pg_current_xact_id()::text::bigint, now(), 'COMPONENT', 'COMMITTED', $1, $2, 'RightScript', $2
         FROM generate_series(1, $3)`,
      [account.key, script.id.slice(4), COUNT],
    );
    while (ids.length < COUNT) ids.push((await quick.next()).componentChanged.id);
  });
  // Each answer begins with the token: some went to the quick one, and as many to the slow one as are on their way.
  const toSlow = statements.filter((text) => text.includes('access_tokens')).length - COUNT;
  expect(toSlow).toBeLessThan(COUNT * 0.75);
  expect(await slow.read(COUNT)).toEqual(ids);
});
