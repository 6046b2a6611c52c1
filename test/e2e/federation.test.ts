import { createTestDatabase, type TestDatabase } from '../kit/database';
import { startFederation, type Federation } from './federation-process';
import { runCommand } from './service-process';

/** The packages of the gateways are installed once, by npm. */
const INSTALLATION_TIMEOUT = 600_000;
const SECRET = 'a-secret-between-router-and-subgraph';

let database: TestDatabase;
let strangersToken: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface Reply {
  readonly data: any;
  readonly errors?: { message: string; extensions: { code: string } }[];
}

async function ask(
  url: string,
  token: string | null,
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Reply;
}

const codes = ({ errors }: Reply) => errors?.map(({ extensions }) => extensions.code);

describe.each(['apollo', 'hive'])('npm run example:federation --gateway %s', (gateway) => {
  let federation: Federation;
  beforeAll(async () => {
    const environment = { DATABASE_URL: database.url, MCI_GRAPH_ROUTER_SECRET: SECRET };
    federation = await startFederation(gateway, environment);
    strangersToken ??= await createStranger();
  }, INSTALLATION_TIMEOUT);
  afterAll(async () => {
    expect(await federation.stop()).toBe(0);
  });
  const viaGateway = (token: string | null, query: string, variables?: object) =>
    ask(federation.gateway, token, query, variables);

  test('the question across both subgraphs was answered', () => {
    expect(federation.output).toMatch(
      /^web-1 +AWS us-east-1 +fedora-coreos-\S+-x86_64 +m5\.large +0\.0960$/m,
    );
    expect(federation.output).toMatch(/^web-arm +AWS us-east-1 +.*\(blocked\) +t4g\.medium +0\.0336$/m);
    expect(federation.output).toMatch(/^web-pool \(each\) +Google Cloud global .* e2-standard-2 +0\.0670$/m);
    expect(federation.output).toContain('The 2 servers that can be launched cost 0.2030 USD per hour');
  });

  test('prices of servers, arrays, instances and their types, in one query', async () => {
    const { data, errors } = await viaGateway(
      federation.token,
      `{ servers(filter: { search: "web-1" }, first: 1) { edges { node {
           hourlyPrice { usd priceRegion asOf source }
           next { resolution { instanceType { value { hourlyPrice { usd } } } } }
           current { state hourlyPrice { usd } instanceType { name hourlyPrice { usd } } } } } }
         serverArrays(first: 1) { edges { node { hourlyPrice { usd } } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.servers.edges[0].node).toEqual({
      hourlyPrice: {
        usd: 0.096,
        priceRegion: 'us-east-1',
        asOf: expect.stringMatching(/^\d{4}-\d{2}$/),
        source: expect.stringMatching(/^https:/),
      },
      next: { resolution: { instanceType: { value: { hourlyPrice: { usd: 0.096 } } } } },
      current: {
        state: 'OPERATIONAL',
        hourlyPrice: { usd: 0.096 },
        instanceType: { name: 'm5.large', hourlyPrice: { usd: 0.096 } },
      },
    });
    expect(data.serverArrays.edges[0].node.hourlyPrice.usd).toBeCloseTo(0.067, 3);
  });

  test('what the other subgraph names by natural key comes from mci-graph', async () => {
    const { data, errors } = await viaGateway(
      federation.token,
      `{ cheapestInstanceTypes(cloudType: "amazon", region: "us-east-1", first: 2) {
           id name cpuArchitectures cloud { displayName } hourlyPrice { usd } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.cheapestInstanceTypes).toEqual([
      {
        id: expect.stringMatching(/^typ_/),
        name: 't4g.micro',
        cpuArchitectures: ['arm64'],
        cloud: { displayName: 'AWS us-east-1' },
        hourlyPrice: { usd: 0.0084 },
      },
      expect.objectContaining({ name: 't3.micro', hourlyPrice: { usd: 0.0104 } }),
    ]);
  });

  test('the gateway passes on who asks; without a token the answer is UNAUTHENTICATED', async () => {
    const viewer = '{ viewer { account { name } } }';
    expect((await viaGateway(federation.token, viewer)).data).toEqual({
      viewer: { account: { name: 'Demo' } },
    });
    expect((await viaGateway(strangersToken, viewer)).data).toEqual({
      viewer: { account: { name: 'Strangers' } },
    });
    const refused = await viaGateway(null, viewer);
    expect(codes(refused)).toEqual(['UNAUTHENTICATED']);
    expect(refused.errors?.[0]?.message).toContain('Send a token');
    expect(codes(await viaGateway(`${federation.token}x`, viewer))).toEqual(['UNAUTHENTICATED']);
  });

  test('R-2.2: what another account may not see is null, at the gateway and through _entities', async () => {
    const { data } = await viaGateway(
      federation.token,
      '{ servers(first: 1) { edges { node { id current { id } } } } }',
    );
    const { id, current } = data.servers.edges[0].node;
    const ofServer = 'query ($id: ID!) { server(id: $id) { name hourlyPrice { usd } } }';
    expect((await viaGateway(federation.token, ofServer, { id })).data.server.hourlyPrice.usd).toBe(0.096);
    expect(await viaGateway(strangersToken, ofServer, { id })).toEqual({ data: { server: null } });

    const entities = `query ($references: [_Any!]!) { _entities(representations: $references) {
      __typename ... on Server { name } ... on Instance { name } ... on InstanceType { name } } }`;
    const references = [
      { __typename: 'Server', id },
      { __typename: 'Instance', id: current.id },
      { __typename: 'InstanceType', cloudType: 'amazon', region: 'us-east-1', resourceUid: 'm5.large' },
      { __typename: 'InstanceType', cloudType: 'amazon', region: 'us-east-1', resourceUid: 'no.such' },
    ];
    const asked = (token: string) =>
      ask(federation.mciGraph, token, entities, { references }, { 'router-authorization': SECRET });
    const publicType = { __typename: 'InstanceType', name: 'm5.large' };
    expect((await asked(federation.token)).data._entities).toEqual([
      { __typename: 'Server', name: 'web-1' },
      { __typename: 'Instance', name: expect.any(String) },
      publicType,
      null,
    ]);
    expect(await asked(strangersToken)).toEqual({ data: { _entities: [null, null, publicType, null] } });
  });

  test('only the gateway may ask the subgraph; of the supergraph `node` is no part', async () => {
    const direct = await ask(federation.mciGraph, federation.token, '{ viewer { roles } }');
    expect(codes(direct)).toEqual(['UNAUTHENTICATED']);
    expect(direct.errors?.[0]?.message).toContain('MCI_GRAPH_ROUTER_SECRET');
    expect(codes(await viaGateway(federation.token, '{ node(id: "x") { id } }'))).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
  });
});

async function createStranger(): Promise<string> {
  const { stdout } = await runCommand(
    ['accounts', 'create', 'Strangers', '--admin-email', 'eve@example.com', '--admin-name', 'Eve'],
    { DATABASE_URL: database.url },
  );
  const token = /mcig_\S+/.exec(stdout)?.[0];
  if (token === undefined) throw new Error(`No token was printed:\n${stdout}`);
  return token;
}
