import { serverAudits, type AuditResult } from 'graphql-http';
import { startApi, type TestApi } from '../kit/api';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/**
 * Plain GET stays blocked by CSRF prevention, on purpose: a page of another site could send it. A client that uses GET
 * says by this header that it is none, which other sites' pages can't set without being asked first.
 */
const fetchFn: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('apollo-require-preflight', 'true');
  return fetch(input, { ...init, headers });
};

describe('GraphQL over HTTP: every audit of graphql-http', () => {
  const audits = serverAudits({ url: () => `${api.url}/graphql`, fetchFn });

  test('there are 61', () => {
    expect(audits).toHaveLength(61);
  });

  test.each(audits.map(({ id, name, fn }) => [id, name, fn] as const))('%s %s', async (id, name, fn) => {
    const result: AuditResult = await fn();
    const reason = result.status === 'ok' ? undefined : result.reason;
    expect({ ...result, reason, response: undefined }).toEqual({ id, name, status: 'ok' });
  });
});

describe('the status of a refused request', () => {
  const REFUSED: Record<string, object> = {
    'no GraphQL': { query: '{' },
    'an unknown field': { query: '{ nothing }' },
    'a variable of another type': {
      query: 'query ($id: ID!) { node(id: $id) { id } }',
      variables: { id: [1] },
    },
    'an operation that is missing': { query: 'query A { __typename }', operationName: 'B' },
    'too deep to be read': { query: `${'{ a '.repeat(300)}${'}'.repeat(300)}` },
    'text that cannot be stored': { query: '{ clouds(filter: { search: "a\\u0000" }) { totalCount } }' },
  };
  const post = async (accept: string, body: unknown) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify(body),
    });
    const { data, errors } = (await response.json()) as { data?: object; errors: object[] };
    expect({ data, errors }).toEqual({
      data: undefined,
      errors: expect.arrayContaining([expect.anything()]),
    });
    return [response.status, response.headers.get('content-type')?.split(';')[0]];
  };

  test.each(Object.entries(REFUSED))('%s', async (_what, body) => {
    expect(await post('application/json', body)).toEqual([200, 'application/json']);
    expect(await post('*/*', body)).toEqual([200, 'application/json']);
    for (const accept of [
      'application/graphql-response+json',
      'application/graphql-response+json, */*;q=0.1',
    ])
      expect(await post(accept, body)).toEqual([400, 'application/graphql-response+json']);
  });

  test('what is no GraphQL request is 400 in any case', async () => {
    for (const body of [{}, { query: 5 }, { query: '{ __typename }', variables: 'x' }])
      expect(await post('application/json', body)).toEqual([400, 'application/json']);
  });

  test('wrong credentials are 401 in any case', async () => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const response = await fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept, authorization: 'Bearer mcig_nothing' },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      expect(response.status).toBe(401);
    }
  });
});
