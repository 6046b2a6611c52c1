import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { auditOf, done } from '../kit/components';
import { define, makeGround, type Ground } from '../kit/definitions';
import { expireLeases, Launching } from '../kit/launching';
import { csv, importContent, machineOf } from './catalog-kit';

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

  test('one whose launcher died is left to the next one, also after the end of its machine', async () => {
    const { cloudImage } = await bundle();
    await launching.claimOne();
    await expireLeases(api.dataSource);
    await launching.report(instanceId, 'TERMINATED');
    expect(await image(cloudImage.id)).toMatchObject({ lifecycle: 'PENDING' });
    await launching.complete(await launching.claimOne({ kinds: ['BUNDLE'] }), 'ami-golden');
    expect(await image(cloudImage.id)).toMatchObject({ lifecycle: 'AVAILABLE' });
  });

  test('R-8.9 while a launcher makes it, nobody is told to end the machine', async () => {
    const { cloudImage } = await bundle();
    const underWay = await launching.claimOne();
    await launching.act('terminateServer', { id: server.id });
    await launching.claim(0);
    await launching.complete(underWay, 'ami-golden');
    await launching.complete(await launching.claimOne({ kinds: ['TERMINATE'] }));
    expect(await image(cloudImage.id)).toMatchObject({ lifecycle: 'AVAILABLE' });
  });

  test('R-8.9 who claims everything ends the machine after it; a launcher that died holds it no longer than its lease', async () => {
    await bundle();
    await launching.act('terminateServer', { id: server.id });
    expect(await launching.claimOne()).toMatchObject({ order: { kind: 'BUNDLE' } });
    await launching.claim(0);
    await expireLeases(api.dataSource);
    expect(await launching.claimOne({ kinds: ['TERMINATE'] })).toMatchObject({ order: { attempts: 1 } });
  });

  describe('an import of the same cloud that was faster', () => {
    /** What the cloud lists while the image is made. */
    const importListing = async (): Promise<void> => {
      const [{ region }] = await api.dataSource.query('SELECT region FROM clouds WHERE id = $1', [
        ground.place.cloud.key,
      ]);
      const listing = csv([{ cloud_type: 'amazon', region, resource_uid: 'ami-golden', name: 'listed' }]);
      const report = await importContent(api.dataSource, listing, 'CSV', {}, machineOf(account.key));
      expect(report).toMatchObject({ refusedCount: 0, cloudsCreated: [] });
    };
    const listed = async (): Promise<{ id: string; source: string | null }[]> =>
      api.dataSource.query(
        `SELECT id, source_id AS source FROM cloud_images WHERE owner_account_id = $1 AND resource_uid = 'ami-golden'`,
        [account.key],
      );
    const history = (): Promise<{ id: string; first: Date }[]> =>
      api.dataSource.query(
        `SELECT listing.cloud_image_id AS id, listing.first_listed_at AS first FROM catalog_image_listings AS listing
           JOIN catalog_sources AS source ON source.id = listing.source_id WHERE source.account_id = $1`,
        [account.key],
      );
    const refusedWith = async (claimed: Data): Promise<void> => {
      const input = { orderId: claimed.order.id, claimId: claimed.claimId, resourceUid: 'ami-golden' };
      expect(await launching.refusedToMachines('completeLaunchOrder', input)).toMatchObject({
        code: 'INVALID',
        path: ['input', 'resourceUid'],
      });
    };

    test('is replaced by the bundle, with its history: what names the bundle stays good', async () => {
      const { cloudImage } = await bundle();
      const claimed = await launching.claimOne();
      await importListing();
      const [before] = await history();
      const [brought] = await listed();
      expect(before?.id).toBe(brought?.id);
      await launching.complete(claimed, 'ami-golden');
      const bundled = cloudImage.id.slice(4);
      expect(await listed()).toEqual([{ id: bundled, source: brought?.source }]);
      expect(await history()).toEqual([{ ...before, id: bundled }]);
      expect(await image(cloudImage.id)).toMatchObject({ lifecycle: 'AVAILABLE', resourceUid: 'ami-golden' });
      expect((await auditOf(account)).at(-1)).toMatchObject({
        action: 'launchOrder.complete',
        changes: { resourceUid: 'ami-golden', replacedImageId: `img_${brought?.id}` },
      });
      await importListing();
      expect(await listed()).toEqual([{ id: bundled, source: brought?.source }]);
    });

    test('and whose image is in use: the order is refused, and nothing changes', async () => {
      await bundle();
      const claimed = await launching.claimOne();
      await importListing();
      const [brought] = await listed();
      await done(account, 'createMultiCloudImage', {
        name: 'listed',
        settings: [{ ...ground.place.setting, imageId: `img_${brought?.id}` }],
      });
      const before = await history();
      await refusedWith(claimed);
      expect(await history()).toEqual(before);
    });

    test('and whose lifecycle somebody set by hand, too', async () => {
      await bundle();
      const claimed = await launching.claimOne();
      await importListing();
      await account.query(
        `mutation($input: SetImageLifecycleInput!) { setImageLifecycle(input: $input) { userErrors { message } } }`,
        { input: { imageId: `img_${(await listed())[0]?.id}`, lifecycle: 'OBSOLETE' } },
      );
      await refusedWith(claimed);
    });

    test.each([
      ['a listing: the bundle replaces it', true],
      ['what stays: it is INVALID, and no fault of ours', false],
    ])('at the same moment, by %s', async (_what, imported) => {
      const { cloudImage, order } = await bundle();
      const claimed = await launching.claimOne();
      if (imported) await importListing();
      await api.dataSource.query(
        `UPDATE cloud_images SET resource_uid = 'ami-other' WHERE owner_account_id = $1 AND resource_uid = 'ami-golden'`,
        [account.key],
      );
      if (!imported)
        await new TestCatalog(api.dataSource).image(ground.place.cloud, {
          ownerAccountId: account.key,
          resourceUid: 'ami-other',
        });
      const runner = api.dataSource.createQueryRunner();
      await runner.startTransaction();
      await runner.query(
        `UPDATE cloud_images SET resource_uid = 'ami-golden' WHERE owner_account_id = $1 AND resource_uid = 'ami-other'`,
        [account.key],
      );
      const input = { orderId: order.id, claimId: claimed.claimId, resourceUid: 'ami-golden' };
      const answer = launching.request(launching.machine, 'completeLaunchOrder', input);
      const [{ pid }] = await runner.query('SELECT pg_backend_pid() AS pid');
      const waiting = () =>
        api.dataSource.query('SELECT FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))', [pid]);
      while ((await waiting()).length === 0);
      await runner.commitTransaction();
      await runner.release();
      const { errors, data } = await answer;
      expect(errors).toBeUndefined();
      expect(data.completeLaunchOrder.userErrors.map(({ code }: Data) => code)).toEqual(
        imported ? [] : ['INVALID'],
      );
      expect(await image(cloudImage.id)).toMatchObject({ lifecycle: imported ? 'AVAILABLE' : 'PENDING' });
    });
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
