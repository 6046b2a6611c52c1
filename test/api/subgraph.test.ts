import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { printSubgraphSchema } from '@apollo/subgraph';
import WebSocket from 'ws';
import { readConfig } from '../../src/config';
import { createSchema } from '../../src/schema';
import { startApi, type TestAccount, type TestApi } from '../kit/api';

const SECRET = 'correct-horse-battery-staple';
const QUESTION = '{ viewer { account { name } } }';

describe('with a router secret and inline traces (MCI_GRAPH_ROUTER_SECRET, MCI_GRAPH_INLINE_TRACE)', () => {
  let api: TestApi;
  let account: TestAccount;
  beforeAll(async () => {
    api = await startApi({
      MCI_GRAPH_ROUTER_SECRET: SECRET,
      MCI_GRAPH_INLINE_TRACE: 'true',
      MCI_GRAPH_CORS_ORIGINS: 'https://app.example.com',
    });
    account = await api.account();
  });
  afterAll(() => api.close());

  test('who shows it is answered, as who they are', async () => {
    const answer = await api.request(account.token, QUESTION, {}, { 'router-authorization': SECRET });
    expect([answer.status, answer.data]).toEqual([200, { viewer: { account: { name: account.name } } }]);
    const nobody = await api.request(null, QUESTION, {}, { 'router-authorization': SECRET });
    expect(nobody.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(nobody.errors?.[0]?.message).not.toContain('MCI_GRAPH_ROUTER_SECRET');
  });

  test.each([
    ['nobody who shows none', {}],
    ['nor a part of it', { 'router-authorization': SECRET.slice(0, -1) }],
    ['nor more than it', { 'router-authorization': `${SECRET}x` }],
    ['nor another', { 'router-authorization': SECRET.replace('c', 'C') }],
    ['nor it twice', { 'router-authorization': `${SECRET}, ${SECRET}` }],
    ['nor it elsewhere', { 'x-router-secret': SECRET }],
  ])('%s', async (_who, headers: Record<string, string>) => {
    const refused = await api.request(account.token, QUESTION, {}, headers);
    expect(refused).toEqual({
      status: 401,
      errors: [
        {
          message:
            'This subgraph answers only its router: send the secret (MCI_GRAPH_ROUTER_SECRET) in the header `router-authorization`.',
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    });
  });

  test('neither by GET, nor for a stream of events, nor for a WebSocket; what is not the graph is answered', async () => {
    const got = await fetch(`${api.url}/graphql?query={__typename}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(got.status).toBe(401);
    const stream = await fetch(`${api.url}/graphql/stream?query=subscription{__typename}`);
    expect(stream.status).toBe(401);
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(401);
    // The service ends the connection: nothing is left that it would wait for when it stops.
    response.resume();
    await once(response, 'close');
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
    const preflight = await fetch(`${api.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });

  test('a trace comes when it is asked for', async () => {
    const headers = { 'router-authorization': SECRET };
    const plain = await extensionsOf(api, account, headers);
    expect(plain).toBeUndefined();
    const traced = await extensionsOf(api, account, {
      ...headers,
      'apollo-federation-include-trace': 'ftv1',
    });
    // A protocol buffer, as base64.
    expect(traced).toEqual({ ftv1: expect.stringMatching(/^[\w+/]{20,}=*$/) });
  });
});

test('by default no trace comes, even when it is asked for', async () => {
  const api = await startApi();
  try {
    const account = await api.account();
    const asked = { 'apollo-federation-include-trace': 'ftv1' };
    expect(await extensionsOf(api, account, asked)).toBeUndefined();
  } finally {
    await api.close();
  }
});

async function extensionsOf(
  api: TestApi,
  account: TestAccount,
  headers: Record<string, string>,
): Promise<unknown> {
  const answer = await api.request(account.token, QUESTION, {}, headers);
  expect(answer.data).toEqual({ viewer: { account: { name: account.name } } });
  return 'extensions' in answer ? answer.extensions : undefined;
}

describe('settings', () => {
  test('a router secret that can be guessed, or that no header can carry, is refused without being told', () => {
    for (const wrong of ['short', 'has spaces in it, so no', 'ümläut-ümläut-ümläut'])
      expect(() => readConfig({ MCI_GRAPH_ROUTER_SECRET: wrong })).toThrow(
        new Error('MCI_GRAPH_ROUTER_SECRET must be 16 to 1,024 visible ASCII characters without spaces'),
      );
  });

  test('with a router secret there is no explorer page unless it is asked for', () => {
    const secret = { MCI_GRAPH_ROUTER_SECRET: SECRET };
    expect(readConfig({}).explorer).toBe(true);
    expect(readConfig(secret).explorer).toBe(false);
    expect(readConfig({ ...secret, MCI_GRAPH_EXPLORER: 'true' }).explorer).toBe(true);
  });

  test('the subgraph links to the version of the federation specification that is configured', async () => {
    const { federationVersion } = readConfig({ MCI_GRAPH_FEDERATION_VERSION: 'v2.9' });
    expect(printSubgraphSchema(await createSchema(federationVersion))).toContain('federation/v2.9"');
    expect(printSubgraphSchema(await createSchema())).toContain('federation/v2.14"');
    expect(() => readConfig({ MCI_GRAPH_FEDERATION_VERSION: 'v2.8' })).toThrow(
      'MCI_GRAPH_FEDERATION_VERSION is "v2.8": must be one of v2.9, v2.10, v2.11, v2.12, v2.13, v2.14',
    );
  });
});
