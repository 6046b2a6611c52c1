import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { auditOf, done } from '../kit/components';
import { define, makeGround, type Ground } from '../kit/definitions';
import { expireLeases, Launching } from '../kit/launching';

let api: TestApi;
let account: TestAccount;
let launching: Launching;
let ground: Ground;
let server: Data;
let instanceId: string;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
  launching = await Launching.of(api, account);
  ground = await makeGround(api.dataSource, account);
  await new TestCatalog(api.dataSource).updateImage(ground.place.image, {
    osPlatform: 'linux',
    operatingSystem: 'Fedora CoreOS 44',
    virtualizationType: 'hvm',
    rootDeviceStorage: 'ebs',
    fingerprint: 'sha256:1',
    publishedAt: new Date(),
  });
  server = await define(account, 'createServer', { ...ground.server, choices: { userData: 'secret' } });
  instanceId = await launching.run(server.id, 'i-1');
});

const bundle = (input: object = {}): Promise<Data> =>
  launching.act('bundleInstance', { instanceId, name: 'golden', ...input });

const image = async (id: string, token = account.token): Promise<Data> =>
  (
    await api.request(
      token,
      'query($id: ID!) { cloudImage(id: $id) { id resourceUid lifecycle availability publishedAt } }',
      { id },
    )
  ).data.cloudImage;

describe('R-8.8 bundleInstance', () => {
  test('makes a private image, PENDING, with the facts of the instance and nothing of its launch', async () => {
    const { cloudImage, order } = await bundle({ description: 'of the first server' });
    expect(cloudImage).toEqual({
      id: expect.any(String),
      resourceUid: `bundle:${order.id.slice(4)}`,
      name: 'golden',
      description: 'of the first server',
      lifecycle: 'PENDING',
      availability: 'UNAVAILABLE',
      visibility: 'PRIVATE',
      imageType: 'MACHINE',
      osPlatform: 'linux',
      operatingSystem: 'Fedora CoreOS 44',
      cpuArchitecture: 'x86_64',
      virtualizationType: 'hvm',
      rootDeviceStorage: 'ebs',
      fingerprint: null,
      agentEnabled: false,
      publishedAt: null,
      cloud: { id: ground.place.cloud.id },
    });
    expect(order).toMatchObject({
      kind: 'BUNDLE',
      state: 'OPEN',
      instance: { id: instanceId },
      image: { id: cloudImage.id },
    });
    const [row] = await api.dataSource.query(
      'SELECT to_jsonb(image)::text AS text FROM cloud_images AS image WHERE id = $1',
      [cloudImage.id.slice(4)],
    );
    for (const identity of [instanceId.slice(4), 'i-1', 'secret', server.id.slice(4)])
      expect(row.text).not.toContain(identity);
    expect((await auditOf(account)).at(-1)).toEqual({
      action: 'instance.bundle',
      changes: { imageId: cloudImage.id, name: 'golden' },
    });
  });

  test('is agent-enabled when the instance carries the tag (R-10.2)', async () => {
    await done(account, 'addTags', {
      id: ground.mci.id,
      expectedVersion: ground.mci.version,
      tags: ['provides:rs_agent_type=right_link'],
    });
    await launching.act('relaunchServer', { id: server.id, immediately: true });
    const [launched] = await launching.claim(1, { kinds: ['LAUNCH'] });
    await launching.complete(launched, 'i-2');
    instanceId = (await launching.server(server.id)).current.id;
    await launching.report(instanceId, 'OPERATIONAL');
    expect((await bundle()).cloudImage.agentEnabled).toBe(true);
  });

  test('of an image that is hidden now only the uid was known: no facts are copied (R-3.2)', async () => {
    await api.dataSource.query('UPDATE cloud_images SET owner_account_id = $2 WHERE id = $1', [
      ground.place.image.key,
      (await api.account()).key,
    ]);
    expect((await bundle()).cloudImage).toMatchObject({
      operatingSystem: null,
      cpuArchitecture: null,
      agentEnabled: false,
    });
  });

  test('completed, it is AVAILABLE under its own id; it can be in an MCI, and shared, before', async () => {
    const { cloudImage } = await bundle();
    const mci = await done(account, 'createMultiCloudImage', {
      name: 'bundles',
      settings: [{ ...ground.place.setting, imageId: cloudImage.id }],
    });
    const other = await api.account();
    const shared = await account.query(
      `mutation($input: ShareCloudImageInput!) { shareCloudImage(input: $input) { userErrors { message } } }`,
      { input: { imageId: cloudImage.id, addAccountIds: [other.id] } },
    );
    expect(shared.shareCloudImage.userErrors).toEqual([]);
    const availability = async (): Promise<Data> =>
      (
        await account.query(
          'query($id: ID!) { multiCloudImage(id: $id) { settings { imageAvailability imageResourceUid } } }',
          { id: mci.id },
        )
      ).multiCloudImage.settings;
    expect(await availability()).toMatchObject([{ imageAvailability: 'UNAVAILABLE' }]);
    const claimed = await launching.claimOne();
    expect(claimed).toMatchObject({
      order: { kind: 'BUNDLE' },
      resourceUid: 'i-1',
      bundleName: 'golden',
      bundleDescription: null,
      launch: null,
      enrolmentToken: null,
    });
    await launching.complete(claimed, 'ami-golden');
    expect(await availability()).toEqual([
      { imageAvailability: 'AVAILABLE', imageResourceUid: 'ami-golden' },
    ]);
    for (const token of [account.token, other.token])
      expect(await image(cloudImage.id, token)).toEqual({
        id: cloudImage.id,
        resourceUid: 'ami-golden',
        lifecycle: 'AVAILABLE',
        availability: 'AVAILABLE',
        publishedAt: expect.any(String),
      });
  });

  test('refused by the cloud, it is FAILED', async () => {
    const { cloudImage } = await bundle();
    await launching.fail(await launching.claimOne(), 'quota');
    expect(await image(cloudImage.id)).toMatchObject({ lifecycle: 'FAILED' });
    await launching.claim(0);
  });

  test('an id that the account has an image under already is refused; failing is the way out', async () => {
    await new TestCatalog(api.dataSource).image(ground.place.cloud, {
      ownerAccountId: account.key,
      resourceUid: 'ami-imported',
    });
    const { cloudImage } = await bundle();
    const claimed = await launching.claimOne();
    expect(
      await launching.refusedToMachines('completeLaunchOrder', {
        orderId: claimed.order.id,
        claimId: claimed.claimId,
        resourceUid: 'ami-imported',
      }),
    ).toMatchObject({ code: 'INVALID', path: ['input', 'resourceUid'] });
    await launching.fail(claimed, 'imported before');
    expect(await image(cloudImage.id)).toMatchObject({ lifecycle: 'FAILED' });
  });

  test('when the machine ends, a bundle that nobody works on fails; one under way may be completed', async () => {
    const [underWay, waiting] = [await bundle({ name: 'a' }), await bundle({ name: 'b' })];
    const [claimed] = await launching.claim(1, { limit: 1 });
    await launching.report(instanceId, 'TERMINATED');
    expect(await image(waiting.cloudImage.id)).toMatchObject({ lifecycle: 'FAILED' });
    expect(await image(underWay.cloudImage.id)).toMatchObject({ lifecycle: 'PENDING' });
    await launching.complete(claimed, 'ami-a');
    expect(await image(underWay.cloudImage.id)).toMatchObject({ lifecycle: 'AVAILABLE' });
    await expireLeases(api.dataSource);
    await launching.claim(0);
  });

  test('what somebody withdrew meanwhile is not brought back', async () => {
    const { cloudImage } = await bundle();
    await account.query(
      `mutation($input: SetImageLifecycleInput!) { setImageLifecycle(input: $input) { userErrors { message } } }`,
      { input: { imageId: cloudImage.id, lifecycle: 'OBSOLETE' } },
    );
    await launching.complete(await launching.claimOne(), 'ami-late');
    expect(await image(cloudImage.id)).toMatchObject({ lifecycle: 'OBSOLETE', resourceUid: 'ami-late' });
  });

  test('nobody makes it AVAILABLE by hand: only its order does', async () => {
    const { cloudImage } = await bundle();
    const set = (lifecycle: string): Promise<Data> =>
      account.query(
        `mutation($input: SetImageLifecycleInput!) { setImageLifecycle(input: $input) {
          cloudImage { lifecycle } userErrors { code path message } } }`,
        { input: { imageId: cloudImage.id, lifecycle } },
      );
    const refuses = async (lifecycle: string, cure: RegExp) => {
      const before = await image(cloudImage.id);
      expect((await set(lifecycle)).setImageLifecycle.userErrors).toEqual([
        { code: 'NOT_EDITABLE', path: ['input', 'imageId'], message: expect.stringMatching(cure) },
      ]);
      expect(await image(cloudImage.id)).toEqual(before);
    };
    await refuses('AVAILABLE', /completing its BUNDLE order/);
    await refuses('DEPRECATED', /completing its BUNDLE order/);
    await set('OBSOLETE');
    await refuses('AVAILABLE', /completing its BUNDLE order/);
    const claimed = await launching.claimOne();
    await launching.complete(claimed, 'ami-golden');
    expect((await set('AVAILABLE')).setImageLifecycle).toEqual({
      cloudImage: { lifecycle: 'AVAILABLE' },
      userErrors: [],
    });
  });

  test('nor one whose order failed', async () => {
    const { cloudImage } = await bundle();
    await launching.fail(await launching.claimOne(), 'quota');
    const { setImageLifecycle } = await account.query(
      `mutation($input: SetImageLifecycleInput!) { setImageLifecycle(input: $input) { userErrors { code message } } }`,
      { input: { imageId: cloudImage.id, lifecycle: 'AVAILABLE' } },
    );
    expect(setImageLifecycle.userErrors).toEqual([
      { code: 'NOT_EDITABLE', message: expect.stringContaining('Bundle the instance again.') },
    ]);
    expect(await image(cloudImage.id)).toMatchObject({ lifecycle: 'FAILED', availability: 'UNAVAILABLE' });
  });

  test('R-8.9 completed a second time: nothing changes; with another image it is refused', async () => {
    const { cloudImage } = await bundle();
    const claimed = await launching.claimOne();
    await launching.complete(claimed, 'ami-golden');
    const entries = await auditOf(account);
    await launching.complete(claimed, 'ami-golden');
    expect(await auditOf(account)).toEqual(entries);
    const input = { orderId: claimed.order.id, claimId: claimed.claimId, resourceUid: 'ami-other' };
    expect(await launching.refusedToMachines('completeLaunchOrder', input)).toMatchObject({
      code: 'INVALID',
      path: ['input', 'resourceUid'],
    });
    expect(await image(cloudImage.id)).toMatchObject({ resourceUid: 'ami-golden' });
  });

  test('only an OPERATIONAL instance of the account is bundled, under a name', async () => {
    expect(await launching.refusedToPeople('bundleInstance', { instanceId, name: ' ' })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'name'],
    });
    const stranger = await Launching.of(api, await api.account());
    expect(await stranger.refusedToPeople('bundleInstance', { instanceId, name: 'x' })).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'instanceId'],
    });
    await launching.act('terminateServer', { id: server.id });
    expect(await launching.refusedToPeople('bundleInstance', { instanceId, name: 'x' })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'instanceId'],
    });
    await launching.complete(await launching.claimOne());
    expect(await launching.refusedToPeople('bundleInstance', { instanceId, name: 'x' })).toMatchObject({
      code: 'NOT_RUNNING',
    });
  });
});
