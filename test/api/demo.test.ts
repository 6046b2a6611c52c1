import { join } from 'node:path';
import { getOperationAST, OperationTypeNode, parse } from 'graphql';
import { mintDemoToken } from '../../src/demo/demo-token';
import { explorerPlaceholders } from '../../src/demo/explorer-placeholders';
import { loadDemoIfEmpty } from '../../src/demo/load-demo';
import { fillPlaceholders, loadExamples, type ExampleQuery } from '../../src/http/explorer-examples';
import { startApi, type TestApi } from '../kit/api';

const TOTALS = `{ cloudImages { totalCount } multiCloudImages { totalCount } serverTemplates { totalCount }
  rightScripts { totalCount } servers { totalCount } serverArrays { totalCount } instances { totalCount } }`;
const ROOT = join(__dirname, '..', '..');

describe('the demo of the first start', () => {
  let api: TestApi;
  let token: string;
  let examples: ExampleQuery[];

  beforeAll(async () => {
    api = await startApi();
    await loadDemoIfEmpty(api.dataSource, join(ROOT, 'demo', 'data'), () => undefined);
    token = (await mintDemoToken(api.dataSource, new Date())) ?? '';
    examples = await loadExamples(join(ROOT, 'explorer', 'examples'));
  });
  afterAll(() => api.close());

  const ask = async (query: string, variables: object = {}) => {
    const answer = await api.request(token, query, variables);
    expect(answer.errors).toBeUndefined();
    return answer.data;
  };

  test('is loaded once, also when several processes start at the same time', async () => {
    const before = await ask(TOTALS);
    await Promise.all(
      [1, 2, 3].map(() => loadDemoIfEmpty(api.dataSource, join(ROOT, 'demo', 'data'), () => undefined)),
    );
    expect(await ask(TOTALS)).toEqual(before);
    expect(before).toEqual({
      cloudImages: { totalCount: 1030 },
      multiCloudImages: { totalCount: 6 },
      serverTemplates: { totalCount: 5 },
      rightScripts: { totalCount: 3 },
      servers: { totalCount: 3 },
      serverArrays: { totalCount: 1 },
      instances: { totalCount: 4 },
    });
  });

  test('holds Fedora CoreOS of several releases for both architectures, and only the newest isn’t deprecated', async () => {
    const data = await ask(`{
      arm: cloudImages(first: 100, filter: { name: "fedora-coreos", region: "us-east-1", cpuArchitecture: "arm64" }) { ...images }
      x86: cloudImages(first: 100, filter: { name: "fedora-coreos", region: "us-east-1", cpuArchitecture: "x86_64" }) { ...images }
    }
    fragment images on CloudImageConnection { edges { node { name lifecycle replacement { name } } } }`);
    const newest = 'fedora-coreos-44.20260707.3.1';
    for (const [list, architecture] of [
      [data.arm, 'aarch64'],
      [data.x86, 'x86_64'],
    ])
      expect(list.edges.map((edge: any) => edge.node)).toEqual([
        ...['38.20230722.3.0', '42.20250818.3.0', '43.20260217.3.1', '43.20260316.3.1'].map((release) => ({
          name: `fedora-coreos-${release}-${architecture}`,
          lifecycle: 'DEPRECATED',
          replacement: { name: `${newest}-${architecture}` },
        })),
        { name: `${newest}-${architecture}`, lifecycle: 'AVAILABLE', replacement: null },
      ]);
  });

  test('another account sees the catalog, and nothing of the demo account (R-2.2)', async () => {
    const other = await api.account();
    expect(await other.query(TOTALS)).toEqual({
      cloudImages: { totalCount: 1030 },
      multiCloudImages: { totalCount: 0 },
      serverTemplates: { totalCount: 0 },
      rightScripts: { totalCount: 0 },
      servers: { totalCount: 0 },
      serverArrays: { totalCount: 0 },
      instances: { totalCount: 0 },
    });
  });

  test('an MCI on the images of 2025-09-04 still resolves READY, with IMAGE_DEPRECATED and the replacement (R-3.4, R-7.4)', async () => {
    const found = await ask(`{ cloud(cloudType: "amazon", region: "us-east-1") { id }
      serverTemplates(filter: { name: "Legacy Web" }) { edges { node { id } } } }`);
    const { serverTemplate } = await ask(
      `query ($id: ID!, $cloudId: ID!) { serverTemplate(id: $id) { resolve(cloudId: $cloudId) {
        status image { resourceUid value { name replacement { name } } } advisories { code severity message }
      } } }`,
      { id: found.serverTemplates.edges[0].node.id, cloudId: found.cloud.id },
    );
    const deprecated = serverTemplate.resolve.advisories.find(
      (advisory: any) => advisory.code === 'IMAGE_DEPRECATED',
    );
    expect(serverTemplate.resolve).toMatchObject({
      status: 'READY',
      image: {
        resourceUid: 'ami-0f040794ae0c6531d',
        value: {
          name: 'fedora-coreos-42.20250818.3.0-x86_64',
          replacement: { name: 'fedora-coreos-44.20260707.3.1-x86_64' },
        },
      },
    });
    expect(deprecated.severity).toBe('WARNING');
    expect(deprecated.message).toContain('fedora-coreos-44.20260707.3.1-x86_64');
  });

  test('templates run scripts, in the order of their phases (R-5.4)', async () => {
    const data = await ask(
      '{ serverTemplates { edges { node { name scripts { phase position rightScript { name source } } } } } }',
    );
    const scriptsOf = ({ node }: any) => [
      node.name,
      node.scripts.map(({ phase, position, rightScript }: any) => `${phase} ${position} ${rightScript.name}`),
    ];
    expect(Object.fromEntries(data.serverTemplates.edges.map(scriptsOf))).toEqual({
      'Base Server': ['BOOT 0 Set Update Window', 'BOOT 1 Install Node Exporter'],
      'Container Host': [],
      'Edge Gateway ARM': [
        'BOOT 0 Install Node Exporter',
        'OPERATIONAL 0 Set Update Window',
        'DECOMMISSION 0 Drain Connections',
      ],
      'Legacy Web': ['BOOT 0 Install Node Exporter', 'DECOMMISSION 0 Drain Connections'],
      'Web Server': ['BOOT 0 Install Node Exporter'],
    });
    for (const { node } of data.serverTemplates.edges)
      for (const { rightScript } of node.scripts) expect(rightScript.source).toMatch(/^#!\/bin\/sh\n/);
  });

  test('servers run what their template named at the launch; one would launch another image now, one is blocked (R-8.6, R-7.4)', async () => {
    const { deployments } = await ask(`{ deployments { edges { node { name
      servers { edges { node { name state current { ...instance } next { resolution { status
        image { value { name } } advisories { code severity } } } } } }
      serverArrays { edges { node { name driftedCount instances { edges { node { ...instance } } } } } } } } } }
      fragment instance on Instance { name state bootSeconds image { name } launchedFrom { revision }
        advisories { code } drift { field severity running next } }`);
    const [web, ...others] = deployments.edges.map(({ node }: any) => node);
    expect([web.name, others]).toEqual(['Web', []]);
    const [front, behind, arm] = web.servers.edges.map(({ node }: any) => node);
    const dated = 'fedora-coreos-42.20250818.3.0-x86_64';
    const newest = 'fedora-coreos-44.20260707.3.1-x86_64';
    const running = {
      state: 'OPERATIONAL',
      bootSeconds: 48,
      image: { name: dated },
      launchedFrom: { revision: 1 },
    };
    expect(front).toMatchObject({
      name: 'web-1',
      current: running,
      next: { resolution: { status: 'READY', image: { value: { name: newest } } } },
    });
    expect(front.current.drift.slice(0, 3)).toMatchObject([
      { field: 'SERVER_TEMPLATE', running: '"Web Server" [rev 1]', next: '"Web Server" [rev 2]' },
      {
        field: 'MULTI_CLOUD_IMAGE',
        running: '"Fedora CoreOS 42" [rev 2]',
        next: '"Fedora CoreOS" [rev 1]',
      },
      { field: 'IMAGE', severity: 'WARNING' },
    ]);
    expect(behind).toMatchObject({ name: 'web-2', current: { ...running, drift: [] } });
    expect(behind.current.advisories).toContainEqual({ code: 'IMAGE_DEPRECATED' });
    expect(arm).toMatchObject({ name: 'web-arm', state: null, current: null });
    const { status, advisories } = arm.next.resolution;
    expect([status, advisories[0]]).toEqual([
      'BLOCKED',
      { code: 'ARCHITECTURE_MISMATCH', severity: 'BLOCKING' },
    ]);
    const [pool] = web.serverArrays.edges.map(({ node }: any) => node);
    expect([pool.name, pool.driftedCount]).toEqual(['web-pool', 2]);
    expect(pool.instances.edges.map(({ node }: any) => node.name).toSorted()).toEqual([
      'web-pool #1',
      'web-pool #2',
    ]);
  });

  test('a template that another account published is imported, and its update moves all images to a newer release (R-9.4, R-9.6)', async () => {
    const { myImports, marketplace } = await ask(`{
      myImports(updatesOnly: true) { totalCount edges { node {
        component { __typename revision origin name }
        update { revision component { __typename } publisher { name } } diff { identical text } } } }
      marketplace(filter: { search: "containers", kind: SERVER_TEMPLATE }) { edges { node { revision imported
        revisionNotes importCount supportedClouds { name } } } } }`);
    const imports = myImports.edges.map(({ node }: any) => node);
    expect(imports.map(({ component }: any) => component)).toEqual(
      expect.arrayContaining([
        { __typename: 'ServerTemplate', revision: 1, origin: 'IMPORTED', name: 'Container Host' },
        { __typename: 'MultiCloudImage', revision: 1, origin: 'IMPORTED', name: 'Container Base' },
      ]),
    );
    expect(myImports.totalCount).toBe(2);
    for (const { update, diff, component } of imports) {
      expect(update).toMatchObject({
        revision: 2,
        component: { __typename: component.__typename },
        publisher: { name: 'Image Works' },
      });
      expect(diff.identical).toBe(false);
      expect(diff.text).not.toBe('');
    }
    const [offered, ...others] = marketplace.edges.map(({ node }: any) => node);
    expect(others).toEqual([]);
    expect(offered).toMatchObject({
      revision: 2,
      imported: false,
      revisionNotes: 'The newest Fedora CoreOS',
      importCount: 0,
    });
    expect(offered.supportedClouds.length).toBeGreaterThan(2);
  });

  test('the imported revision is rated and commented on by a person of the demo (R-9.7)', async () => {
    const { serverTemplates } =
      await ask(`{ serverTemplates(filter: { name: "Container Host" }) { edges { node {
      origin editable publication { revision rating ratingCount importCount imported
        comments { edges { node { text byPublisher author { name } } } } } } } } }`);
    expect(serverTemplates.edges.map(({ node }: any) => node)).toEqual([
      {
        origin: 'IMPORTED',
        editable: false,
        publication: {
          revision: 1,
          rating: 4,
          ratingCount: 1,
          importCount: 1,
          imported: true,
          comments: {
            edges: [
              {
                node: {
                  text: 'Boots within a minute in all our regions.',
                  byPublisher: false,
                  author: { name: 'Demo admin' },
                },
              },
            ],
          },
        },
      },
    ]);
  });

  test('saved queries are in the order of their numbers', () => {
    const names = examples.map(({ name }) => name);
    expect([names[0], names[1], names[9]]).toEqual([
      'Which image, and why?',
      'The whole tree of a ServerTemplate',
      'What runs when?',
    ]);
  });

  test('every saved query of the explorer page answers without an error', async () => {
    const resolve = explorerPlaceholders(api.dataSource);
    expect(examples.length).toBeGreaterThanOrEqual(8);
    for (const example of examples) {
      const filled = await fillPlaceholders(example, resolve);
      const variables = filled.variables ? (JSON.parse(filled.variables) as object) : {};
      if (getOperationAST(parse(filled.query))?.operation === OperationTypeNode.SUBSCRIPTION) {
        await assertBegins(filled.query, variables);
        continue;
      }
      const data = await ask(filled.query, variables);
      const empty = Object.entries(data).filter(([, value]) => value === null);
      expect([example.name, empty]).toEqual([example.name, []]);
      for (const value of Object.values<any>(data))
        if (value.userErrors) expect(value.userErrors).toEqual([]);
    }
  });

  async function assertBegins(query: string, variables: object): Promise<void> {
    const response = await fetch(`${api.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    await response.body?.cancel();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
  }
});
