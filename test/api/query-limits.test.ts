import { createHash } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import { startApi, type Answer, type TestAccount, type TestApi } from '../kit/api';

const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => part(n)).join(' ');

/** Code, limit and what was found, of each error. */
const refusals = ({ errors }: Answer) =>
  errors?.map(({ extensions: { code, limit, actual } }) => [code, limit, actual]);

describe('limits of one query, just met and just exceeded', () => {
  let api: TestApi;
  let account: TestAccount;
  beforeAll(async () => {
    api = await startApi({
      MCI_GRAPH_MAX_TOKENS: '120',
      MCI_GRAPH_MAX_DEPTH: '7',
      MCI_GRAPH_MAX_ALIASES: '4',
      MCI_GRAPH_MAX_ROOT_FIELDS: '6',
      MCI_GRAPH_MAX_DIRECTIVES: '3',
      MCI_GRAPH_MAX_LIST_ITEMS: '10',
      MCI_GRAPH_MAX_COST: '200',
    });
    account = await api.account();
  });
  afterAll(() => api.close());

  interface Case {
    readonly met: string;
    readonly exceeded: string;
    readonly refusal: [code: string, limit: number, actual?: number];
    readonly cure: string;
  }
  const clouds = (first: number) => `{ clouds(first: ${first}) { edges { node { name } } } }`;
  const cases: Record<string, Case> = {
    tokens: {
      met: `{ viewer { ${repeat(115, () => 'roles')} } }`,
      exceeded: `{ viewer { ${repeat(116, () => 'roles')} } }`,
      refusal: ['MAX_TOKENS_LIMIT', 120],
      cure: 'pass values as variables, or send several requests',
    },
    depth: {
      met: '{ clouds(first: 2) { edges { node { images(first: 2) { edges { node { name } } } } } } }',
      exceeded:
        '{ clouds(first: 2) { edges { node { images(first: 2) { edges { node { cloud { name } } } } } } } }',
      refusal: ['MAX_DEPTH_LIMIT', 7, 8],
      cure: 'ask for what lies deeper in a second request',
    },
    'depth through fragments': {
      met: `{ clouds(first: 2) { ...rows } } fragment rows on CloudConnection { edges { node { ... on Cloud { ...of } } } }
        fragment of on Cloud { images(first: 2) { edges { node { name } } } }`,
      exceeded: `{ clouds(first: 2) { ...rows } } fragment rows on CloudConnection { edges { node { ... on Cloud { ...of } } } }
        fragment of on Cloud { images(first: 2) { edges { node { cloud { name } } } } }`,
      refusal: ['MAX_DEPTH_LIMIT', 7, 8],
      cure: 'ask for what lies deeper in a second request',
    },
    aliases: {
      met: `{ viewer { ${repeat(4, (n) => `a${n}: roles`)} } }`,
      exceeded: `{ viewer { ${repeat(5, (n) => `a${n}: roles`)} } }`,
      refusal: ['MAX_ALIASES_LIMIT', 4, 5],
      cure: 'use a list or `nodes(ids:)`',
    },
    'aliases, once for each time that a fragment is spread': {
      met: '{ viewer { ...f ...f } } fragment f on Viewer { a: roles b: roles }',
      exceeded: '{ viewer { ...f ...f } c: __typename } fragment f on Viewer { a: roles b: roles }',
      refusal: ['MAX_ALIASES_LIMIT', 4, 5],
      cure: 'use a list or `nodes(ids:)`',
    },
    'root fields': {
      met: `{ ${repeat(6, () => '__typename')} }`,
      exceeded: `{ ${repeat(7, () => '__typename')} }`,
      refusal: ['MAX_ROOT_FIELDS_LIMIT', 6, 7],
      cure: 'or several requests',
    },
    'root fields in fragments': {
      met: '{ ...f ... on Query { ...f } } fragment f on Query { __typename viewer { roles } clouds { totalCount } }',
      exceeded:
        '{ ...f ... on Query { ...f } __typename } fragment f on Query { __typename viewer { roles } clouds { totalCount } }',
      refusal: ['MAX_ROOT_FIELDS_LIMIT', 6, 7],
      cure: 'or several requests',
    },
    directives: {
      met: '{ viewer @skip(if: false) { roles @skip(if: false) @include(if: true) } }',
      exceeded:
        '{ viewer @skip(if: false) @include(if: true) { roles @skip(if: false) @include(if: true) } }',
      refusal: ['MAX_DIRECTIVES_LIMIT', 3, 4],
      cure: 'put one directive around a fragment',
    },
    'list items': {
      met: `{ nodes(ids: [${repeat(10, () => `"${'x'.repeat(8)}"`)}]) { id } }`,
      exceeded: `{ nodes(ids: [${repeat(11, () => `"${'x'.repeat(8)}"`)}]) { id } }`,
      refusal: ['MAX_LIST_ITEMS_LIMIT', 10, 11],
      cure: 'send them in several requests',
    },
    cost: {
      met: clouds(99),
      exceeded: clouds(100),
      refusal: ['COST_ESTIMATED_TOO_EXPENSIVE', 200, 201],
      cure: 'ask for smaller pages (`first`, `last`)',
    },
    'cost of nested pages': {
      met: '{ clouds(first: 9) { edges { node { images(first: 9) { edges { node { name } } } } } } }',
      exceeded: '{ clouds(first: 10) { edges { node { images(first: 9) { edges { node { name } } } } } } }',
      refusal: ['COST_ESTIMATED_TOO_EXPENSIVE', 200, 211],
      cure: 'fewer lists inside lists',
    },
  };

  test.each(Object.entries(cases))('%s', async (_what, { met, exceeded, refusal, cure }) => {
    const answered = await api.request(account.token, met);
    const codes = answered.errors?.map(({ extensions }) => extensions.code) ?? [];
    expect(codes.filter((code) => /LIMIT|COST|VALIDATION|SYNTAX/.test(code))).toEqual([]);

    const refused = await api.request(account.token, exceeded);
    expect(refused.status).toBe(400);
    expect(refusals(refused)).toEqual([refusal]);
    const [code, limit, actual = limit] = refusal;
    const message = refused.errors?.[0]?.message ?? '';
    expect([code, message]).toEqual([code, expect.stringContaining(cure)]);
    expect([code, message]).toEqual([code, expect.stringContaining(String(limit))]);
    expect([code, message]).toEqual([code, expect.stringContaining(String(actual))]);
    expect(refused.data).toBeUndefined();
  });

  const PAGED = 'query ($first: Int = 100) { clouds(first: $first) { edges { node { name } } } }';
  test('variables and their defaults size the pages', async () => {
    expect((await api.request(account.token, PAGED, { first: 99 })).errors).toBeUndefined();
    expect((await api.request(account.token, PAGED, { first: null })).errors).toBeUndefined();
    for (const variables of [{ first: 100 }, {}])
      expect(refusals(await api.request(account.token, PAGED, variables))).toEqual([
        ['COST_ESTIMATED_TOO_EXPENSIVE', 200, 201],
      ]);
  });

  test('lists in variables count at any depth', async () => {
    const source = 'query ($filter: InstanceFilter) { instances(filter: $filter, first: 1) { totalCount } }';
    const states = (count: number) => ({ filter: { states: Array<string>(count).fill('OPERATIONAL') } });
    expect((await api.request(account.token, source, states(10))).errors).toBeUndefined();
    expect(refusals(await api.request(account.token, source, states(11)))).toEqual([
      ['MAX_LIST_ITEMS_LIMIT', 10, 11],
    ]);
  });

  test('what is not asked of a field does not count: the operation that runs is the one that costs', async () => {
    const source = `query Small ${clouds(1)} query Large ${clouds(100)}`;
    const ask = async (operationName: string) => {
      const response = await fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${account.token}` },
        body: JSON.stringify({ query: source, operationName }),
      });
      return { status: response.status, ...((await response.json()) as object) } as Answer;
    };
    expect((await ask('Small')).errors).toBeUndefined();
    expect(refusals(await ask('Large'))).toEqual([['COST_ESTIMATED_TOO_EXPENSIVE', 200, 201]]);
    expect((await ask('None')).errors?.map(({ extensions }) => extensions.code)).toEqual([
      'OPERATION_RESOLUTION_FAILURE',
    ]);
  });

  test('a mutation that is refused changes nothing', async () => {
    const source = `mutation { ${repeat(7, (n) => `createRightScript(input: { name: "s${n}", source: "x" }) { __typename }`)} }`;
    const answer = await api.request(
      account.token,
      source.replaceAll('createRightScript', 'createRightScript'),
    );
    expect(answer.status).toBe(400);
    expect(answer.data).toBeUndefined();
    const [{ count }] = await api.dataSource.query('SELECT count(*)::int AS count FROM right_scripts');
    expect(count).toBe(0);
  });
});

describe('with the defaults', () => {
  let api: TestApi;
  let account: TestAccount;
  beforeAll(async () => {
    api = await startApi();
    account = await api.account();
  });
  afterAll(() => api.close());

  /** Whatever is sent, as it is. */
  const post = async (body: string): Promise<Answer> => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: `Bearer ${account.token}`,
      },
      body,
    });
    return { status: response.status, ...((await response.json()) as object) } as Answer;
  };

  test('the introspection of GraphiQL passes', async () => {
    const query = getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    const answer = await api.request(account.token, query);
    expect(answer.errors).toBeUndefined();
    expect(answer.data.__schema.queryType).toEqual({ name: 'Query', kind: 'OBJECT' });
  });

  test('introspection is bounded in depth', async () => {
    const deep = `{ __type(name: "Query") { ${'ofType { '.repeat(24)} name ${'} '.repeat(24)} } }`;
    expect(refusals(await api.request(account.token, deep))).toEqual([['MAX_DEPTH_LIMIT', 25, 26]]);
  });

  test('pages of 100 pass twice inside each other, not four times', async () => {
    const nested = (levels: number) =>
      `{ multiCloudImages(first: 100) { edges { node { ${'revisions(first: 100) { edges { node { '.repeat(levels - 1)} id ${'} } }'.repeat(levels)} }`;
    expect((await api.request(account.token, nested(2))).errors).toBeUndefined();
    expect(refusals(await api.request(account.token, nested(4)))).toEqual([
      ['COST_ESTIMATED_TOO_EXPENSIVE', 1_000_000, 203_030_301],
    ]);
  });

  test('fragments that spread the next one ten times: 10^40 fields', async () => {
    const bomb = `{ viewer { ...f0 } } ${repeat(40, (n) => `fragment f${n} on Viewer { ${repeat(10, (k) => `a${n}x${k}: roles ...f${n + 1}`)} }`)} fragment f40 on Viewer { roles }`;
    const answer = await api.request(account.token, bomb);
    expect(answer.status).toBe(400);
    expect(refusals(answer)).toEqual([['MAX_ALIASES_LIMIT', 200, Number.MAX_SAFE_INTEGER]]);
  });

  test('fields that nest the next fragment twice: 2^60 objects', async () => {
    const bomb = `{ multiCloudImage(id: "a") { ...f0 } } ${repeat(60, (n) => `fragment f${n} on MultiCloudImage { a: head { ...f${n + 1} } b: head { ...f${n + 1} } }`)} fragment f60 on MultiCloudImage { id }`;
    const answer = await api.request(account.token, bomb);
    expect(answer.status).toBe(400);
    expect(refusals(answer)).toEqual([
      ['MAX_DEPTH_LIMIT', 25, 62],
      ['MAX_ALIASES_LIMIT', 200, Number.MAX_SAFE_INTEGER],
    ]);
  });

  test.each([
    [
      'fragments that spread each other',
      '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }',
    ],
    ['a fragment that spreads itself', '{ viewer { ...a } } fragment a on Viewer { x: roles ...a }'],
    ['a fragment that is missing', '{ ...a }'],
    ['an unknown field', '{ nothing { nowhere } }'],
    ['a variable that is missing', '{ clouds(first: $first) { totalCount } }'],
    ['no operation', 'fragment a on Query { __typename }'],
    ['no GraphQL', '{ clouds('],
    ['a string without an end', '{ clouds(after: "'],
    ['nothing', ''],
    ['a definition of types', 'type Query { a: Int }'],
  ])('what is wrong is told as that: %s', async (_what, query) => {
    const answer = await api.request(account.token, query);
    expect(answer.status).toBe(400);
    const codes = answer.errors?.map(({ extensions }) => extensions.code) ?? [];
    expect(codes).not.toEqual([]);
    for (const code of codes)
      expect(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'BAD_REQUEST']).toContain(code);
  });

  test.each([
    ['fields', `${'{ a '.repeat(3000)}{ b }${' }'.repeat(3000)}`],
    [
      'fields, side by side',
      `{ x ${'{ a '.repeat(1500)}{ b }${' }'.repeat(1500)} x ${'{ a '.repeat(1500)}{ b }${' }'.repeat(1500)} }`,
    ],
    ['list literals', `{ nodes(ids: ${'['.repeat(4900)}${']'.repeat(4900)}) { id } }`],
    ['object literals', `{ clouds(filter: ${'{ a: '.repeat(2400)}1${' }'.repeat(2400)}) { totalCount } }`],
    ['list types', `query ($a: ${'['.repeat(4900)}Int${']'.repeat(4900)}) { __typename }`],
    ['inline fragments', `{ ${'... { '.repeat(3000)}__typename${' }'.repeat(3000)} }`],
  ])('nothing is nested so deeply that the stack runs out: %s', async (_what, query) => {
    const answer = await api.request(account.token, query);
    expect(answer.status).toBe(400);
    expect(refusals(answer)).toEqual([['MAX_DEPTH_LIMIT', 250, undefined]]);
  });

  test('a chain of as many fragments as there may be does not exhaust the stack', async () => {
    const chain = `{ ...f0 } ${repeat(1240, (n) => `fragment f${n} on Query { ...f${n + 1} }`)} fragment f1240 on Query { __typename }`;
    const answer = await api.request(account.token, chain);
    expect([answer.status, answer.errors, answer.data]).toEqual([200, undefined, { __typename: 'Query' }]);
  });

  test('nor do as many fields, nested by fragments', async () => {
    const levels = 480;
    const nested = `{ multiCloudImage(id: "a") { ...f0 } } ${repeat(levels, (n) => `fragment f${n} on MultiCloudImage { head { ...f${n + 1} } head { ...f${n + 1} } }`)} fragment f${levels} on MultiCloudImage { id }`;
    const answer = await api.request(account.token, nested);
    expect(answer.status).toBe(400);
    expect(refusals(answer)).toEqual([['MAX_DEPTH_LIMIT', 25, levels + 2]]);
  });

  test('a document of many tokens is refused before it is read', async () => {
    const answer = await api.request(account.token, `{ ${'clouds { totalCount } '.repeat(100_000)} }`);
    expect(answer.status).toBe(400);
    expect(refusals(answer)).toEqual([['MAX_TOKENS_LIMIT', 10_000, undefined]]);
  });

  test('variables may be nested deeper than the stack', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const answer = await post(`{"query":"${query}","variables":{"ids":${deep}}}`);
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  test('a GET is limited like a POST', async () => {
    const deep = `${'{ a '.repeat(300)}{ b }${' }'.repeat(300)}`;
    const response = await fetch(`${api.url}/graphql?query=${encodeURIComponent(deep)}`, {
      headers: {
        accept: 'application/graphql-response+json',
        'apollo-require-preflight': 'true',
        authorization: `Bearer ${account.token}`,
      },
    });
    const answer = { status: response.status, ...((await response.json()) as object) } as Answer;
    expect(answer.status).toBe(400);
    expect(refusals(answer)).toEqual([['MAX_DEPTH_LIMIT', 250, undefined]]);
  });

  test('a persisted query costs what its variables of this time say', async () => {
    const query = `query ($first: Int) { multiCloudImages(first: 100) { edges { node { revisions(first: 100) { edges { node {
      revisions(first: $first) { edges { node { id } } } } } } } } } }`;
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const ask = (rest: object) => post(JSON.stringify({ extensions, ...rest }));
    expect((await ask({ query, variables: { first: 1 } })).errors).toBeUndefined();
    expect((await ask({ variables: { first: 1 } })).data).toEqual({ multiCloudImages: { edges: [] } });
    const answer = await ask({ variables: { first: 100 } });
    expect(answer.status).toBe(400);
    expect(refusals(answer)).toEqual([['COST_ESTIMATED_TOO_EXPENSIVE', 1_000_000, 2_030_301]]);
  });

  test('batching is off', async () => {
    const answer = await post(JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]));
    expect(answer.status).toBe(400);
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_REQUEST']);
  });
});

test('0 is no limit', async () => {
  const api = await startApi({
    MCI_GRAPH_MAX_TOKENS: '0',
    MCI_GRAPH_MAX_DEPTH: '0',
    MCI_GRAPH_MAX_ALIASES: '0',
    MCI_GRAPH_MAX_ROOT_FIELDS: '0',
    MCI_GRAPH_MAX_DIRECTIVES: '0',
    MCI_GRAPH_MAX_LIST_ITEMS: '0',
    MCI_GRAPH_MAX_COST: '0',
  });
  try {
    const { token } = await api.account();
    const many = `{ ${repeat(6000, (n) => `a${n}: __typename @include(if: true)`)} }`;
    const answer = await api.request(token, many);
    expect(answer.errors).toBeUndefined();
    expect(Object.keys(answer.data)).toHaveLength(6000);
    const revisions = 8;
    const deep = `{ multiCloudImages(first: 100) { edges { node { ${'revisions(first: 100) { edges { node { '.repeat(revisions)} id ${'} } }'.repeat(revisions + 1)} }`;
    expect((await api.request(token, deep)).data).toEqual({ multiCloudImages: { edges: [] } });
    const references = Array.from({ length: 10_001 }, () => ({ __typename: 'Cloud', id: 'x' }));
    const entities = await api.request(
      token,
      'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }',
      { of: references },
    );
    expect(entities.errors?.map(({ message }) => message)).toEqual([
      '`representations` holds 10001 references; at most 1000 are allowed.',
    ]);
  } finally {
    await api.close();
  }
});
