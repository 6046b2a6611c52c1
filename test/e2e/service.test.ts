import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../kit/database';
import { ask, runCommand, startService, type Service } from './service-process';

const STREAM = join(__dirname, '..', '..', 'demo', 'data', 'fcos', 'stable.json');
const WHICH_IMAGE = `query ($cloudType: String!, $region: String!) {
  cloud(cloudType: $cloudType, region: $region) { id }
  serverTemplates(first: 10) { totalCount edges { node { id name supportedClouds { name } } } }
}`;
const RESOLVE = `query ($id: ID!, $cloudId: ID!) {
  serverTemplate(id: $id) { resolve(cloudId: $cloudId) { status image { resourceUid source } steps { field outcome } } }
}`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mci graph service '));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const embedded = () => ({ MCI_GRAPH_DATA: join(folder, 'my data'), MCI_GRAPH_PORT: '0' });

function processesOf(data: string): string[] {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(data) && line.includes('postgres'));
}

async function demoAnswers(service: Service): Promise<void> {
  const found = await ask(service, WHICH_IMAGE, { cloudType: 'amazon', region: 'us-east-1' });
  expect(found.errors).toBeUndefined();
  const template = found.data.serverTemplates.edges.find(
    (edge: any) => edge.node.name === 'Base Server',
  ).node;
  const { data } = await ask(service, RESOLVE, { id: template.id, cloudId: found.data.cloud.id });
  expect(data.serverTemplate.resolve.status).toBe('READY');
  expect(data.serverTemplate.resolve.image.source).toBe('MULTI_CLOUD_IMAGE');
  expect(data.serverTemplate.resolve.image.resourceUid).toMatch(/^ami-/);
}

describe('the service as a user starts it', () => {
  test('first start, page, token, orderly stop, second start, kill -9, third start, reset', async () => {
    const first = await startService(embedded());
    await demoAnswers(first);
    const page = await fetch(first.url, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain(first.token);
    expect(await (await fetch(`${first.url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${first.url}/readyz`)).json()).toEqual({ status: 'ready' });
    expect(await (await fetch(`${first.url}/metrics`)).text()).toContain(
      'graphql_operations_total{type="query",outcome="ok"}',
    );
    expect(processesOf(folder).length).toBeGreaterThan(0);
    expect(await first.stop()).toBe(0);
    expect(processesOf(folder)).toEqual([]);

    const second = await startService(embedded());
    expect(second.output()).not.toContain('demo data:');
    await demoAnswers(second);
    // The token of the first start is still valid.
    expect(
      (await ask(second, '{ viewer { account { name } } }', {}, first.token)).data.viewer.account.name,
    ).toBe('Demo');
    await second.stop('SIGKILL');

    const third = await startService(embedded());
    await demoAnswers(third);
    const refused = await runCommand(['reset'], embedded());
    expect(refused.code).toBe(1);
    expect(await third.stop('SIGINT')).toBe(0);
    const reset = await runCommand(['reset'], embedded());
    expect(reset).toMatchObject({ code: 0, stdout: `Removed ${join(folder, 'my data')}\n` });
  });

  test('the default port is taken: a free one is used; a port that was asked for is refused by name', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) =>
      blocker.once('error', () => resolve()).listen(4000, '127.0.0.1', resolve),
    );
    try {
      const service = await startService({ MCI_GRAPH_DATA: join(folder, 'data'), MCI_GRAPH_DEMO: 'false' });
      expect(service.url).not.toBe('http://127.0.0.1:4000');
      expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
      expect(service.token).toBeNull();
      expect(await service.stop()).toBe(0);
      await expect(
        startService({
          MCI_GRAPH_DATA: join(folder, 'data'),
          MCI_GRAPH_DEMO: 'false',
          MCI_GRAPH_PORT: '4000',
        }),
      ).rejects.toThrow('Port 4000 of 127.0.0.1 is taken: set MCI_GRAPH_PORT');
    } finally {
      blocker.close();
    }
  });

  test('a wrong setting is refused at start, by name', async () => {
    const refused = await runCommand(['start'], { MCI_GRAPH_PORT: 'http' });
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'MCI_GRAPH_PORT is "http": must be a whole number from 0 to 65535\n',
    });
  });
});

describe('a server of one’s own (DATABASE_URL)', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
    // As empty as a new installation's.
    await database.dataSource.query('DROP SCHEMA public CASCADE');
    await database.dataSource.query('CREATE SCHEMA public');
  });
  afterEach(() => database.drop());

  test('several processes start at once: one migrates, all serve; requests under way are finished at SIGTERM', async () => {
    const environment = { DATABASE_URL: database.url, MCI_GRAPH_PORT: '0' };
    const services = await Promise.all([1, 2, 3].map(() => startService(environment)));
    for (const service of services) {
      expect(service.token).toBeNull();
      expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    }
    const created = await runCommand(
      [
        'accounts',
        'create',
        'Platform',
        '--admin-email',
        'ada@example.com',
        '--admin-name',
        'Ada',
        '--operator',
      ],
      environment,
    );
    const adminToken = /mcig_\S+/.exec(created.stdout)?.[0] ?? '';
    const [service] = services as [Service];
    // Statements wait while the table is locked: the request is under way when the signal comes.
    const runner = database.dataSource.createQueryRunner();
    await runner.connect();
    await runner.query('BEGIN');
    await runner.query('LOCK TABLE clouds');
    const answer = ask(service, '{ clouds { totalCount } }', {}, adminToken);
    await waitForBlockedStatement(database);
    const stopped = service.stop();
    await runner.query('COMMIT');
    await runner.release();
    expect((await answer).data).toEqual({ clouds: { totalCount: 0 } });
    expect(await stopped).toBe(0);
    for (const other of services.slice(1)) expect(await other.stop()).toBe(0);
  });

  test('the first account, admin and tokens come from the command line, and an import works beside a running service', async () => {
    const environment = { DATABASE_URL: database.url, MCI_GRAPH_PORT: '0' };
    const service = await startService(environment);
    try {
      expect((await ask(service, '{ viewer { roles } }')).errors?.[0]?.extensions.code).toBe(
        'UNAUTHENTICATED',
      );
      const created = await runCommand(
        [
          'accounts',
          'create',
          'Platform',
          '--admin-email',
          'ada@example.com',
          '--admin-name',
          'Ada',
          '--operator',
        ],
        environment,
      );
      expect(created.code).toBe(0);
      const adminToken = /mcig_\S+/.exec(created.stdout)?.[0] ?? '';
      const viewer = await ask(
        service,
        '{ viewer { user { name email } account { name } } }',
        {},
        adminToken,
      );
      expect(viewer.data.viewer).toEqual({
        user: { name: 'Ada', email: 'ada@example.com' },
        account: { name: 'Platform' },
      });
      const imported = await runCommand(
        ['import', STREAM, '--format', 'COREOS_STREAM', '--complete'],
        environment,
      );
      expect(imported.code).toBe(0);
      const images = Object.values(
        (
          JSON.parse(readFileSync(STREAM, 'utf8')) as {
            architectures: Record<string, { images?: Record<string, any> }>;
          }
        ).architectures,
      ).reduce(
        (sum, { images = {} }) =>
          sum +
          Object.values(images).reduce(
            (count, image) => count + (image.regions ? Object.keys(image.regions).length : 1),
            0,
          ),
        0,
      );
      const counted = await ask(
        service,
        '{ cloudImages { totalCount } clouds { totalCount } }',
        {},
        adminToken,
      );
      expect(counted.data).toEqual({ cloudImages: { totalCount: images }, clouds: { totalCount: 34 } });

      const wrong = await runCommand(
        ['import', STREAM, '--format', 'AWS_DESCRIBE_IMAGES', '--region', 'us-east-1'],
        environment,
      );
      expect(wrong.code).toBe(1);
      expect(wrong.stderr + wrong.stdout).toContain('COREOS_STREAM');
    } finally {
      await service.stop();
    }
  });
});

/** Waits until some statement of the service waits for a lock. */
async function waitForBlockedStatement({ dataSource }: TestDatabase): Promise<void> {
  for (;;) {
    const [{ waiting }] = await dataSource.query(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
