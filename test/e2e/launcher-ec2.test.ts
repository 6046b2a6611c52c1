import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliverToken } from '../../examples/launcher-ec2/token-delivery';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { define, makeGround, type Ground } from '../kit/definitions';
import { FakeEc2 } from '../kit/fake-ec2';
import { expireLeases, Launching, ripenOrders } from '../kit/launching';
import { buildLauncher, LauncherProcess } from './launcher-process';

const USER_DATA = '#!/bin/sh\necho "Grüße, Welt"\n';

let api: TestApi;
let folder: string;
let program: string;
let account: TestAccount;
let launching: Launching;
let ground: Ground;
let catalog: TestCatalog;
let region: string;
let server: Data;
let fake: FakeEc2;
let launchers: LauncherProcess[];

beforeAll(async () => {
  api = await startApi();
  folder = await mkdtemp(join(tmpdir(), 'launcher ec2 '));
  program = buildLauncher(folder);
  catalog = new TestCatalog(api.dataSource);
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  launchers = [];
  fake = await FakeEc2.start();
  account = await api.account();
  launching = await Launching.of(api, account);
  ground = await makeGround(api.dataSource, account);
  const [cloud] = await api.dataSource.query('SELECT region FROM clouds WHERE id = $1', [
    ground.place.cloud.key,
  ]);
  region = cloud.region;
  server = await define(account, 'createServer', {
    ...ground.server,
    name: 'front end',
    choices: { userData: USER_DATA },
  });
});
afterEach(async () => {
  await Promise.all(launchers.map((launcher) => launcher.stop('SIGKILL')));
  await fake.stop();
});

function start(environment: Record<string, string> = {}): LauncherProcess {
  const launcher = new LauncherProcess(program, {
    MCI_GRAPH_URL: `${api.url}/graphql`,
    MCI_GRAPH_TOKEN: launching.machine,
    LAUNCHER_POLL_SECONDS: '0.2',
    LAUNCHER_REGIONS: region,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_EC2: fake.url,
    ...environment,
  });
  launchers.push(launcher);
  return launcher;
}

/** @returns the id of the instance */
const launch = async (): Promise<string> =>
  (await launching.act('launchServer', { id: server.id })).server.current.id;

/** Launches the server with a launcher, and has it operational. @returns the ids of instance and machine */
async function running(launcher: LauncherProcess): Promise<{ instanceId: string; machine: string }> {
  const instanceId = await launch();
  await launcher.logged('completed', { kind: 'LAUNCH' });
  await launching.report(instanceId, 'OPERATIONAL');
  return { instanceId, machine: fake.machines[0]?.id ?? '' };
}

async function lastOrder(instanceId: string): Promise<Data> {
  return (await launching.orders(instanceId)).at(-1);
}

const image = async (id: string): Promise<Data> =>
  (await account.query('query($id: ID!) { cloudImage(id: $id) { resourceUid lifecycle } }', { id }))
    .cloudImage;

/** @returns a module under which minutes pass in a second */
async function fastClock(): Promise<string> {
  const file = join(folder, 'fast clock.js');
  await writeFile(
    file,
    'const { now } = Date; const start = now(); Date.now = () => start + (now() - start) * 100;\n',
  );
  return file;
}

describe('the example launcher', () => {
  test('R-8.9 launches with exactly the frozen values, and hands the enrolment token to the machine only', async () => {
    const kernel = await catalog.image(ground.place.cloud, { imageType: 'KERNEL' });
    const ramdisk = await catalog.image(ground.place.cloud, { imageType: 'RAMDISK' });
    server = await define(account, 'createServer', {
      ...ground.server,
      name: 'back end',
      tags: ['env:stage=test', 'db:role=reader', 'db:role=writer', 'spare'],
      choices: { kernelImageId: kernel.id, ramdiskImageId: ramdisk.id, userData: USER_DATA },
    });
    const deliver = join(folder, 'deliver');
    await writeFile(deliver, `#!/bin/sh\ncat > "${folder}/token-$1-$2"\n`);
    await chmod(deliver, 0o755);
    const launcher = start({ LAUNCHER_TOKEN_COMMAND: deliver, LAUNCHER_LAUNCH_TEMPLATE: 'web network' });
    const instanceId = await launch();
    await launcher.logged('completed', { kind: 'LAUNCH' });

    const [order] = await launching.orders(instanceId);
    expect(fake.requests).toEqual([
      {
        action: 'RunInstances',
        region,
        parameters: {
          ClientToken: order.id,
          MinCount: '1',
          MaxCount: '1',
          ImageId: ground.place.image.resourceUid,
          InstanceType: ground.place.type.name,
          KernelId: kernel.resourceUid,
          RamdiskId: ramdisk.resourceUid,
          UserData: Buffer.from(USER_DATA).toString('base64'),
          'LaunchTemplate.LaunchTemplateName': 'web network',
          'TagSpecification.1.ResourceType': 'instance',
          'TagSpecification.1.Tag.1.Key': 'env:stage',
          'TagSpecification.1.Tag.1.Value': 'test',
          'TagSpecification.1.Tag.2.Key': 'db:role',
          'TagSpecification.1.Tag.2.Value': 'reader,writer',
          'TagSpecification.1.Tag.3.Key': 'spare',
          'TagSpecification.1.Tag.3.Value': '',
          'TagSpecification.1.Tag.4.Key': 'Name',
          'TagSpecification.1.Tag.4.Value': 'back end',
          'TagSpecification.1.Tag.5.Key': 'mci-graph:instance',
          'TagSpecification.1.Tag.5.Value': instanceId,
          'TagSpecification.1.Tag.6.Key': 'mci-graph:order',
          'TagSpecification.1.Tag.6.Value': order.id,
        },
      },
    ]);
    const [machine] = fake.machines;
    expect(await launching.instance(instanceId)).toMatchObject({
      state: 'BOOTING',
      resourceUid: machine?.id,
    });
    expect(order).toMatchObject({ state: 'COMPLETED', attempts: 1 });

    const enrolmentToken = await readFile(join(folder, `token-${machine?.id}-${region}`), 'utf8');
    expect(JSON.stringify(launcher.lines)).not.toContain(enrolmentToken);
    const { credential } = await launching.as(null, 'enrolInstance', {
      enrolmentToken,
      resourceUid: machine?.id,
    });
    await launching.as(credential, 'reportInstance', { state: 'OPERATIONAL' });
    expect(await launching.instance(instanceId)).toMatchObject({ state: 'OPERATIONAL' });
  });

  test('R-8.3 terminates, and says so only when the machine has ended', async () => {
    const launcher = start();
    const { instanceId, machine } = await running(launcher);
    await launching.act('terminateServer', { id: server.id });
    await launcher.logged('completed', { kind: 'TERMINATE' });
    expect(fake.machines).toMatchObject([{ id: machine, state: 'terminated' }]);
    expect(fake.requestsOf('DescribeInstances')).toHaveLength(2);
    expect(await launching.instance(instanceId)).toMatchObject({ state: 'TERMINATED', resourceUid: machine });
    expect(await lastOrder(instanceId)).toMatchObject({ kind: 'TERMINATE', state: 'COMPLETED' });
  });

  test('R-8.8 bundles, and says so only when the image can be launched', async () => {
    const launcher = start();
    const { instanceId, machine } = await running(launcher);
    const bundle = { instanceId, name: 'golden: 1', description: 'of the front end' };
    const { cloudImage, order } = await launching.act('bundleInstance', bundle);
    await launcher.logged('completed', { kind: 'BUNDLE' });
    expect(fake.requestsOf('CreateImage')[0]?.parameters).toEqual({
      InstanceId: machine,
      Name: `golden- 1 ${order.id}`,
      Description: 'of the front end',
      'TagSpecification.1.ResourceType': 'image',
      'TagSpecification.1.Tag.1.Key': 'Name',
      'TagSpecification.1.Tag.1.Value': 'golden: 1',
      'TagSpecification.1.Tag.2.Key': 'mci-graph:order',
      'TagSpecification.1.Tag.2.Value': order.id,
    });
    expect(fake.images).toMatchObject([{ state: 'available' }]);
    expect(fake.requestsOf('DescribeImages')).toHaveLength(2);
    expect(await image(cloudImage.id)).toEqual({
      resourceUid: fake.images[0]?.id,
      lifecycle: 'AVAILABLE',
    });
  });

  test('R-8.8 waits for an image that EC2 does not show yet', async () => {
    const launcher = start();
    const { instanceId } = await running(launcher);
    fake.hiddenLooks = 3;
    const { cloudImage } = await launching.act('bundleInstance', { instanceId, name: 'golden' });
    await launcher.logged('completed', { kind: 'BUNDLE' });
    expect(fake.requestsOf('DescribeImages')).toHaveLength(5);
    expect(await image(cloudImage.id)).toEqual({
      resourceUid: fake.images[0]?.id,
      lifecycle: 'AVAILABLE',
    });
    expect(await lastOrder(instanceId)).toMatchObject({ state: 'COMPLETED', attempts: 1 });
  });

  test('takes only orders of its clouds, and many at a time', async () => {
    const elsewhere = await makeGround(api.dataSource, account);
    const azure = await makeGround(api.dataSource, account);
    await api.dataSource.query(`UPDATE clouds SET cloud_type = 'azure', region = $2 WHERE id = $1`, [
      azure.place.cloud.key,
      region,
    ]);
    const foreign = await Promise.all(
      [elsewhere, azure].map(async (other) => {
        const { id } = await define(account, 'createServer', other.server);
        return (await launching.act('launchServer', { id })).server.current.id as string;
      }),
    );
    const array = await define(account, 'createServerArray', { ...ground.serverArray, maxCount: 25 });
    const { instances } = await launching.act('launchServerArray', { id: array.id, count: 25 });

    const launcher = start({ LAUNCHER_CONCURRENCY: '4' });
    await launcher.logged('completed', { kind: 'LAUNCH' }, 25);
    const orders = await Promise.all(instances.map(({ id }: Data) => lastOrder(id)));
    expect(fake.machines.map(({ clientToken }) => clientToken).toSorted()).toEqual(
      orders.map(({ id }) => id).toSorted(),
    );
    for (const instanceId of foreign)
      expect(await lastOrder(instanceId)).toMatchObject({ state: 'OPEN', attempts: 0 });
  });
});

describe('what EC2 refuses fails the order, with what it said', () => {
  test.each([
    [
      'a limit',
      { status: 400, code: 'VcpuLimitExceeded', message: 'You have requested more vCPU capacity.' },
    ],
    ['a right', { status: 403, code: 'UnauthorizedOperation', message: 'You are not authorized.' }],
  ])('R-8.3 a launch, for %s', async (_name, failure) => {
    fake.failNext('RunInstances', failure);
    const instanceId = await launch();
    await start().logged('failed', { kind: 'LAUNCH' });
    const reason = `${failure.code}: ${failure.message}`;
    expect(await launching.instance(instanceId)).toMatchObject({ state: 'TERMINATED', stateReason: reason });
    expect(await lastOrder(instanceId)).toMatchObject({ state: 'FAILED', failure: reason });
    expect(fake.requestsOf('RunInstances')).toHaveLength(1);
    expect(await launching.server(server.id)).toMatchObject({ current: null });
  });

  test('R-8.3 a launch, for want of capacity', async () => {
    const failure = { status: 500, code: 'InsufficientInstanceCapacity', message: 'There is none now.' };
    fake.failNext('RunInstances', failure, failure, failure);
    const instanceId = await launch();
    await start().logged('failed', { kind: 'LAUNCH' });
    expect(await launching.instance(instanceId)).toMatchObject({
      state: 'TERMINATED',
      stateReason: 'InsufficientInstanceCapacity: There is none now.',
    });
  });

  test('R-8.9 a termination: the instance stays, and can be ended again', async () => {
    const launcher = start();
    const { instanceId } = await running(launcher);
    const failure = { status: 400, code: 'OperationNotPermitted', message: 'It is protected.' };
    fake.failNext('TerminateInstances', failure);
    await launching.act('terminateServer', { id: server.id });
    await launcher.logged('failed', { kind: 'TERMINATE' });
    expect(await launching.instance(instanceId)).toMatchObject({
      state: 'DECOMMISSIONING',
      stateReason: 'OperationNotPermitted: It is protected.',
    });
    await launching.act('terminateServer', { id: server.id });
    await launcher.logged('completed', { kind: 'TERMINATE' });
    expect(await launching.instance(instanceId)).toMatchObject({ state: 'TERMINATED' });
  });

  test('R-8.8 a bundle, also one that fails while it is made', async () => {
    const launcher = start();
    const { instanceId } = await running(launcher);
    const hold = fake.holdNext('CreateImage');
    const { cloudImage } = await launching.act('bundleInstance', { instanceId, name: 'golden' });
    await hold.arrived;
    Object.assign(fake.images[0] ?? {}, { state: 'failed', reason: 'Client.InternalError: no snapshot' });
    hold.release();
    await launcher.logged('failed', { kind: 'BUNDLE' });
    expect(await image(cloudImage.id)).toMatchObject({ lifecycle: 'FAILED' });
    expect(await lastOrder(instanceId)).toMatchObject({
      state: 'FAILED',
      failure: `The image ${fake.images[0]?.id} became failed: Client.InternalError: no snapshot.`,
    });
    expect(fake.images).toMatchObject([{ state: 'deregistered' }]);
    expect(fake.requestsOf('DeregisterImage')[0]?.parameters).toEqual({
      ImageId: fake.images[0]?.id,
      DeleteAssociatedSnapshots: 'true',
    });
  });

  test('R-8.8 a bundle that failed, and whose image may not be deleted', async () => {
    const launcher = start();
    const { instanceId } = await running(launcher);
    const hold = fake.holdNext('CreateImage');
    await launching.act('bundleInstance', { instanceId, name: 'golden' });
    await hold.arrived;
    Object.assign(fake.images[0] ?? {}, { state: 'failed', reason: 'no snapshot' });
    const refusal = { status: 403, code: 'UnauthorizedOperation', message: 'You are not authorized.' };
    fake.failNext('DeregisterImage', refusal);
    hold.release();
    await launcher.logged('failed', { kind: 'BUNDLE' });
    expect((await lastOrder(instanceId)).failure).toBe(
      `The image ${fake.images[0]?.id} became failed: no snapshot. EC2 keeps it: UnauthorizedOperation: You are not authorized.`,
    );
  });

  test('R-8.8 a bundle whose image EC2 never shows', async () => {
    // Its leases pass as fast: by the longest it has half a minute to ask and answer the service.
    const launcher = start({
      NODE_OPTIONS: `--require "${await fastClock()}"`,
      LAUNCHER_LEASE_SECONDS: '3600',
    });
    const { instanceId } = await running(launcher);
    fake.hiddenLooks = Infinity;
    const { cloudImage } = await launching.act('bundleInstance', { instanceId, name: 'golden' });
    await launcher.logged('failed', { kind: 'BUNDLE' });
    expect(await image(cloudImage.id)).toMatchObject({ lifecycle: 'FAILED' });
    expect((await lastOrder(instanceId)).failure).toBe(
      `InvalidAMIID.NotFound: The image id '[${fake.images[0]?.id}]' does not exist`,
    );
    expect(fake.requestsOf('DescribeImages').length).toBeGreaterThan(1);
  });

  test('R-8.8 a bundle that the catalog got before from a listing', async () => {
    const launcher = start();
    const { instanceId } = await running(launcher);
    const hold = fake.holdNext('CreateImage');
    const { cloudImage } = await launching.act('bundleInstance', { instanceId, name: 'golden' });
    await hold.arrived;
    const listed = { resourceUid: fake.images[0]?.id, ownerAccountId: account.key };
    await catalog.image(ground.place.cloud, listed);
    hold.release();
    await launcher.logged('failed', { kind: 'BUNDLE' });
    expect(await image(cloudImage.id)).toMatchObject({ lifecycle: 'FAILED' });
    expect((await lastOrder(instanceId)).failure).toContain('use that image');
    expect(fake.images).toMatchObject([{ state: 'available' }]);
  });
});

describe('R-8.9 what may pass is left to the next attempt', () => {
  test.each([
    ['too many calls', { status: 503, code: 'RequestLimitExceeded', message: 'Request limit exceeded.' }],
    ['a fault of EC2', { status: 500, code: 'InternalError', message: 'An internal error has occurred.' }],
  ])('%s', async (_name, failure) => {
    fake.failNext('RunInstances', failure, failure, failure);
    const instanceId = await launch();
    const launcher = start();
    await launcher.logged('left to the next attempt', { kind: 'LAUNCH' });
    expect(await lastOrder(instanceId)).toMatchObject({ state: 'CLAIMED', attempts: 1 });
    await expireLeases(api.dataSource);
    await launcher.logged('completed', { kind: 'LAUNCH' });
    expect(await lastOrder(instanceId)).toMatchObject({ state: 'COMPLETED', attempts: 2 });
    expect(fake.machines).toHaveLength(1);
  });

  test('wrong credentials of the launcher', async () => {
    const failure = { status: 401, code: 'AuthFailure', message: 'AWS was not able to validate them.' };
    fake.failNext('RunInstances', failure, failure, failure);
    const instanceId = await launch();
    await start().logged('left to the next attempt', { kind: 'LAUNCH' });
    expect(await lastOrder(instanceId)).toMatchObject({ state: 'CLAIMED' });
  });

  test('a token that could not be delivered: the next attempt finds the machine and delivers its own', async () => {
    const deliver = join(folder, 'deliver once');
    const marker = join(folder, 'failed once');
    const script = `[ -e '${marker}' ] || { touch '${marker}'; echo 'no store' >&2; exit 1; }\ncat > '${folder}/second'`;
    await writeFile(deliver, `#!/bin/sh\n${script}\n`);
    await chmod(deliver, 0o755);
    const instanceId = await launch();
    const launcher = start({ LAUNCHER_TOKEN_COMMAND: deliver });
    const left = await launcher.logged('left to the next attempt', { kind: 'LAUNCH' });
    expect(left['reason']).toContain('no store');
    expect(await launching.instance(instanceId)).toMatchObject({ state: 'PENDING' });
    await expireLeases(api.dataSource);
    await launcher.logged('completed', { kind: 'LAUNCH' });
    const enrolmentToken = await readFile(join(folder, 'second'), 'utf8');
    await launching.as(null, 'enrolInstance', { enrolmentToken, resourceUid: fake.machines[0]?.id });
    expect(fake.machines).toHaveLength(1);
  });

  test('a token command that ends before it read: its own words are the reason, not those of the broken pipe', async () => {
    const command = join(folder, 'read nothing');
    await writeFile(command, `#!/bin/sh\nexec <&-\necho 'no store' >&2\nexit 1\n`);
    await chmod(command, 0o755);
    // More than a pipe holds: it breaks in every run.
    const token = 'x'.repeat(1_000_000);
    const { signal } = new AbortController();
    const delivered = deliverToken({ command, machine: 'i-1', region: 'us-east-1', token, signal });
    await expect(delivered).rejects.toThrow('LAUNCHER_TOKEN_COMMAND failed for i-1: no store');
  });

  test('a machine that EC2 does not know yet; the second time it is gone', async () => {
    const launcher = start();
    const { instanceId } = await running(launcher);
    fake.machines.length = 0;
    await launching.act('terminateServer', { id: server.id });
    await launcher.logged('left to the next attempt', { kind: 'TERMINATE' });
    expect(await launching.instance(instanceId)).toMatchObject({ state: 'DECOMMISSIONING' });
    await expireLeases(api.dataSource);
    await launcher.logged('completed', { kind: 'TERMINATE' });
    expect(await launching.instance(instanceId)).toMatchObject({ state: 'TERMINATED' });
  });
});

describe('R-8.9 a launcher that is killed between the cloud call and its report', () => {
  const killDuring = async (launcher: LauncherProcess, action: string, act: () => Promise<unknown>) => {
    const hold = fake.holdNext(action);
    await act();
    await hold.arrived;
    await launcher.stop('SIGKILL');
    hold.release();
  };

  test('has launched one machine: the next attempt reports it', async () => {
    await killDuring(start(), 'RunInstances', launch);
    const { current } = await launching.server(server.id);
    expect(current).toMatchObject({ state: 'PENDING', resourceUid: null });
    await expireLeases(api.dataSource);
    await start().logged('completed', { kind: 'LAUNCH' });
    expect(fake.requestsOf('RunInstances')).toHaveLength(2);
    expect(fake.machines).toHaveLength(1);
    expect(await launching.instance(current.id)).toMatchObject({
      state: 'BOOTING',
      resourceUid: fake.machines[0]?.id,
    });
  });

  test('also when the tags of the instance have changed since', async () => {
    await killDuring(start(), 'RunInstances', launch);
    const { current } = await launching.server(server.id);
    await account.query(
      'mutation($input: TagsInput!) { addTags(input: $input) { userErrors { message } } }',
      {
        input: { id: current.id, tags: ['late'] },
      },
    );
    await expireLeases(api.dataSource);
    await start().logged('completed', { kind: 'LAUNCH' });
    expect(fake.requestsOf('DescribeInstances')).toHaveLength(1);
    expect(fake.machines).toHaveLength(1);
    expect(await launching.instance(current.id)).toMatchObject({
      state: 'BOOTING',
      resourceUid: fake.machines[0]?.id,
    });
  });

  test('R-8.3 and that is then cancelled: the machine is found by the LAUNCH order, and ended', async () => {
    await killDuring(start(), 'RunInstances', launch);
    const { current } = await launching.server(server.id);
    await launching.act('terminateServer', { id: server.id });
    const launcher = start();
    // Whoever is believed alive may still call the cloud.
    expect(await lastOrder(current.id)).toMatchObject({ kind: 'TERMINATE', state: 'OPEN', attempts: 0 });
    await ripenOrders(api.dataSource);
    await launcher.logged('completed', { kind: 'TERMINATE' });
    expect(fake.machines).toMatchObject([{ state: 'terminated' }]);
    expect(fake.requestsOf('DescribeInstances')[0]?.parameters).toMatchObject({
      'Filter.1.Name': 'client-token',
      'Filter.1.Value.1': (await launching.orders(current.id))[0].id,
    });
    expect(await launching.instance(current.id)).toMatchObject({ state: 'TERMINATED', resourceUid: null });
  });

  test('R-8.3 and that made no machine: it is believed at the second look', async () => {
    const instanceId = await launch();
    await launching.claimOne();
    await launching.act('terminateServer', { id: server.id });
    await ripenOrders(api.dataSource);
    const launcher = start();
    await launcher.logged('left to the next attempt', { kind: 'TERMINATE' });
    expect(await lastOrder(instanceId)).toMatchObject({ kind: 'TERMINATE', state: 'CLAIMED' });
    await expireLeases(api.dataSource);
    await launcher.logged('completed', { kind: 'TERMINATE' });
    expect(await lastOrder(instanceId)).toMatchObject({ state: 'COMPLETED', attempts: 2 });
    expect(fake.requestsOf('TerminateInstances')).toEqual([]);
  });

  test('and whose machine has ended since: the launch failed', async () => {
    await killDuring(start(), 'RunInstances', launch);
    const { current } = await launching.server(server.id);
    Object.assign(fake.machines[0] ?? {}, { state: 'terminated', reason: 'Client.VolumeLimitExceeded' });
    await expireLeases(api.dataSource);
    await start().logged('failed', { kind: 'LAUNCH' });
    expect(await launching.instance(current.id)).toMatchObject({
      state: 'TERMINATED',
      stateReason: `The machine ${fake.machines[0]?.id} ended at once: Client.VolumeLimitExceeded.`,
    });
    expect(fake.machines).toHaveLength(1);
  });

  test('R-8.8 has made one image: the next attempt finds it by its name', async () => {
    const launcher = start();
    const { instanceId } = await running(launcher);
    await killDuring(launcher, 'CreateImage', () =>
      launching.act('bundleInstance', { instanceId, name: 'golden' }),
    );
    await expireLeases(api.dataSource);
    await start().logged('completed', { kind: 'BUNDLE' });
    expect(fake.images).toHaveLength(1);
    const { image: made } = await lastOrder(instanceId);
    expect(await image(made.id)).toEqual({ resourceUid: fake.images[0]?.id, lifecycle: 'AVAILABLE' });
  });
});

describe('R-8.9 a launch that was cancelled while EC2 was asked', () => {
  test('has its machine ended by an order', async () => {
    const launcher = start();
    const hold = fake.holdNext('RunInstances');
    const instanceId = await launch();
    await hold.arrived;
    await launching.act('terminateServer', { id: server.id });
    hold.release();
    await launcher.logged('completed', { kind: 'TERMINATE' });
    expect(fake.machines).toMatchObject([{ state: 'terminated' }]);
    expect(await launching.instance(instanceId)).toMatchObject({
      state: 'TERMINATED',
      resourceUid: fake.machines[0]?.id,
    });
  });

  test('has it ended by the launcher itself, if the claim was lost too', async () => {
    const launcher = start({ LAUNCHER_CONCURRENCY: '1' });
    const hold = fake.holdNext('RunInstances');
    const instanceId = await launch();
    await hold.arrived;
    await expireLeases(api.dataSource);
    await launching.fail(await launching.claimOne(), 'Another launcher gave up.');
    hold.release();
    await launcher.logged('undone', { kind: 'LAUNCH' });
    // Which an order, since an attempt before may have made a machine, finds done.
    await launcher.logged('completed', { kind: 'TERMINATE' });
    expect(fake.machines).toMatchObject([{ state: 'terminated' }]);
    expect(await launching.instance(instanceId)).toMatchObject({
      state: 'TERMINATED',
      stateReason: 'Another launcher gave up.',
    });
  });

  test('keeps it, if another launcher has the order now: that one finds the same machine', async () => {
    const launcher = start({ LAUNCHER_CONCURRENCY: '1' });
    const hold = fake.holdNext('RunInstances');
    await launch();
    await hold.arrived;
    await expireLeases(api.dataSource);
    await launching.claimOne();
    hold.release();
    await launcher.logged('completed too late', { kind: 'LAUNCH' });
    expect(await launcher.stop()).toBe(0);
    expect(fake.machines).toMatchObject([{ state: 'pending' }]);
    expect(fake.requestsOf('TerminateInstances')).toEqual([]);
  });

  test('R-8.8 a bundle that failed meanwhile has its image deleted', async () => {
    const launcher = start({ LAUNCHER_CONCURRENCY: '1' });
    const { instanceId } = await running(launcher);
    const hold = fake.holdNext('CreateImage');
    await launching.act('bundleInstance', { instanceId, name: 'golden' });
    await hold.arrived;
    await expireLeases(api.dataSource);
    await launching.fail(await launching.claimOne(), 'Another launcher gave up.');
    hold.release();
    await launcher.logged('undone', { kind: 'BUNDLE' });
    expect(fake.images).toMatchObject([{ state: 'deregistered' }]);
    expect(fake.requestsOf('DeregisterImage')[0]?.parameters).toEqual({
      ImageId: fake.images[0]?.id,
      DeleteAssociatedSnapshots: 'true',
    });
  });
});

describe('the process', () => {
  test('finishes on SIGTERM what is under way, and takes nothing new', async () => {
    const launcher = start();
    const hold = fake.holdNext('RunInstances');
    const instanceId = await launch();
    await hold.arrived;
    launcher.kill('SIGTERM');
    await launcher.logged('stopping', { underWay: 1 });
    const second = await define(account, 'createServer', { ...ground.server, name: 'second' });
    const later = (await launching.act('launchServer', { id: second.id })).server.current.id;
    hold.release();
    expect(await launcher.exit()).toBe(0);
    expect(await launching.instance(instanceId)).toMatchObject({ state: 'BOOTING' });
    expect(await lastOrder(later)).toMatchObject({ state: 'OPEN', attempts: 0 });
  });

  test('waits for a service that is not there', async () => {
    const gone = await FakeEc2.start();
    const { url } = gone;
    await gone.stop();
    const launcher = start({ MCI_GRAPH_URL: url });
    const line = await launcher.logged('no orders could be claimed', {}, 2);
    expect(line['reason']).toContain('ECONNREFUSED');
    expect(await launcher.stop()).toBe(0);
  });

  test('ends with what is wrong with its settings', async () => {
    const launcher = start({ MCI_GRAPH_TOKEN: '', MCI_GRAPH_URL: 'localhost', LAUNCHER_LEASE_SECONDS: '5' });
    expect(await launcher.exit()).toBe(1);
    expect(launcher.errorOutput).toBe(
      `MCI_GRAPH_URL must be the address of /graphql, http or https.
MCI_GRAPH_TOKEN must be an access token with the role INFRASTRUCTURE.
LAUNCHER_LEASE_SECONDS must be a whole number from 60 to 3600.
`,
    );
  });

  test('R-2.1 ends when its token lacks the role, or is none', async () => {
    for (const token of [await account.tokenWith('ACTOR'), 'nonsense']) {
      const launcher = start({ MCI_GRAPH_TOKEN: token });
      expect(await launcher.exit()).toBe(1);
      expect(launcher.errorOutput).toMatch(/^The service refuses MCI_GRAPH_TOKEN: /);
      expect(launcher.errorOutput).not.toContain(token);
    }
  });
});
