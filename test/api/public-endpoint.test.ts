import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphQLError } from 'graphql';
import { createApp } from '../../src/app';
import { readConfig } from '../../src/config';
import { formatErrors } from '../../src/http/format-error';
import { PersistedQueryStore } from '../../src/http/persisted-queries';
import { createSchema } from '../../src/schema';
import { startApi, type Answer, type TestAccount, type TestApi } from '../kit/api';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const codes = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);
const messages = ({ errors }: Answer) => errors?.map(({ message }) => message);

/** What is sent and answered, as it is. */
async function post<T = Answer>(api: TestApi, token: string | null, body: unknown): Promise<T> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  return (Array.isArray(answer) ? answer : { status: response.status, ...(answer as object) }) as T;
}

async function get(api: TestApi, token: string, search: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${api.url}/graphql?${new URLSearchParams(search).toString()}`, {
    headers: {
      accept: 'application/graphql-response+json',
      'apollo-require-preflight': 'true',
      authorization: `Bearer ${token}`,
    },
  });
  return { status: response.status, ...((await response.json()) as object) } as Answer;
}

describe('with the defaults', () => {
  let api: TestApi;
  let account: TestAccount;
  const log: string[] = [];
  beforeAll(async () => {
    api = await startApi({ MCI_GRAPH_LOG_LEVEL: 'warn' }, undefined, { write: (line) => log.push(line) });
    account = await api.account();
  });
  afterAll(() => api.close());

  test('a batch is refused, with the cure', async () => {
    const answer = await post(api, account.token, [{ query: '{ __typename }' }, { query: '{ __typename }' }]);
    expect([answer.status, codes(answer), messages(answer)]).toEqual([
      400,
      ['BAD_REQUEST'],
      ['An array of operations (a batch) is not accepted here: send each operation in a request of its own.'],
    ]);
  });

  test.each([
    ['a field', '{ viewr { roles } }', {}, 'Cannot query field "viewr" on type "Query".'],
    [
      'an argument',
      '{ clouds(frist: 1) { totalCount } }',
      {},
      'Unknown argument "frist" on field "Query.clouds".',
    ],
    [
      'a value of a variable',
      'query ($filter: InstanceFilter) { instances(filter: $filter) { totalCount } }',
      { filter: { states: ['OPERATIONALL'] } },
      'Variable "$filter" got invalid value "OPERATIONALL" at "filter.states[0]"; Value "OPERATIONALL" does not exist in "InstanceState" enum.',
    ],
  ])('no names of the schema are suggested: %s', async (_what, query, variables, message) => {
    const answer = await api.request(account.token, query, variables);
    expect([answer.status, messages(answer)]).toEqual([400, [message]]);
  });

  test('what is echoed is cut, however long it is and whatever it looks like', async () => {
    const given = 'Did you mean '.repeat(80_000);
    const answer = await api.request(
      account.token,
      'query ($filter: InstanceFilter) { instances(filter: $filter) { totalCount } }',
      { filter: { states: [given] } },
    );
    const start = `Variable "$filter" got invalid value "${given}`.slice(0, 2000);
    expect([answer.status, messages(answer)]).toEqual([400, [`${start}…`]]);
  });

  test('there is no landing page, and no stack trace in any error', async () => {
    const page = await fetch(`${api.url}/graphql`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([400, expect.stringContaining('json')]);
    const unknown = await api.request(account.token, '{ node(id: "x") { id } nothing }');
    expect(unknown.errors?.map(({ extensions }) => Object.keys(extensions))).toEqual([['code']]);
    const broken = await post<Answer>(api, account.token, '{"query": "{');
    expect([broken.status, JSON.stringify(broken)]).toEqual([
      400,
      expect.not.stringMatching(/stack|\.ts:|\.js:/),
    ]);
  });

  test.each<[string, number, string, string | undefined, Record<string, unknown>, string]>([
    [
      'that is too large',
      413,
      JSON.stringify({ query: `{ __typename } # ${'x'.repeat(4_194_304)}` }),
      'application/json',
      { code: 'MAX_BODY_BYTES_LIMIT', limit: 4_194_304 },
      'has more than 4194304 bytes',
    ],
    ['of no JSON', 400, '{"query": "{', 'application/json', { code: 'BAD_REQUEST' }, 'not valid JSON'],
    ['that is empty', 400, '', 'application/json', { code: 'BAD_REQUEST' }, 'is empty: send'],
    ['of another type', 415, '<a/>', 'application/xml', { code: 'BAD_REQUEST' }, 'must be JSON'],
    ['of text', 400, '{ __typename }', 'text/plain', { code: 'BAD_REQUEST' }, 'CSRF'],
  ])('a body %s is refused', async (_what, status, body, type, extensions, message) => {
    const headers = { authorization: `Bearer ${account.token}`, ...(type && { 'content-type': type }) };
    const response = await fetch(`${api.url}/graphql`, { method: 'POST', headers, body });
    const { errors } = (await response.json()) as Answer;
    expect([response.status, errors]).toEqual([
      status,
      [{ message: expect.stringContaining(message), extensions }],
    ]);
  });

  describe('automatic persisted queries', () => {
    const query = 'query Mine { viewer { account { name } } }';

    test('the first time with its text, then by its hash, by POST and GET', async () => {
      const named = persisted(sha256(query));
      expect(codes(await post(api, account.token, named))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
      const answer = { data: { viewer: { account: { name: account.name } } } };
      expect(await post(api, account.token, { query, ...named })).toMatchObject(answer);
      expect(await post(api, account.token, named)).toMatchObject(answer);
      const extensions = JSON.stringify(named.extensions);
      expect(await get(api, account.token, { extensions })).toMatchObject(answer);
    });

    test('authorization applies to what is named by its hash as well', async () => {
      const two = 'query Two { viewer { roles } }';
      expect(
        (await post(api, account.token, { query: two, ...persisted(sha256(two)) })).errors,
      ).toBeUndefined();
      expect(codes(await post(api, null, persisted(sha256(two))))).toEqual(['UNAUTHENTICATED']);
    });

    test('a hash that is not the query’s is refused, with the right one', async () => {
      const answer = await post(api, account.token, { query, ...persisted(sha256('other')) });
      expect([answer.status, codes(answer)]).toEqual([400, ['BAD_REQUEST']]);
      expect(messages(answer)).toEqual([expect.stringContaining(sha256(query))]);
    });

    test.each([
      ['a hash that is none', { version: 1, sha256Hash: 'x' }],
      ['a hash that is no text', { version: 1, sha256Hash: { toString: 1, valueOf: 1 } }],
      ['another version', { version: 2, sha256Hash: sha256(query) }],
      ['no hash', { version: 1 }],
      ['no object', true],
    ])('%s is refused', async (_what, persistedQuery) => {
      const answer = await post(api, account.token, { extensions: { persistedQuery } });
      expect([answer.status, codes(answer)]).toEqual([400, ['BAD_REQUEST']]);
      expect(messages(answer)).toEqual([expect.stringContaining('`extensions.persistedQuery` must be')]);
    });
  });

  test('nothing of this was a fault', () => expect(log).toEqual([]));
});

describe('messages of errors', () => {
  const told = (message: string, suggestions = false) =>
    formatErrors({ suggestions })({ message }, new GraphQLError(message)).message;

  test('of what looks like suggestions, only the one at the end goes', () => {
    const echoed = 'Unknown "Did you mean that? Did you mean this".';
    expect(told(`${echoed} Did you mean "viewer"?`)).toBe(echoed);
    expect(told(echoed)).toBe(echoed);
    expect(told(`${echoed} Did you mean "viewer"?`, true)).toBe(`${echoed} Did you mean "viewer"?`);
  });

  test('they have 2,000 characters, and nothing of a suggestion beside', () => {
    const whole = 'x'.repeat(2000);
    expect(told(whole)).toBe(whole);
    expect(told(`${whole}y`)).toBe(`${whole}…`);
    expect(told(`${whole.slice(20)} Did you mean "viewer"?`)).toBe(whole.slice(20));
    expect(told(`${whole.slice(1)}😀`)).toBe(`${whole.slice(1)}\ufffd…`);
  });
});

describe('the store of persisted queries', () => {
  /** Keys have 1 byte, texts so many more that each entry has `bytes`. */
  const text = (bytes: number) => 'x'.repeat(bytes - 1);

  test('holds so many bytes; what was not asked for longest goes first', async () => {
    const store = new PersistedQueryStore({ bytes: 30, seconds: 60 });
    for (const key of ['a', 'b', 'c']) await store.set(key, text(10));
    expect(await store.get('a')).toBe(text(10));
    await store.set('d', text(10));
    const kept = async () =>
      Promise.all(['a', 'b', 'c', 'd', 'e'].map(async (key) => (await store.get(key))?.length));
    expect(await kept()).toEqual([9, undefined, 9, 9, undefined]);
    await store.set('e', text(25));
    expect(await kept()).toEqual([undefined, undefined, undefined, undefined, 24]);
    await store.set('e', text(10));
    await store.set('a', text(20));
    expect(await kept()).toEqual([19, undefined, undefined, undefined, 9]);
    await store.set('b', text(31));
    expect(await kept()).toEqual([19, undefined, undefined, undefined, 9]);
  });

  test('what an operation of a batch runs does not change after it was measured', async () => {
    let now = 0;
    const store = new PersistedQueryStore({ bytes: 1000, seconds: 60 }, () => now);
    const hash = sha256('{ a }');
    const operation = () => ({ variables: { x: 1 }, extensions: { more: 1, ...persisted(hash).extensions } });
    const early: ReturnType<typeof operation> & { query?: unknown } = operation();
    expect(await store.settle(early)).toBeUndefined();
    await store.set(`apq:${hash}`, '{ a }');
    // Apollo looks for it, and finds nothing, although it is known by now.
    expect(early.query).toBeUndefined();
    expect(early.extensions.persistedQuery).toMatchObject({ version: 1 });
    expect(await store.get(`apq:${early.extensions.persistedQuery.sha256Hash as string}`)).toBeUndefined();
    const late = operation();
    expect(await store.settle(late)).toBe('{ a }');
    now = 60_000;
    expect(await store.get(`apq:${hash}`)).toBeUndefined();
    expect(late).toEqual({ query: '{ a }', variables: { x: 1 }, extensions: { more: 1 } });
    expect(await store.settle({ query: '{ b }' })).toBeUndefined();
  });

  test('counts bytes, not characters', async () => {
    const store = new PersistedQueryStore({ bytes: 10, seconds: 60 });
    await store.set('a', 'ü'.repeat(5));
    expect(await store.get('a')).toBeUndefined();
    await store.set('a', 'ü'.repeat(4));
    expect(await store.get('a')).toBe('üüüü');
  });

  test('forgets after the time, counted from when the text was sent', async () => {
    let now = 0;
    const store = new PersistedQueryStore({ bytes: 20, seconds: 60 }, () => now);
    await store.set('a', text(10));
    now = 59_999;
    expect(await store.get('a')).toBe(text(10));
    now = 60_000;
    expect(await store.get('a')).toBeUndefined();
    await store.set('b', text(20));
    expect(await store.get('b')).toBe(text(20));
  });
});

test('with suggestions, and without a store of persisted queries', async () => {
  const api = await startApi({ MCI_GRAPH_SUGGESTIONS: 'true', MCI_GRAPH_PERSISTED_QUERY_BYTES: '0' });
  try {
    expect(messages(await api.request(null, '{ viewr { roles } }'))).toEqual([
      'Cannot query field "viewr" on type "Query". Did you mean "viewer"?',
    ]);
    const query = '{ __typename }';
    for (const body of [persisted(sha256(query)), { query, ...persisted(sha256(query)) }])
      expect(codes(await post(api, null, body))).toEqual(['PERSISTED_QUERY_NOT_SUPPORTED']);
  } finally {
    await api.close();
  }
});

test('without introspection the schema is not told, nor suggested', async () => {
  const api = await startApi({ MCI_GRAPH_INTROSPECTION: 'false' });
  try {
    const { token } = await api.account();
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }'])
      expect(messages(await api.request(token, query))).toEqual([
        expect.stringContaining('introspection is not allowed'),
      ]);
    expect(messages(await api.request(token, '{ viewr { roles } }'))).toEqual([
      'Cannot query field "viewr" on type "Query".',
    ]);
  } finally {
    await api.close();
  }
});

describe('batches, where they are switched on', () => {
  let api: TestApi;
  let account: TestAccount;
  beforeAll(async () => {
    api = await startApi({
      MCI_GRAPH_BATCHING: 'true',
      MCI_GRAPH_MAX_BATCH: '3',
      MCI_GRAPH_MAX_TOKENS: '100',
      MCI_GRAPH_MAX_ALIASES: '4',
      MCI_GRAPH_MAX_ROOT_FIELDS: '5',
      MCI_GRAPH_MAX_DIRECTIVES: '2',
      MCI_GRAPH_MAX_COST: '100',
    });
    account = await api.account();
  });
  afterAll(() => api.close());
  const send = <T = Answer>(...batch: unknown[]) => post<T>(api, account.token, batch);

  test('each operation is answered in its place, and fails by itself', async () => {
    expect(
      await send(
        { query: '{ viewer { account { name } } }' },
        { query: '{ nothing }' },
        { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: account.id } },
      ),
    ).toEqual([
      { data: { viewer: { account: { name: account.name } } } },
      { errors: [expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })] },
      { data: { node: { id: account.id } } },
    ]);
  });

  const MAKE = (name: string) =>
    `mutation { createRightScript(input: { name: "${name}", source: "x" }) { userErrors { message } } }`;
  const aliased = (count: number) =>
    `{ viewer { ${Array.from({ length: count }, (_, n) => `a${n}: roles`).join(' ')} } }`;
  const page = '{ clouds(first: 20) { edges { node { name } } } }';
  test.each([
    ['operations', Array(4).fill('{ __typename }'), 'BATCH_LIMIT_EXCEEDED', 3, 4],
    ['tokens', Array(3).fill(`{ viewer { ${'roles '.repeat(30)} } }`), 'MAX_TOKENS_LIMIT', 100, 105],
    ['aliases', [aliased(2), aliased(3)], 'MAX_ALIASES_LIMIT', 4, 5],
    [
      'root fields',
      Array(2).fill('{ __typename a: __typename b: __typename }'),
      'MAX_ROOT_FIELDS_LIMIT',
      5,
      6,
    ],
    ['directives', Array(3).fill('{ viewer { roles @skip(if: true) } }'), 'MAX_DIRECTIVES_LIMIT', 2, 3],
    ['cost', [page, page, page], 'COST_ESTIMATED_TOO_EXPENSIVE', 100, 123],
  ])(
    'its operations share the limits, and nothing runs over them: %s',
    async (_what, texts, code, limit, actual) => {
      const batch = texts.map((query) => ({ query }));
      const answer = await send(...batch);
      expect([answer.status, answer.errors?.map(({ extensions }) => extensions)]).toEqual([
        400,
        [{ code, limit, actual }],
      ]);
      expect(messages(answer)).toEqual([expect.stringContaining('send them in several requests')]);
      for (const one of batch) expect((await post(api, account.token, one)).errors).toBeUndefined();
    },
  );

  test('a mutation in a batch that is refused does nothing', async () => {
    await send(
      { query: MAKE('never') },
      { query: page },
      { query: `{ a: clouds(first: 30) { edges { node { id } } } }` },
    );
    expect((await account.query('{ rightScripts { totalCount } }')).rightScripts).toEqual({ totalCount: 0 });
  });

  test('what is named by its hash counts, too', async () => {
    const named = persisted(sha256(page));
    expect((await post(api, account.token, { query: page, ...named })).errors).toBeUndefined();
    expect(codes(await send(named, named, named))).toEqual(['COST_ESTIMATED_TOO_EXPENSIVE']);
    expect(await send(named, persisted(sha256('{ unknown }')), { query: '{ __typename }' })).toEqual([
      { data: { clouds: expect.any(Object) } },
      { errors: [expect.objectContaining({ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } })] },
      { data: { __typename: 'Query' } },
    ]);
  });

  test('a hash that becomes known while its batch is answered was not', async () => {
    const query = '{ viewer { account { id } } }';
    const named = persisted(sha256(query));
    const [first, second] = await send<[Answer, Answer]>(named, { query, ...named });
    expect([codes(first), second]).toEqual([
      ['PERSISTED_QUERY_NOT_FOUND'],
      { data: { viewer: { account: { id: account.id } } } },
    ]);
  });

  test.each([
    ['no operation', []],
    ['no objects', [null, 1]],
    ['an array in the array', [[{ query: '{ __typename }' }]]],
    [
      'fragments that spread each other',
      [{ query: '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }' }],
    ],
    ['no GraphQL', [{ query: '{ a(' }]],
    ['another operation’s name', [{ query: 'query A { __typename }', operationName: 'B' }]],
  ])('what is wrong is told: %s', async (_what, batch) => {
    const answer = await post<Answer | Answer[]>(api, account.token, batch);
    const found = [answer].flat().flatMap((one) => codes(one) ?? []);
    expect(found).not.toEqual([]);
    for (const code of found)
      expect(code).toMatch(
        /^(BAD_REQUEST|GRAPHQL_VALIDATION_FAILED|GRAPHQL_PARSE_FAILED|OPERATION_RESOLUTION_FAILURE)$/,
      );
  });
});

describe('with a list of operations', () => {
  const MINE = 'query Mine { viewer { account { name } } }';
  const NODE = 'query Node($id: ID!) { node(id: $id) { id } }';
  const MAKE =
    'mutation Make { createRightScript(input: { name: "n", source: "s" }) { userErrors { message } } }';
  const DEAR = 'query Dear { clouds(first: 100) { edges { node { name } } } }';
  const WATCH = 'subscription Watch { componentChanged { id } }';
  const GONE = 'query Gone { gone }';
  const manifest = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [
      { id: 'mine-1', name: 'Mine', type: 'query', body: MINE },
      { id: sha256(NODE), name: 'Node', type: 'query', body: NODE },
      { id: 'make-1', name: 'Make', type: 'mutation', body: MAKE },
      { id: 'dear-1', name: 'Dear', type: 'query', body: DEAR },
      { id: 'watch-1', name: 'Watch', type: 'subscription', body: WATCH },
      { id: 'gone-1', name: 'Gone', type: 'query', body: GONE },
    ],
  };
  let folder: string;
  let api: TestApi;
  let account: TestAccount;
  const log: string[] = [];
  const write = async (list: unknown, name = 'list.json') => {
    const file = join(folder, name);
    await writeFile(file, typeof list === 'string' ? list : JSON.stringify(list));
    return file;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mci-graph-operations-'));
    api = await startApi(
      {
        MCI_GRAPH_OPERATIONS: await write(manifest),
        MCI_GRAPH_BATCHING: 'true',
        MCI_GRAPH_MAX_COST: '200',
        MCI_GRAPH_LOG_LEVEL: 'warn',
      },
      undefined,
      { write: (line) => log.push(line) },
    );
    account = await api.account();
  });
  afterAll(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });

  test('operations that the schema cannot answer are told at the start', () => {
    expect(log.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        problem: expect.stringMatching(/^Cannot query field "gone" on type "Query".* \(in query Gone/),
      }),
    ]);
  });

  test.each<[string, object]>([
    ['its very text', { query: MINE }],
    ['its id', { documentId: 'mine-1' }],
    ['the hash of its text', { documentId: `sha256:${sha256(MINE)}` }],
    ['its id as a persisted query', persisted('mine-1')],
    ['its hash as a persisted query', persisted(sha256(MINE))],
    ['its id and its text', { query: MINE, ...persisted('mine-1') }],
  ])('an operation is answered by %s', async (_what, body) => {
    expect(await post(api, account.token, body)).toEqual({
      status: 200,
      data: { viewer: { account: { name: account.name } } },
    });
  });

  test('by GET as well, with variables', async () => {
    const answer = { status: 200, data: { node: { id: account.id } } };
    const variables = JSON.stringify({ id: account.id });
    expect(await get(api, account.token, { documentId: sha256(NODE), variables })).toEqual(answer);
    const { extensions } = persisted(sha256(NODE));
    expect(await get(api, account.token, { extensions: JSON.stringify(extensions), variables })).toEqual(
      answer,
    );
  });

  test.each<[string, object, string]>([
    ['another text', { query: '{ viewer { roles } }' }, 'QUERY_NOT_IN_SAFELIST'],
    ['the text with one blank more', { query: `${MINE} ` }, 'QUERY_NOT_IN_SAFELIST'],
    ['a text of no GraphQL', { query: '{' }, 'QUERY_NOT_IN_SAFELIST'],
    ['introspection', { query: '{ __schema { types { name } } }' }, 'QUERY_NOT_IN_SAFELIST'],
    [
      'a new text as a persisted query',
      { query: '{ __typename }', ...persisted(sha256('{ __typename }')) },
      'QUERY_NOT_IN_SAFELIST',
    ],
    ['an unknown id', { documentId: 'mine-2' }, 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['an unknown hash', persisted(sha256('{ __typename }')), 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['the id of another operation', { query: MINE, documentId: 'make-1' }, 'BAD_REQUEST'],
    ['nothing', { variables: {} }, 'BAD_REQUEST'],
    ['an id that is no text', { documentId: 7 }, 'BAD_REQUEST'],
  ])('anything else is refused: %s', async (_what, body, code) => {
    const answer = await post(api, account.token, body);
    expect([answer.status, codes(answer), answer.data]).toEqual([400, [code], undefined]);
    expect(messages(answer)).toEqual([expect.stringMatching(/: send .*(list|only one of them)/)]);
  });

  test('in a batch each by itself', async () => {
    const batch = [{ documentId: 'mine-1' }, { query: '{ viewer { roles } }' }];
    expect(await post(api, account.token, batch)).toEqual([
      { data: { viewer: { account: { name: account.name } } } },
      { errors: [expect.objectContaining({ extensions: { code: 'QUERY_NOT_IN_SAFELIST' } })] },
    ]);
  });

  test('subscriptions as well', async () => {
    const subscribe = (body: object) =>
      fetch(`${api.url}/graphql/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${account.token}` },
        body: JSON.stringify(body),
      });
    for (const body of [{ documentId: 'watch-1' }, persisted('watch-1'), { query: WATCH }]) {
      const { status, headers, body: stream } = await subscribe(body);
      await stream?.cancel();
      expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    }
    const refused = await subscribe({ query: `${WATCH} ` });
    expect([refused.status, codes((await refused.json()) as Answer)]).toEqual([
      400,
      ['QUERY_NOT_IN_SAFELIST'],
    ]);
  });

  test('limits, authorization and methods apply as always', async () => {
    expect(codes(await post(api, account.token, { documentId: 'dear-1' }))).toEqual([
      'COST_ESTIMATED_TOO_EXPENSIVE',
    ]);
    expect(codes(await post(api, null, { documentId: 'mine-1' }))).toEqual(['UNAUTHENTICATED']);
    const mutation = await get(api, account.token, { documentId: 'make-1' });
    expect([mutation.status, codes(mutation)]).toEqual([405, ['BAD_REQUEST']]);
    const answer = await post(api, account.token, { documentId: 'make-1' });
    expect(answer.data).toEqual({ createRightScript: { userErrors: [] } });
  });

  const { operations } = manifest;
  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'is no JSON'],
    ['no object', [1], 'is neither a manifest'],
    ['a map of other things', { a: 1 }, 'is neither a manifest'],
    ['no operation', {}, 'holds no operation'],
    ['another format', { format: 'other', version: 1, operations }, 'at format'],
    ['another version', { ...manifest, version: 2 }, 'at version'],
    [
      'an operation without a text',
      { ...manifest, operations: [{ id: 'a', name: 'a' }] },
      'at operations.0.body',
    ],
    ['a text of no GraphQL', { a: 'query {' }, 'with the id "a": Syntax Error'],
    ['a text without an operation', { a: 'fragment f on Query { __typename }' }, 'without an operation'],
    [
      'an id that means two texts',
      { ...manifest, operations: [operations[0], { ...operations[1], id: 'mine-1' }] },
      'two operations with the id "mine-1"',
    ],
  ])('a broken list ends the start: %s', async (_what, list, message) => {
    const file = await write(list, 'broken.json');
    const config = readConfig({ DATABASE_URL: 'postgres://a/b', MCI_GRAPH_OPERATIONS: file });
    const start = createApp({
      config,
      dataSource: api.dataSource,
      schema: await createSchema(),
      explorer: null,
    });
    await expect(start).rejects.toThrow(`MCI_GRAPH_OPERATIONS: the list of operations ${file}`);
    await expect(start).rejects.toThrow(message);
  });

  test('a missing list ends the start', async () => {
    const file = join(folder, 'missing.json');
    const config = readConfig({ DATABASE_URL: 'postgres://a/b', MCI_GRAPH_OPERATIONS: file });
    const start = createApp({
      config,
      dataSource: api.dataSource,
      schema: await createSchema(),
      explorer: null,
    });
    await expect(start).rejects.toThrow(
      `MCI_GRAPH_OPERATIONS: the list of operations ${file} cannot be read`,
    );
  });
});

test('a map of ids to texts is a list of operations, too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mci-graph-operations-'));
  const file = join(folder, 'map.json');
  const query = 'query Mine { viewer { account { name } } }';
  await writeFile(file, JSON.stringify({ [sha256(query)]: query }));
  const api = await startApi({ MCI_GRAPH_OPERATIONS: file });
  try {
    const { token, name } = await api.account();
    const answer = { status: 200, data: { viewer: { account: { name } } } };
    expect(await post(api, token, { documentId: sha256(query) })).toEqual(answer);
    expect(codes(await post(api, token, { query: '{ __typename }' }))).toEqual(['QUERY_NOT_IN_SAFELIST']);
  } finally {
    await api.close();
    await rm(folder, { recursive: true });
  }
});
