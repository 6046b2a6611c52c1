import { hashToken } from '../../src/domain/access/token';
import { startApi, type TestApi } from '../kit/api';

describe('what a self-hoster needs on day one', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({
      MCI_GRAPH_CORS_ORIGINS: 'https://app.example.com',
      MCI_GRAPH_MAX_BODY_BYTES: '20000',
      MCI_GRAPH_INTROSPECTION: 'true',
    });
  });
  afterAll(() => api.close());

  test('/healthz and /readyz answer', async () => {
    const [health, ready] = await Promise.all([fetch(`${api.url}/healthz`), fetch(`${api.url}/readyz`)]);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
  });

  test('/metrics counts requests by route and operations by outcome', async () => {
    const account = await api.account();
    await account.query('{ viewer { roles } }');
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toMatch(
      /http_request_duration_seconds_count\{route="\/graphql",method="POST",status="200"\} \d+/,
    );
    expect(text).toMatch(/graphql_operations_total\{type="query",outcome="ok"\} \d+/);
    expect(text).toMatch(/database_connections\{state="total"\} \d+/);
    expect(text).toContain('process_cpu_seconds_total');
  });

  test('only listed origins may call from a browser', async () => {
    const preflight = (origin: string) =>
      fetch(`${api.url}/graphql`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
    const allowed = await preflight('https://app.example.com');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    const refused = await preflight('https://evil.example.com');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('every answer carries the id of its request; a well-formed given one is kept, another is not', async () => {
    const given = await fetch(`${api.url}/healthz`, { headers: { 'x-request-id': 'trace-1' } });
    expect(given.headers.get('x-request-id')).toBe('trace-1');
    const forged = await fetch(`${api.url}/healthz`, { headers: { 'x-request-id': 'a b{}' } });
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a request that is too large is refused with 413', async () => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ __typename } #${'x'.repeat(20_000)}` }),
    });
    expect(response.status).toBe(413);
  });

  test('a plain GET stays blocked (cross-site requests)', async () => {
    const response = await fetch(`${api.url}/graphql?query=%7B__typename%7D`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('CSRF');
  });

  test('a mistyped query says where and what is meant', async () => {
    const { token } = await api.account();
    const answer = await api.request(token, '{ serverTemplate { name } }');
    expect(answer.errors?.[0]?.message).toContain(
      'Field "serverTemplate" argument "id" of type "ID!" is required, but it was not provided.',
    );
    expect(answer.status).toBe(400);
  });

  test.each([
    [
      'a variable',
      'query ($uid: String!) { cloudImage(cloudType: "a", region: "b", resourceUid: $uid) { id } }',
      { uid: 'a\0b' },
    ],
    [
      'half a surrogate pair',
      'query ($uid: String!) { cloudImage(cloudType: "a", region: "b", resourceUid: $uid) { id } }',
      { uid: '\ud800' },
    ],
    ['a literal', '{ cloudImages(filter: { search: "a\\u0000b" }) { totalCount } }', {}],
  ])('text that the database cannot hold is the client’s mistake: %s', async (_where, query, variables) => {
    const { token } = await api.account();
    const answer = await api.request(token, query, variables);
    expect(answer.status).toBe(400);
    expect(answer.errors?.map((error) => error.extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors?.[0]?.message).toContain(
      'holds a NUL character or half a surrogate pair: remove it.',
    );
  });

  test('a fault is masked, without a stack; another request still works', async () => {
    const { token } = await api.account();
    await api.dataSource.query('ALTER TABLE clouds RENAME TO clouds_away');
    try {
      const answer = await api.request(token, '{ clouds { totalCount } }');
      expect(answer.errors).toEqual([
        {
          message:
            'Something went wrong on our side. The log has the details, under the id of this request (header `x-request-id`).',
          locations: [{ line: 1, column: 3 }],
          path: ['clouds'],
          extensions: { code: 'INTERNAL_SERVER_ERROR' },
        },
      ]);
    } finally {
      await api.dataSource.query('ALTER TABLE clouds_away RENAME TO clouds');
    }
    expect((await api.request(token, '{ clouds { totalCount } }')).data).toEqual({
      clouds: { totalCount: 0 },
    });
  });
});

test('a fault before any field, such as a look-up of the token, is masked, too', async () => {
  const api = await startApi();
  try {
    const { token } = await api.account();
    await api.dataSource.query('ALTER TABLE access_tokens RENAME TO access_tokens_away');
    const answer = await api.request(token, '{ viewer { roles } }');
    expect(answer.status).toBe(500);
    expect(answer.errors?.map(({ message, extensions }) => [message, extensions])).toEqual([
      [expect.stringMatching(/^Something went wrong on our side\./), { code: 'INTERNAL_SERVER_ERROR' }],
    ]);
  } finally {
    await api.close();
  }
});

describe('the log of a failed statement has its error and the id of its request, not the values of its parameters', () => {
  const secret = 'pass phrase 4711';
  let api: TestApi;
  let log: string;
  beforeEach(async () => {
    log = '';
    const logTo = { write: (line: string) => void (log += line) };
    api = await startApi({ MCI_GRAPH_LOG_LEVEL: 'info' }, undefined, logTo);
  });
  afterEach(() => api.close());

  const logged = (requestId: string) =>
    log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
      .filter(({ reqId, err }) => reqId === requestId && err !== undefined);

  test('of a query', async () => {
    const { token } = await api.account();
    await api.dataSource.query('ALTER TABLE cloud_images RENAME TO cloud_images_away');
    const query = 'query ($name: String!) { cloudImages(filter: { name: $name }) { totalCount } }';
    const answer = await api.request(token, query, { name: secret }, { 'x-request-id': 'a-query' });
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(logged('a-query')).toMatchObject([
      {
        msg: 'a field could not be resolved',
        err: { type: 'QueryFailedError', message: 'relation "cloud_images" does not exist', code: '42P01' },
      },
    ]);
    expect(log).not.toContain(secret);
  });

  test('of a mutation, whose row the database shows with its refusal', async () => {
    const { token } = await api.account();
    await api.dataSource.query(`ALTER TABLE right_scripts ADD CONSTRAINT never CHECK (source = '')`);
    const mutation = `mutation ($source: String!) {
      createRightScript(input: { name: "deploy", source: $source }) { userErrors { message } } }`;
    const headers = { 'x-request-id': 'a-mutation' };
    const answer = await api.request(token, mutation, { source: secret }, headers);
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL_SERVER_ERROR']);
    const [line, ...others] = logged('a-mutation');
    expect(others).toEqual([]);
    expect(line.err).toMatchObject({ type: 'QueryFailedError', code: '23514' });
    expect(line.err.message).toContain('violates check constraint "never"');
    expect(line.err.query).toContain('INSERT INTO "right_scripts"');
    expect(log).not.toContain(secret);
  });

  test('of the look-up of a token, also by its hash', async () => {
    const { token } = await api.account();
    await api.dataSource.query('ALTER TABLE access_tokens RENAME TO access_tokens_away');
    const headers = { 'x-request-id': 'a-token' };
    expect((await api.request(token, '{ viewer { roles } }', {}, headers)).status).toBe(500);
    expect(logged('a-token')).toMatchObject([
      {
        msg: 'a request could not be authenticated',
        err: { message: 'relation "access_tokens" does not exist' },
      },
    ]);
    for (const value of [token, hashToken(token).toString('hex'), JSON.stringify(hashToken(token))])
      expect(log).not.toContain(value);
  });
});

test('introspection is a setting', async () => {
  const api = await startApi({ MCI_GRAPH_INTROSPECTION: 'false' });
  try {
    const answer = await api.request(null, '{ __schema { queryType { name } } }');
    expect(answer.errors?.[0]?.message).toContain('introspection is not allowed');
  } finally {
    await api.close();
  }
});

test('closing answers what is under way, and ends its connection', async () => {
  const api = await startApi();
  const account = await api.account();
  const { createRightScript } = await account.query(
    'mutation { createRightScript(input: { name: "s", source: "x" }) { rightScript { id } } }',
  );
  const source = `mutation ($id: ID!) { updateRightScript(input: { id: $id, expectedVersion: 1, name: "t" }) {
    rightScript { name } } }`;
  const [answer, closed] = await api.dataSource.transaction(async (manager) => {
    // Whoever edits it now waits for this transaction.
    await manager.query('SELECT FROM right_scripts FOR UPDATE');
    const request = fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${account.token}` },
      body: JSON.stringify({ query: source, variables: { id: createRightScript.rightScript.id } }),
    });
    for (let waiting = 0; waiting === 0;)
      [{ waiting }] = await api.dataSource.query(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
    return [request, api.app.close()];
  });
  const response = await answer;
  expect(response.headers.get('connection')).toBe('close');
  expect(await response.json()).toEqual({ data: { updateRightScript: { rightScript: { name: 't' } } } });
  await closed;
  await api.close();
});
