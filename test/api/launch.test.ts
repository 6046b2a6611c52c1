import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { auditOf, done, refused } from '../kit/components';
import { define, makeGround, readDefined, type Ground } from '../kit/definitions';
import { expireLeases, Launching, ripenOrders } from '../kit/launching';

let api: TestApi;
let account: TestAccount;
let launching: Launching;
let ground: Ground;
let server: Data;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
  launching = await Launching.of(api, account);
  ground = await makeGround(api.dataSource, account);
  server = await define(account, 'createServer', { ...ground.server, tags: ['env:stage=test'] });
});

const launch = async (id: string = server.id): Promise<Data> =>
  (await launching.act('launchServer', { id })).server.current;

const lastAudit = async (): Promise<Data> => (await auditOf(account)).at(-1);

describe('R-8.2 launchServer', () => {
  test('freezes what next would launch into a PENDING instance, with an open order', async () => {
    const catalog = new TestCatalog(api.dataSource);
    const kernel = await catalog.image(ground.place.cloud, { imageType: 'KERNEL' });
    await done(account, 'setMultiCloudImageSetting', {
      multiCloudImageId: ground.mci.id,
      expectedVersion: ground.mci.version,
      ...ground.place.setting,
      kernelImageId: kernel.id,
      userData: '#cloud-config',
    });
    await done(account, 'addTags', {
      id: ground.mci.id,
      expectedVersion: 2,
      tags: ['mci:a=b', 'env:stage=x'],
    });
    const payload = await launching.act('launchServer', { id: server.id });
    expect(payload.server.state).toBe('PENDING');
    const instance = payload.server.current;
    expect(instance).toMatchObject({
      name: 'server',
      state: 'PENDING',
      stateReason: null,
      resourceUid: null,
      operationalAt: null,
      terminatedAt: null,
      bootSeconds: null,
      userData: '#cloud-config',
      tags: ['env:stage=test', 'mci:a=b', 'env:stage=x'],
      image: { id: ground.place.image.id },
      imageResourceUid: ground.place.image.resourceUid,
      instanceType: { id: ground.place.type.id },
      kernelImage: { id: kernel.id },
      ramdiskImage: null,
      multiCloudImage: { id: ground.mci.id },
      serverTemplate: { id: ground.template.id },
      launchedFrom: { id: ground.template.id },
      server: { id: server.id },
      serverArray: null,
      cloud: { id: ground.place.cloud.id },
    });
    expect(await launching.orders(instance.id)).toEqual([
      expect.objectContaining({ kind: 'LAUNCH', state: 'OPEN', attempts: 0 }),
    ]);
    const [row] = await api.dataSource.query(
      'SELECT launched_from_version, multi_cloud_image_version, launched_tags FROM instances WHERE id = $1',
      [instance.id.slice(4)],
    );
    expect(row).toEqual({
      launched_from_version: ground.template.version,
      multi_cloud_image_version: 3,
      launched_tags: ['env:stage=test', 'mci:a=b', 'env:stage=x'],
    });
    expect(await lastAudit()).toEqual({ action: 'server.launch', changes: { instances: [instance.id] } });
  });

  test('what is frozen stays when everything behind it changes (R-8.1)', async () => {
    const before = await launch();
    const catalog = new TestCatalog(api.dataSource);
    const other = await catalog.image(ground.place.cloud);
    await done(account, 'setMultiCloudImageSetting', {
      multiCloudImageId: ground.mci.id,
      expectedVersion: ground.mci.version,
      ...ground.place.setting,
      imageId: other.id,
    });
    await define(account, 'updateServerNext', {
      id: server.id,
      expectedVersion: server.version,
      choices: { userData: 'changed' },
    });
    expect(await launching.instance(before.id)).toEqual(before);
  });

  test('a running server is not launched again, whatever state it runs in', async () => {
    const { id } = await launch();
    const again = () => launching.refusedToPeople('launchServer', { id: server.id });
    const refusal = { code: 'ALREADY_RUNNING', path: ['input', 'id'] };
    expect(await again()).toMatchObject(refusal);
    await launching.complete(await launching.claimOne(), 'i-1');
    expect(await again()).toMatchObject(refusal);
    await launching.report(id, 'STRANDED');
    expect(await again()).toMatchObject(refusal);
    await launching.act('terminateServer', { id: server.id });
    expect(await again()).toMatchObject(refusal);
    await launching.complete(await launching.claimOne());
    expect((await launch()).state).toBe('PENDING');
  });

  test('of many launches at once one wins, and the others are ALREADY_RUNNING', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => launching.request(account.token, 'launchServer', { id: server.id })),
    );
    const codes = answers.map(({ data }) => data.launchServer.userErrors[0]?.code ?? 'launched');
    expect(codes.sort()).toEqual([...Array<string>(7).fill('ALREADY_RUNNING'), 'launched']);
    const { instances } = await launching.server(server.id);
    expect(instances.edges).toHaveLength(1);
    expect(await launching.orders(instances.edges[0].node.id)).toHaveLength(1);
  });

  test.each([
    ['OBSOLETE', 'INVALID', /is not available in cloud/],
    ['DELETED', 'INVALID', /no longer exists in cloud/],
  ] as const)('an image that is %s blocks it with its advisories', async (lifecycle, code, message) => {
    await new TestCatalog(api.dataSource).updateImage(ground.place.image, { lifecycle });
    const refusal = await launching.refusedToPeople('launchServer', { id: server.id });
    expect(refusal).toMatchObject({ code, path: ['input', 'id'], message: expect.stringMatching(message) });
  });

  test('a setting that is gone blocks it: CLOUD_NOT_SUPPORTED, with what would do', async () => {
    const elsewhere = await new TestCatalog(api.dataSource).place();
    const other = await done(account, 'createMultiCloudImage', {
      name: 'other',
      settings: [ground.place.setting],
    });
    const { version } = await done(account, 'addServerTemplateMultiCloudImage', {
      serverTemplateId: ground.template.id,
      expectedVersion: ground.template.version,
      multiCloudImageId: other.id,
    });
    expect(version).toBe(ground.template.version + 1);
    const { version: mciVersion } = await done(account, 'setMultiCloudImageSetting', {
      multiCloudImageId: ground.mci.id,
      expectedVersion: ground.mci.version,
      ...elsewhere.setting,
    });
    await done(account, 'removeMultiCloudImageSetting', {
      multiCloudImageId: ground.mci.id,
      expectedVersion: mciVersion,
      cloudId: ground.place.cloud.id,
    });
    const { data } = await api.request(
      account.token,
      `mutation($input: LaunchServerInput!) { launchServer(input: $input) { server { id } userErrors { code message
        ... on CloudNotSupportedError { supportedClouds { id } alternatives { id } } } } }`,
      { input: { id: server.id } },
    );
    const [refusal] = data.launchServer.userErrors;
    expect(refusal).toMatchObject({ code: 'CLOUD_NOT_SUPPORTED', alternatives: [{ id: other.id }] });
    expect(refusal.supportedClouds.map(({ id }: Data) => id).sort()).toEqual(
      [ground.place.cloud.id, elsewhere.cloud.id].sort(),
    );
    expect(await launching.server(server.id)).toMatchObject({ state: null, current: null });
  });

  test('an image of its own, but no type: INSTANCE_TYPE_MISSING', async () => {
    await define(account, 'updateServerNext', {
      id: server.id,
      expectedVersion: server.version,
      choices: { imageId: ground.place.image.id },
    });
    await done(account, 'removeMultiCloudImageSetting', {
      multiCloudImageId: ground.mci.id,
      expectedVersion: ground.mci.version,
      cloudId: ground.place.cloud.id,
    });
    const refusal = await launching.refusedToPeople('launchServer', { id: server.id });
    expect(refusal).toMatchObject({ code: 'INSTANCE_TYPE_MISSING' });
  });

  test('a deleted server is NOT_EDITABLE, one of another account NOT_FOUND', async () => {
    const stranger = await Launching.of(api, await api.account());
    expect(await stranger.refusedToPeople('launchServer', { id: server.id })).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'id'],
    });
    await define(account, 'deleteServer', { id: server.id });
    expect(await launching.refusedToPeople('launchServer', { id: server.id })).toMatchObject({
      code: 'NOT_EDITABLE',
    });
  });

  test('a cloud call that failed leaves it launchable', async () => {
    const { id } = await launch();
    await launching.fail(await launching.claimOne(), 'InsufficientInstanceCapacity');
    expect(await launching.instance(id)).toMatchObject({
      state: 'TERMINATED',
      stateReason: 'InsufficientInstanceCapacity',
      terminatedAt: expect.any(String),
    });
    expect((await launch()).id).not.toBe(id);
  });
});

describe('R-8.3 terminateServer', () => {
  test('a PENDING instance whose order nobody claimed ends at once', async () => {
    const { id } = await launch();
    const payload = await launching.act('terminateServer', { id: server.id });
    expect(payload.server).toMatchObject({ state: null, current: null });
    expect(await launching.instance(id)).toMatchObject({
      state: 'TERMINATED',
      stateReason: 'Cancelled before the cloud took the call.',
    });
    expect(await launching.orders(id)).toEqual([
      expect.objectContaining({ kind: 'LAUNCH', state: 'FAILED' }),
    ]);
    await launching.claim(0);
    expect(await lastAudit()).toEqual({
      action: 'server.terminate',
      changes: { cancelled: [id], decommissioned: [], orderedAgain: [] },
    });
  });

  test('one whose order is claimed is cancelled, too; a machine that comes nevertheless is ended at once', async () => {
    const { id } = await launch();
    const claimed = await launching.claimOne();
    await launching.act('terminateServer', { id: server.id });
    expect(await launching.instance(id)).toMatchObject({ state: 'TERMINATED', resourceUid: null });
    await launching.claim(0);
    const { order } = await launching.complete(claimed, 'i-late');
    expect(order).toMatchObject({ kind: 'LAUNCH', state: 'FAILED' });
    expect(await launching.instance(id)).toMatchObject({ state: 'TERMINATED', resourceUid: 'i-late' });
    const entries = await auditOf(account);
    await launching.complete(claimed, 'i-late');
    expect(await auditOf(account)).toEqual(entries);
    const ending = await launching.claimOne();
    expect(ending).toMatchObject({ order: { kind: 'TERMINATE' }, resourceUid: 'i-late' });
    expect((await launching.complete(ending)).order.state).toBe('COMPLETED');
    await launching.complete(claimed, 'i-late');
    await launching.claim(0);
  });

  test('a machine that runs is DECOMMISSIONING until its order is completed', async () => {
    const id = await launching.boot(server.id, 'i-1');
    const { server: after } = await launching.act('terminateServer', { id: server.id });
    expect(after).toMatchObject({ state: 'DECOMMISSIONING', current: { id } });
    const claimed = await launching.claimOne();
    expect(claimed).toMatchObject({
      order: { kind: 'TERMINATE' },
      resourceUid: 'i-1',
      enrolmentToken: null,
      launch: null,
    });
    await launching.complete(claimed);
    expect(await launching.instance(id)).toMatchObject({
      state: 'TERMINATED',
      terminatedAt: expect.any(String),
    });
    expect(await launching.refusedToPeople('terminateServer', { id: server.id })).toMatchObject({
      code: 'NOT_RUNNING',
    });
  });

  test('after a failed order it can be asked for again; asked twice it changes nothing', async () => {
    const id = await launching.boot(server.id, 'i-1');
    await launching.act('terminateServer', { id: server.id });
    const entries = await auditOf(account);
    await launching.act('terminateServer', { id: server.id });
    expect(await auditOf(account)).toEqual(entries);
    await launching.fail(await launching.claimOne(), 'OperationNotPermitted');
    expect(await launching.instance(id)).toMatchObject({
      state: 'DECOMMISSIONING',
      stateReason: 'OperationNotPermitted',
    });
    await launching.claim(0);
    await launching.act('terminateServer', { id: server.id });
    await launching.complete(await launching.claimOne());
    expect((await launching.instance(id)).state).toBe('TERMINATED');
    expect((await launching.orders(id)).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'LAUNCH COMPLETED',
      'TERMINATE FAILED',
      'TERMINATE COMPLETED',
    ]);
  });
});

describe('R-8.3 a cancelled launch leaves no machine behind', () => {
  const cancelled = async (): Promise<{ id: string; claimed: Data }> => {
    const { id } = await launch();
    const claimed = await launching.claimOne({ leaseSeconds: 3000 });
    await launching.act('terminateServer', { id: server.id });
    return { id, claimed };
  };

  test('whose launcher died: it is looked for by the LAUNCH order, after the lease; there may be none', async () => {
    const { id, claimed } = await cancelled();
    expect(await launching.orders(id)).toMatchObject([
      { kind: 'LAUNCH', state: 'FAILED' },
      { kind: 'TERMINATE', state: 'OPEN', claimableAt: claimed.order.leaseExpiresAt },
    ]);
    await launching.claim(0);
    await ripenOrders(api.dataSource);
    const search = await launching.claimOne();
    expect(search).toMatchObject({
      order: { kind: 'TERMINATE' },
      resourceUid: null,
      launchOrder: { id: claimed.order.id },
      launch: null,
    });
    expect((await launching.complete(search)).order.state).toBe('COMPLETED');
    expect(await launching.instance(id)).toMatchObject({ state: 'TERMINATED', resourceUid: null });
    await launching.claim(0);
  });

  test('nor when the claim had expired before: it is looked for at once', async () => {
    const { id } = await launch();
    const claimed = await launching.claimOne();
    await expireLeases(api.dataSource);
    await launching.act('relaunchServer', { id: server.id });
    expect((await launching.instance(id)).state).toBe('TERMINATED');
    const orders = await launching.claim(2);
    expect(orders.map(({ order, launchOrder }) => [order.kind, launchOrder]).sort()).toEqual([
      ['LAUNCH', null],
      ['TERMINATE', { id: claimed.order.id }],
    ]);
  });

  test('a launcher that answers that the cloud refused: what an earlier attempt made is looked for at once', async () => {
    const { claimed } = await cancelled();
    await launching.claim(0);
    expect((await launching.fail(claimed, 'no capacity')).order.state).toBe('FAILED');
    const search = await launching.claimOne();
    expect(search).toMatchObject({ order: { kind: 'TERMINATE' }, launchOrder: { id: claimed.order.id } });
    expect(await auditOf(account)).toContainEqual({
      action: 'launchOrder.fail',
      changes: expect.objectContaining({ kind: 'LAUNCH', reason: 'no capacity', tooLate: true }),
    });
    // Said again, it changes nothing for whoever looks.
    const entries = await auditOf(account);
    await launching.fail(claimed, 'no capacity');
    expect(await auditOf(account)).toEqual(entries);
    await launching.complete(search);
  });

  test('nor does one that failed, of which an earlier attempt may have made a machine', async () => {
    const { id } = await launch();
    await launching.claimOne();
    await expireLeases(api.dataSource);
    const second = await launching.claimOne();
    await launching.fail(second, 'UnauthorizedOperation');
    expect(await launching.instance(id)).toMatchObject({ state: 'TERMINATED' });
    expect(await launching.claimOne()).toMatchObject({
      order: { kind: 'TERMINATE' },
      launchOrder: { id: second.order.id },
    });
  });

  test('that becomes known while somebody looks for it: that search is void, and the machine is ended by its id', async () => {
    const { claimed } = await cancelled();
    await ripenOrders(api.dataSource);
    const search = await launching.claimOne();
    await launching.complete(claimed, 'i-late');
    expect(
      await launching.refusedToMachines('completeLaunchOrder', {
        orderId: search.order.id,
        claimId: search.claimId,
      }),
    ).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'claimId'] });
    // By an order of its own: "not found" is not to be believed at the first attempt.
    const ending = await launching.claimOne();
    expect(ending.order.id).not.toBe(search.order.id);
    expect(ending).toMatchObject({ order: { attempts: 1 }, resourceUid: 'i-late', launchOrder: null });
    await launching.complete(ending);
    await launching.claim(0);
  });

  test('that becomes known after it was looked for in vain', async () => {
    const { claimed } = await cancelled();
    await ripenOrders(api.dataSource);
    await launching.complete(await launching.claimOne());
    await launching.complete(claimed, 'i-late');
    const ending = await launching.claimOne();
    expect(ending).toMatchObject({ order: { kind: 'TERMINATE' }, resourceUid: 'i-late' });
    await launching.complete(ending);
    await launching.complete(claimed, 'i-late');
    await launching.claim(0);
  });

  test('that was known before it was cancelled: whether it is to be ended, the orders tell', async () => {
    const { id } = await launch();
    const claimed = await launching.claimOne();
    await launching.report(id, 'PENDING', { resourceUid: 'i-known' });
    await launching.act('terminateServer', { id: server.id });
    const ending = await launching.claimOne();
    expect(ending).toMatchObject({ order: { kind: 'TERMINATE' }, resourceUid: 'i-known' });
    await launching.complete(claimed, 'i-known');
    await launching.complete(ending);
    await launching.claim(0);
    expect(await launching.orders(id)).toHaveLength(2);
  });

  test('that was known, and of which no order was given: answering late gives one', async () => {
    const { id } = await launch();
    const claimed = await launching.claimOne();
    await launching.report(id, 'TERMINATED', { resourceUid: 'i-known' });
    await launching.claim(0);
    await launching.complete(claimed, 'i-known');
    await launching.complete(claimed, 'i-known');
    expect(await launching.claimOne()).toMatchObject({
      order: { kind: 'TERMINATE' },
      resourceUid: 'i-known',
    });
  });

  test('that runs, as the cloud says, though its instance is TERMINATED: it is ended, and said so once', async () => {
    const { id } = await cancelled();
    await ripenOrders(api.dataSource);
    await launching.complete(await launching.claimOne());
    for (let time = 0; time < 2; time++)
      expect((await launching.report(id, 'OPERATIONAL', { resourceUid: 'i-seen' })).instance).toMatchObject({
        state: 'TERMINATED',
        resourceUid: 'i-seen',
      });
    const reports = (await auditOf(account)).filter(({ action }) => action === 'instance.report');
    expect(reports.map(({ changes }) => changes)).toEqual([
      { running: 'OPERATIONAL', resourceUid: 'i-seen', tooLate: true },
    ]);
    const ending = await launching.claimOne();
    expect(ending).toMatchObject({ order: { kind: 'TERMINATE' }, resourceUid: 'i-seen' });
    await launching.report(id, 'BOOTING', { resourceUid: 'i-seen' });
    await launching.complete(ending);
    await launching.claim(0);
    // Still there: what was said to have ended has not.
    await launching.report(id, 'STRANDED', { resourceUid: 'i-seen' });
    expect(await launching.claimOne()).toMatchObject({ order: { kind: 'TERMINATE' }, resourceUid: 'i-seen' });
    const report = { instanceId: id, state: 'OPERATIONAL', resourceUid: 'i-other' };
    expect(await launching.refusedToMachines('reportInstance', report)).toMatchObject({
      code: 'INVALID',
      path: ['input', 'resourceUid'],
    });
  });

  test('nor is a machine ended that another instance is now', async () => {
    const first = await launching.boot(server.id, 'i-1');
    await launching.report(first, 'TERMINATED');
    await launching.boot(server.id, 'i-1');
    const report = { instanceId: first, state: 'OPERATIONAL', resourceUid: 'i-1' };
    expect(await launching.refusedToMachines('reportInstance', report)).toMatchObject({
      code: 'INVALID',
      path: ['input', 'resourceUid'],
    });
    await launching.claim(0);
  });

  test('a machine that a search under way has not found yet is ended by its id when it is reported', async () => {
    const { id } = await cancelled();
    await launching.report(id, 'BOOTING', { resourceUid: 'i-seen' });
    expect(await launching.claimOne()).toMatchObject({
      order: { kind: 'TERMINATE', attempts: 1 },
      resourceUid: 'i-seen',
    });
    await ripenOrders(api.dataSource);
    await launching.claim(0);
  });

  test('of which the cloud knows nothing yet, though a launcher may be calling it just now', async () => {
    const { id } = await launch();
    const claimed = await launching.claimOne();
    await launching.report(id, 'TERMINATED');
    await launching.report(id, 'TERMINATED');
    await launching.claim(0);
    await ripenOrders(api.dataSource);
    expect(await launching.claimOne()).toMatchObject({ launchOrder: { id: claimed.order.id } });
  });

  /** An order to end a machine that came late, which could not be carried out for long. */
  const stuck = async (): Promise<{ id: string; orderId: string }> => {
    const { id, claimed } = await cancelled();
    await launching.complete(claimed, 'i-stuck');
    const ending = await launching.claimOne();
    await api.dataSource.query('UPDATE launch_orders SET attempts = 10 WHERE id = $1', [
      ending.order.id.slice(4),
    ]);
    const { order } = await launching.fail(ending, 'try later');
    expect(order).toMatchObject({ state: 'OPEN', failure: 'try later', leaseExpiresAt: null });
    return { id, orderId: order.id };
  };

  test('one that cannot be ended is tried again later, and keeps nobody waiting', async () => {
    const { orderId } = await stuck();
    await launch();
    expect(await launching.claimOne()).toMatchObject({ order: { kind: 'LAUNCH' } });
    await ripenOrders(api.dataSource);
    const again = await launching.claimOne();
    expect(again).toMatchObject({ order: { id: orderId, attempts: 11 }, resourceUid: 'i-stuck' });
    expect((await launching.complete(again)).order).toMatchObject({ state: 'COMPLETED', failure: null });
  });

  test('nor is it tried again when the cloud reports that it is gone', async () => {
    const { id, orderId } = await stuck();
    await launching.report(id, 'TERMINATED', { resourceUid: 'i-stuck' });
    expect((await launching.orders(id)).at(-1)).toMatchObject({ state: 'COMPLETED', failure: null });
    expect(await lastAudit()).toEqual({ action: 'instance.report', changes: { closedOrders: [orderId] } });
    const entries = await auditOf(account);
    await launching.report(id, 'TERMINATED');
    expect(await auditOf(account)).toEqual(entries);
    await launching.claim(0);
  });
});

describe('R-8.3 relaunchServer', () => {
  test('the new order waits until the old machine has ended', async () => {
    const old = await launching.run(server.id, 'i-1');
    const { server: after } = await launching.act('relaunchServer', { id: server.id });
    const fresh = after.current;
    expect(fresh).toMatchObject({ state: 'PENDING' });
    expect(fresh.id).not.toBe(old);
    expect((await launching.instance(old)).state).toBe('DECOMMISSIONING');
    expect(await launching.orders(fresh.id)).toEqual([expect.objectContaining({ state: 'WAITING' })]);
    const ending = await launching.claimOne();
    expect(ending).toMatchObject({ order: { kind: 'TERMINATE' }, resourceUid: 'i-1' });
    await launching.claim(0);
    await launching.complete(ending);
    const launched = await launching.claimOne();
    expect(launched.order.kind).toBe('LAUNCH');
    await launching.complete(launched, 'i-2');
    expect(await launching.instance(fresh.id)).toMatchObject({ state: 'BOOTING', resourceUid: 'i-2' });
    expect(await auditOf(account)).toContainEqual({
      action: 'server.relaunch',
      changes: { replaced: [old], instances: [fresh.id], immediately: false },
    });
  });

  test('immediately, both can be claimed', async () => {
    await launching.run(server.id, 'i-1');
    await launching.act('relaunchServer', { id: server.id, immediately: true });
    const orders = await launching.claim(2);
    expect(orders.map(({ order }) => order.kind).sort()).toEqual(['LAUNCH', 'TERMINATE']);
  });

  test('a machine that the cloud reports gone opens what waits for it, too', async () => {
    const old = await launching.run(server.id, 'i-1');
    await launching.act('relaunchServer', { id: server.id });
    await launching.report(old, 'TERMINATED', { reason: 'spot interruption' });
    expect((await launching.orders(old)).map(({ state }) => state)).toEqual(['COMPLETED', 'COMPLETED']);
    expect(await launching.claimOne()).toMatchObject({ order: { kind: 'LAUNCH' } });
  });

  test('of a PENDING instance: that one is cancelled, and nothing waits', async () => {
    const { id } = await launch();
    const { server: after } = await launching.act('relaunchServer', { id: server.id });
    expect((await launching.instance(id)).state).toBe('TERMINATED');
    expect(await launching.orders(after.current.id)).toEqual([expect.objectContaining({ state: 'OPEN' })]);
  });

  test('again, before the old one has ended: the newest still waits for it', async () => {
    await launching.run(server.id, 'i-1');
    await launching.act('relaunchServer', { id: server.id });
    const { server: after } = await launching.act('relaunchServer', { id: server.id });
    expect(after.instances.edges.map(({ node }: Data) => node.state)).toEqual([
      'PENDING',
      'TERMINATED',
      'DECOMMISSIONING',
    ]);
    expect(await launching.orders(after.current.id)).toEqual([expect.objectContaining({ state: 'WAITING' })]);
    await launching.complete(await launching.claimOne());
    expect(await launching.claimOne()).toMatchObject({ order: { kind: 'LAUNCH' } });
  });

  test('while several machines leave: the new order waits for all of them', async () => {
    await launching.run(server.id, 'i-1');
    await launching.act('relaunchServer', { id: server.id, immediately: true });
    const [first, second] = await launching.claim(2);
    const [ending, launched] = first.order.kind === 'TERMINATE' ? [first, second] : [second, first];
    await launching.complete(launched, 'i-2');
    const { server: after } = await launching.act('relaunchServer', { id: server.id });
    const { id } = after.current;
    const last = await launching.claimOne();
    expect(last).toMatchObject({ order: { kind: 'TERMINATE' }, resourceUid: 'i-2' });
    await launching.complete(last);
    expect(await launching.orders(id)).toMatchObject([{ state: 'WAITING', claimableAt: null }]);
    await launching.complete(ending);
    expect(await launching.orders(id)).toMatchObject([{ state: 'OPEN', claimableAt: expect.any(String) }]);
  });

  test('of machines that end at the same time, the last one opens what waits', async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await define(account, 'createServer', ground.server);
      await launching.act('launchServer', { id });
      await launching.complete(await launching.claimOne(), `i-${round}-1`);
      await launching.act('relaunchServer', { id, immediately: true });
      const claims = await launching.claim(2);
      await launching.complete(
        claims.find(({ order }) => order.kind === 'LAUNCH'),
        `i-${round}-2`,
      );
      await launching.act('relaunchServer', { id });
      const endings = [claims.find(({ order }) => order.kind === 'TERMINATE'), await launching.claimOne()];
      await Promise.all(endings.map((ending) => launching.complete(ending)));
      const launched = await launching.claimOne();
      expect(launched.order.kind).toBe('LAUNCH');
      await launching.complete(launched, `i-${round}-3`);
    }
  });

  test('the wait for the old machine is no boot time', async () => {
    await launching.run(server.id, 'i-1');
    const { server: after } = await launching.act('relaunchServer', { id: server.id });
    const { id } = after.current;
    // An hour ago.
    await api.dataSource.query('ALTER TABLE instances DISABLE TRIGGER instances_frozen');
    await api.dataSource.query(
      `UPDATE instances SET launched_at = launched_at - interval '1 hour' WHERE id = $1`,
      [id.slice(4)],
    );
    await api.dataSource.query('ALTER TABLE instances ENABLE TRIGGER instances_frozen');
    await launching.complete(await launching.claimOne());
    const [{ claimableAt }] = await launching.orders(id);
    await launching.complete(await launching.claimOne(), 'i-2');
    await launching.report(id, 'OPERATIONAL');
    const { operationalAt, bootSeconds } = await launching.instance(id);
    expect(bootSeconds).toBe((Date.parse(operationalAt) - Date.parse(claimableAt)) / 1000);
    const { serverTemplate } = await account.query(
      'query($id: ID!) { serverTemplate(id: $id) { launchStatistics { launchCount medianBootSeconds } } }',
      { id: ground.template.id },
    );
    expect(serverTemplate.launchStatistics.launchCount).toBe(2);
    expect(serverTemplate.launchStatistics.medianBootSeconds).toBeLessThan(1800);
  });

  test('blocked: nothing happens', async () => {
    const old = await launching.run(server.id, 'i-1');
    await new TestCatalog(api.dataSource).updateImage(ground.place.image, { lifecycle: 'OBSOLETE' });
    expect(await launching.refusedToPeople('relaunchServer', { id: server.id })).toMatchObject({
      code: 'INVALID',
    });
    expect((await launching.instance(old)).state).toBe('OPERATIONAL');
  });

  test('what does not run is not relaunched', async () => {
    expect(await launching.refusedToPeople('relaunchServer', { id: server.id })).toMatchObject({
      code: 'NOT_RUNNING',
    });
  });
});

describe('R-8.5 arrays', () => {
  let array: Data;
  beforeEach(async () => {
    array = await define(account, 'createServerArray', { ...ground.serverArray, maxCount: 4 });
  });

  test('are launched within their maximum, frozen alike, numbered for ever', async () => {
    const first = await launching.act('launchServerArray', { id: array.id, count: 2 });
    expect(first.instances).toMatchObject([
      { name: 'array #1', state: 'PENDING' },
      { name: 'array #2', state: 'PENDING' },
    ]);
    await launching.act('terminateServerArray', { id: array.id, instanceIds: [first.instances[0].id] });
    const second = await launching.act('launchServerArray', { id: array.id, count: 3 });
    expect(second.instances.map(({ name }: Data) => name)).toEqual(['array #3', 'array #4', 'array #5']);
    expect(second.serverArray.instances.totalCount).toBe(4);
    expect(await launching.refusedToPeople('launchServerArray', { id: array.id, count: 1 })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: ['input', 'count'],
    });
    expect(await launching.refusedToPeople('launchServerArray', { id: array.id, count: 0 })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'count'],
    });
    expect(await lastAudit()).toEqual({
      action: 'serverArray.launch',
      changes: { instances: second.instances.map(({ id }: Data) => id) },
    });
  });

  test('two launches at once do not exceed the maximum', async () => {
    const answers = await Promise.all(
      [3, 3].map((count) => launching.request(account.token, 'launchServerArray', { id: array.id, count })),
    );
    const codes = answers.map(({ data }) => data.launchServerArray.userErrors[0]?.code ?? 'launched');
    expect(codes.sort()).toEqual(['LIMIT_EXCEEDED', 'launched']);
  });

  test('end in part, or as a whole, whatever their instances are doing', async () => {
    const { instances } = await launching.act('launchServerArray', { id: array.id, count: 3 });
    const ids = instances.map(({ id }: Data) => id);
    const claimed = await launching.claim(2, { limit: 2 });
    for (const [index, order] of claimed.entries()) await launching.complete(order, `i-${index}`);
    const booting = (await Promise.all(ids.map((id: string) => launching.instance(id)))).filter(
      ({ state }) => state === 'BOOTING',
    );
    expect(booting).toHaveLength(2);
    await launching.act('terminateServerArray', { id: array.id, instanceIds: [booting[0].id] });
    expect((await launching.instance(booting[1].id)).state).toBe('BOOTING');
    await launching.act('terminateServerArray', { id: array.id });
    const states = await Promise.all(ids.map(async (id: string) => (await launching.instance(id)).state));
    expect(states.sort()).toEqual(['DECOMMISSIONING', 'DECOMMISSIONING', 'TERMINATED']);
    for (const order of await launching.claim(2)) await launching.complete(order);
    expect(await launching.refusedToPeople('terminateServerArray', { id: array.id })).toMatchObject({
      code: 'NOT_RUNNING',
      path: ['input', 'id'],
    });
    expect(
      await launching.refusedToPeople('terminateServerArray', { id: array.id, instanceIds: [ids[0]] }),
    ).toMatchObject({ code: 'NOT_RUNNING', path: ['input', 'instanceIds'] });
  });

  test('only their own instances end', async () => {
    const other = await launch();
    expect(
      await launching.refusedToPeople('terminateServerArray', { id: array.id, instanceIds: [other.id] }),
    ).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'instanceIds'] });
    expect(
      await launching.refusedToPeople('terminateServerArray', { id: array.id, instanceIds: [] }),
    ).toMatchObject({ code: 'INVALID', path: ['input', 'instanceIds'] });
  });
});

describe('R-8.3 reports, boot times, forcing', () => {
  test('an operational machine knows how long it took', async () => {
    const id = await launching.boot(server.id, 'i-1');
    await launching.report(id, 'OPERATIONAL');
    const instance = await launching.instance(id);
    const [{ claimableAt }] = await launching.orders(id);
    const seconds = (Date.parse(instance.operationalAt) - Date.parse(claimableAt)) / 1000;
    expect(instance).toMatchObject({ state: 'OPERATIONAL', bootSeconds: seconds });
  });

  test('a stranded one is forced by a person, and does not count in boot times', async () => {
    const id = await launching.boot(server.id, 'i-1');
    await launching.report(id, 'STRANDED', { reason: 'script 3 failed' });
    expect(await launching.instance(id)).toMatchObject({ state: 'STRANDED', stateReason: 'script 3 failed' });
    expect(
      await launching.refusedToMachines('reportInstance', { instanceId: id, state: 'OPERATIONAL' }),
    ).toMatchObject({ code: 'INVALID', path: ['input', 'state'] });
    const { instance } = await launching.act('forceOperational', { instanceId: id });
    expect(instance).toMatchObject({
      state: 'OPERATIONAL',
      stateReason: null,
      operationalAt: expect.any(String),
      bootSeconds: null,
    });
    expect(await statistics()).toEqual({ launchCount: 1, medianBootSeconds: null });
    expect(await launching.refusedToPeople('forceOperational', { instanceId: id })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'instanceId'],
    });
  });

  const statistics = async (): Promise<Data> =>
    (
      await account.query(
        'query($id: ID!) { serverTemplate(id: $id) { launchStatistics { launchCount medianBootSeconds } } }',
        {
          id: ground.template.id,
        },
      )
    ).serverTemplate.launchStatistics;

  test('per template version: launches are counted, and the median of the boot times', async () => {
    expect(await statistics()).toEqual({ launchCount: 0, medianBootSeconds: null });
    const array = await define(account, 'createServerArray', { ...ground.serverArray, maxCount: 10 });
    const { instances } = await launching.act('launchServerArray', { id: array.id, count: 4 });
    const claimed = await launching.claim(4);
    for (const [index, order] of claimed.entries()) await launching.complete(order, `i-${index}`);
    const seconds = [10, 20, 60];
    for (const [index, value] of seconds.entries()) {
      await launching.report(instances[index].id, 'OPERATIONAL');
      await api.dataSource.query(
        `UPDATE instances SET operational_at = launched_at + make_interval(secs => $2) WHERE id = $1`,
        [instances[index].id.slice(4), value],
      );
    }
    await launching.report(instances[3].id, 'STRANDED');
    await launching.act('forceOperational', { instanceId: instances[3].id });
    expect(await statistics()).toEqual({ launchCount: 4, medianBootSeconds: 20 });
  });

  test('what is told twice changes nothing; a machine keeps its id', async () => {
    const id = await launching.boot(server.id, 'i-1');
    await launching.report(id, 'OPERATIONAL');
    const [before, entries] = [await launching.instance(id), await auditOf(account)];
    await launching.report(id, 'OPERATIONAL', { resourceUid: 'i-1' });
    expect([await launching.instance(id), await auditOf(account)]).toEqual([before, entries]);
    expect(
      await launching.refusedToMachines('reportInstance', {
        instanceId: id,
        state: 'OPERATIONAL',
        resourceUid: 'i-2',
      }),
    ).toMatchObject({ code: 'INVALID', path: ['input', 'resourceUid'] });
  });

  test('R-8.9 completing a launch whose machine is known already, with another one, is refused', async () => {
    const { id } = await launch();
    const claimed = await launching.claimOne();
    await launching.report(id, 'PENDING', { resourceUid: 'i-1' });
    const input = { orderId: claimed.order.id, claimId: claimed.claimId, resourceUid: 'i-2' };
    expect(await launching.refusedToMachines('completeLaunchOrder', input)).toMatchObject({
      code: 'INVALID',
      path: ['input', 'resourceUid'],
      message:
        'The instance is known as the machine i-1: end i-2, which belongs to nobody, and complete the order with i-1.',
    });
    await launching.complete(claimed, 'i-1');
    expect(await launching.instance(id)).toMatchObject({ state: 'BOOTING', resourceUid: 'i-1' });
  });

  test('a machine is one instance of the account in a cloud, until that has ended', async () => {
    const first = await launching.boot(server.id, 'i-1');
    const other = await define(account, 'createServer', ground.server);
    const second = await launch(other.id);
    const claimed = await launching.claimOne();
    const taken = { code: 'INVALID', path: ['input', 'resourceUid'] };
    const input = { orderId: claimed.order.id, claimId: claimed.claimId, resourceUid: 'i-1' };
    expect(await launching.refusedToMachines('completeLaunchOrder', input)).toMatchObject(taken);
    const report = { instanceId: second.id, state: 'PENDING', resourceUid: 'i-1' };
    expect(await launching.refusedToMachines('reportInstance', report)).toMatchObject(taken);
    await launching.report(first, 'TERMINATED');
    await launching.complete(claimed, 'i-1');
    expect(await launching.instance(second.id)).toMatchObject({ state: 'BOOTING', resourceUid: 'i-1' });
  });

  test('told of several instances at the same time, too', async () => {
    const array = await define(account, 'createServerArray', { ...ground.serverArray, maxCount: 10 });
    await launching.act('launchServerArray', { id: array.id, count: 10 });
    const claims = await launching.claim(10);
    const answers = await Promise.all(
      claims.map(({ order, claimId }) =>
        launching.request(launching.machine, 'completeLaunchOrder', {
          orderId: order.id,
          claimId,
          resourceUid: 'i-same',
        }),
      ),
    );
    expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
    const codes = answers.map(({ data }) => data.completeLaunchOrder.userErrors[0]?.code ?? 'completed');
    expect(codes.sort()).toEqual([...Array<string>(9).fill('INVALID'), 'completed']);
  });

  test('a machine that shuts itself down gets an order for its end', async () => {
    const id = await launching.boot(server.id, 'i-1');
    await launching.report(id, 'DECOMMISSIONING');
    expect(await launching.claimOne()).toMatchObject({ order: { kind: 'TERMINATE' }, resourceUid: 'i-1' });
  });

  test('one that the cloud reports gone is TERMINATED from any state, and its orders are closed', async () => {
    const { id } = await launch();
    await launching.report(id, 'TERMINATED');
    expect(await launching.instance(id)).toMatchObject({
      state: 'TERMINATED',
      stateReason: 'The cloud reports that the machine is gone.',
    });
    await launching.claim(0);
    expect(
      await launching.refusedToMachines('reportInstance', { instanceId: id, state: 'OPERATIONAL' }),
    ).toMatchObject({ code: 'NOT_RUNNING' });
  });

  test('a report without an instance says what is missing', async () => {
    expect(await launching.refusedToMachines('reportInstance', { state: 'OPERATIONAL' })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'instanceId'],
    });
  });
});

describe('R-10.1 tags of an instance', () => {
  test('are those of its launch and later ones; what it was launched with stays', async () => {
    const { id } = await launch();
    expect(await done(account, 'addTags', { id, tags: ['env:stage=prod', 'Late'] })).toMatchObject({
      node: { id, __typename: 'Instance' },
      tags: ['env:stage=test', 'env:stage=prod', 'Late'],
    });
    await done(account, 'removeTags', { id, tags: ['ENV:STAGE=TEST'] });
    expect((await launching.instance(id)).tags).toEqual(['env:stage=prod', 'Late']);
    const rows = await api.dataSource.query('SELECT launched_tags FROM instances WHERE id = $1', [
      id.slice(4),
    ]);
    expect(rows).toEqual([{ launched_tags: ['env:stage=test'] }]);
    expect(await lastAudit()).toEqual({
      action: 'instance.removeTags',
      changes: {
        tags: { before: ['env:stage=test', 'env:stage=prod', 'Late'], after: ['env:stage=prod', 'Late'] },
      },
    });
    const stranger = await api.account();
    expect(await refused(stranger, 'addTags', { id, tags: ['x'] })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('reading instances', () => {
  const list = async (filter: object): Promise<string[]> =>
    (
      await account.query(
        'query($filter: InstanceFilter) { instances(filter: $filter) { totalCount edges { node { id } } } }',
        {
          filter,
        },
      )
    ).instances.edges.map(({ node }: Data) => node.id);

  test('filters narrow the list; the last launched comes first', async () => {
    const ended = await launch();
    await launching.act('terminateServer', { id: server.id });
    const running = await launch();
    const array = await define(account, 'createServerArray', ground.serverArray);
    const { instances } = await launching.act('launchServerArray', { id: array.id, count: 1 });
    const member = instances[0].id;
    expect(await list({})).toEqual([member, running.id, ended.id]);
    expect(await list({ running: true })).toEqual([member, running.id]);
    expect(await list({ running: false })).toEqual([ended.id]);
    expect(await list({ states: ['TERMINATED', 'BOOTING'] })).toEqual([ended.id]);
    expect(await list({ serverId: server.id })).toEqual([running.id, ended.id]);
    expect(await list({ serverArrayId: array.id })).toEqual([member]);
    expect(await list({ tag: 'env:stage=*' })).toEqual([running.id, ended.id]);
    expect(await list({ imageId: ground.place.image.id, cloudId: ground.place.cloud.id })).toHaveLength(3);
    expect(await list({ serverTemplateId: ground.template.id, running: true })).toHaveLength(2);
    const elsewhere = await new TestCatalog(api.dataSource).place();
    expect(await list({ imageId: elsewhere.image.id })).toEqual([]);
    expect(await list({ cloudId: elsewhere.cloud.id })).toEqual([]);
  });

  test('an image names the instances launched with it; an instance its advisories while it runs', async () => {
    const { id } = await launch();
    const catalog = new TestCatalog(api.dataSource);
    await catalog.updateImage(ground.place.image, { lifecycle: 'DEPRECATED' });
    const read = async () => {
      const { cloudImage } = await account.query(
        `query($id: ID!) { cloudImage(id: $id) { usedBy { instances(running: true) { totalCount
          edges { node { id advisories { code severity } } } } } } }`,
        { id: ground.place.image.id },
      );
      return cloudImage.usedBy.instances;
    };
    const found = await read();
    expect(found.totalCount).toBe(1);
    expect(found.edges[0].node.id).toBe(id);
    expect(found.edges[0].node.advisories).toEqual([
      { code: 'HEAD_DEPENDENCY', severity: 'WARNING' },
      { code: 'HEAD_DEPENDENCY', severity: 'WARNING' },
      { code: 'IMAGE_DEPRECATED', severity: 'WARNING' },
    ]);
    await launching.act('terminateServer', { id: server.id });
    expect((await read()).totalCount).toBe(0);
  });

  test('editing next never touches what runs (R-8.1), and the definition keeps its version through launches', async () => {
    const { version } = await readDefined(account, 'server', server.id);
    await launch();
    expect((await readDefined(account, 'server', server.id)).version).toBe(version);
  });
});
