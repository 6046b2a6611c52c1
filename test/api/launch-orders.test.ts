import { randomUUID } from 'node:crypto';
import { toGlobalId } from '../../src/domain/global-id';
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

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
  launching = await Launching.of(api, account);
  ground = await makeGround(api.dataSource, account);
  server = await define(account, 'createServer', ground.server);
});

const launch = async (): Promise<string> =>
  (await launching.act('launchServer', { id: server.id })).server.current.id;

const NOT_MINE = { code: 'NOT_FOUND', path: ['input', 'claimId'] };

const outcome = (claimed: Data, rest: object) => ({
  orderId: claimed.order.id,
  claimId: claimed.claimId,
  ...rest,
});

describe('R-8.9 claiming', () => {
  test('gives everything that the cloud call needs, as the cloud calls it', async () => {
    const catalog = new TestCatalog(api.dataSource);
    const kernel = await catalog.image(ground.place.cloud, { imageType: 'KERNEL' });
    const ramdisk = await catalog.image(ground.place.cloud, { imageType: 'RAMDISK' });
    server = await define(account, 'createServer', {
      ...ground.server,
      name: 'full',
      tags: ['env:stage=test'],
      choices: { kernelImageId: kernel.id, ramdiskImageId: ramdisk.id, userData: '#!/bin/sh\ntrue\n' },
    });
    await launch();
    const claimed = await launching.claimOne({ leaseSeconds: 60 });
    expect(claimed).toEqual({
      order: {
        id: expect.any(String),
        kind: 'LAUNCH',
        state: 'CLAIMED',
        attempts: 1,
        leaseExpiresAt: expect.any(String),
      },
      claimId: expect.any(String),
      enrolmentToken: expect.stringMatching(/^mcige_/),
      instanceName: 'full',
      cloud: { id: ground.place.cloud.id },
      launch: {
        imageResourceUid: ground.place.image.resourceUid,
        instanceTypeResourceUid: ground.place.type.name,
        kernelImageResourceUid: kernel.resourceUid,
        ramdiskImageResourceUid: ramdisk.resourceUid,
        userData: '#!/bin/sh\ntrue\n',
        tags: ['env:stage=test'],
      },
      resourceUid: null,
      launchOrder: null,
      bundleName: null,
      bundleDescription: null,
    });
    expect((await auditOf(account)).at(-1)).toEqual({
      action: 'launchOrder.claim',
      changes: { orders: [claimed.order.id], leaseSeconds: 60 },
    });
  });

  test('only the hash of an enrolment token is kept', async () => {
    await launch();
    const { enrolmentToken } = await launching.claimOne();
    const [row] = await api.dataSource.query(
      `SELECT sha256($1::bytea) = enrolment_hash AS hashed, to_jsonb(launch)::text LIKE '%' || $2 || '%' AS kept
         FROM launch_orders AS launch WHERE account_id = $3`,
      [Buffer.from(enrolmentToken), enrolmentToken, account.key],
    );
    expect(row).toEqual({ hashed: true, kept: false });
  });

  test('takes the oldest first, of the kinds and clouds that were asked for', async () => {
    const array = await define(account, 'createServerArray', ground.serverArray);
    await launching.act('launchServerArray', { id: array.id, count: 3 });
    const elsewhere = await new TestCatalog(api.dataSource).place();
    await done(account, 'setMultiCloudImageSetting', {
      multiCloudImageId: ground.mci.id,
      expectedVersion: ground.mci.version,
      ...elsewhere.setting,
    });
    const other = await define(account, 'createServer', { ...ground.server, cloudId: elsewhere.cloud.id });
    await launching.act('launchServer', { id: other.id });
    await launching.claim(0, { kinds: ['TERMINATE', 'BUNDLE'] });
    const [there] = await launching.claim(1, { cloudIds: [elsewhere.cloud.id] });
    expect(there.cloud.id).toBe(elsewhere.cloud.id);
    const first = await launching.claim(2, { limit: 2, kinds: ['LAUNCH'] });
    const rest = await launching.claim(1);
    expect([...first, ...rest].map(({ cloud }) => cloud.id)).toEqual(Array(3).fill(ground.place.cloud.id));
  });

  test.each([
    [{ limit: 0 }, 'INVALID', 'limit'],
    [{ limit: 101 }, 'INVALID', 'limit'],
    [{ leaseSeconds: 0 }, 'INVALID', 'leaseSeconds'],
    [{ leaseSeconds: 3601 }, 'INVALID', 'leaseSeconds'],
    [{ kinds: [] }, 'INVALID', 'kinds'],
    [{ cloudIds: [] }, 'INVALID', 'cloudIds'],
    [
      { cloudIds: Array.from({ length: 101 }, () => toGlobalId('Cloud', randomUUID())) },
      'LIMIT_EXCEEDED',
      'cloudIds',
    ],
  ])('%j is %s', async (input, code, field) => {
    const refusal = await launching.refusedToMachines('claimLaunchOrders', {
      limit: 1,
      leaseSeconds: 60,
      ...input,
    });
    expect(refusal).toMatchObject({ code, path: ['input', field] });
  });

  test("sees only the account's own orders", async () => {
    await launch();
    const stranger = await Launching.of(api, await api.account());
    await stranger.claim(0);
    const claimed = await launching.claimOne();
    for (const [name, rest] of [
      ['completeLaunchOrder', { resourceUid: 'i-1' }],
      ['failLaunchOrder', { reason: 'no' }],
    ] as const) {
      const refusal = await stranger.refusedToMachines(name, outcome(claimed, rest));
      const missing = { ...outcome(claimed, rest), orderId: toGlobalId('LaunchOrder', randomUUID()) };
      expect(refusal).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'orderId'] });
      expect(await stranger.refusedToMachines(name, missing)).toEqual(refusal);
    }
  });

  test('a lease that expired can be claimed again; the earlier claim and its token die', async () => {
    const id = await launch();
    const first = await launching.claimOne();
    await launching.claim(0);
    await expireLeases(api.dataSource);
    expect(
      await launching.refusedToMachines('completeLaunchOrder', outcome(first, { resourceUid: 'i-1' })),
    ).toMatchObject(NOT_MINE);
    const second = await launching.claimOne();
    expect(second.order).toMatchObject({ id: first.order.id, attempts: 2 });
    expect([second.claimId, second.enrolmentToken]).not.toEqual([first.claimId, first.enrolmentToken]);
    expect(
      await launching.refusedToMachines('failLaunchOrder', outcome(first, { reason: 'no' })),
    ).toMatchObject(NOT_MINE);
    await launching.complete(second, 'i-2');
    expect(await launching.instance(id)).toMatchObject({ state: 'BOOTING', resourceUid: 'i-2' });
  });
});

describe('R-8.9 completing and failing', () => {
  test('said again under the same claim, nothing changes; another machine is refused', async () => {
    await launch();
    const claimed = await launching.claimOne();
    await launching.complete(claimed, 'i-1');
    const entries = await auditOf(account);
    expect((await launching.complete(claimed, 'i-1')).order.state).toBe('COMPLETED');
    expect(await auditOf(account)).toEqual(entries);
    expect(
      await launching.refusedToMachines('completeLaunchOrder', outcome(claimed, { resourceUid: 'i-2' })),
    ).toMatchObject({ code: 'INVALID', path: ['input', 'resourceUid'] });
    expect(
      await launching.refusedToMachines('failLaunchOrder', outcome(claimed, { reason: 'no' })),
    ).toMatchObject(NOT_MINE);
  });

  test('a failure said again changes nothing', async () => {
    await launch();
    const claimed = await launching.claimOne();
    const { order } = await launching.fail(claimed, 'no capacity');
    expect(order).toMatchObject({ state: 'FAILED', failure: 'no capacity', leaseExpiresAt: null });
    const entries = await auditOf(account);
    await launching.fail(claimed, 'no capacity');
    expect(await auditOf(account)).toEqual(entries);
  });

  test.each([
    ['completeLaunchOrder', {}, 'resourceUid'],
    ['completeLaunchOrder', { resourceUid: ' ' }, 'resourceUid'],
    ['completeLaunchOrder', { resourceUid: 'x'.repeat(1025) }, 'resourceUid'],
    ['failLaunchOrder', { reason: ' ' }, 'reason'],
  ])('%s with %j is refused', async (name, rest, field) => {
    await launch();
    const claimed = await launching.claimOne();
    const refusal = await launching.refusedToMachines(name, outcome(claimed, rest));
    expect(refusal).toMatchObject({ code: 'INVALID', path: ['input', field] });
  });

  test('the list tells people how far everything is', async () => {
    const id = await launch();
    await launching.complete(await launching.claimOne(), 'i-1');
    await launching.act('terminateServer', { id: server.id });
    const read = async (filter: object) =>
      (
        await account.query(
          `query($filter: LaunchOrderFilter) { launchOrders(filter: $filter) { totalCount
            edges { node { kind state instance { id } } } } }`,
          { filter },
        )
      ).launchOrders.edges.map(({ node }: Data) => node);
    const launched = { kind: 'LAUNCH', state: 'COMPLETED', instance: { id } };
    const ending = { kind: 'TERMINATE', state: 'OPEN', instance: { id } };
    expect(await read({})).toEqual([launched, ending]);
    expect(await read({ states: ['OPEN'] })).toEqual([ending]);
    expect(await read({ kinds: ['LAUNCH'] })).toEqual([launched]);
  });
});

describe('launchers and people at the same time', () => {
  test('whoever comes first: nothing fails, no machine is forgotten, and everything comes to its end', async () => {
    const servers = await Promise.all(
      Array.from({ length: 20 }, () => define(account, 'createServer', ground.server)),
    );
    const machines: string[] = [];
    const ended = new Set<string>();
    /** A cloud: does what it is told, and says so. */
    const drive = async (): Promise<number> => {
      const { orders } = await launching.drive('claimLaunchOrders', { limit: 5, leaseSeconds: 600 });
      for (const claimed of orders) {
        if (claimed.order.kind === 'LAUNCH') {
          machines.push(`i-${claimed.order.id}`);
          await launching.complete(claimed, `i-${claimed.order.id}`);
        } else {
          ended.add(claimed.resourceUid);
          await launching.complete(claimed);
        }
      }
      return orders.length;
    };
    const person = async ({ id }: Data): Promise<void> => {
      await launching.act('launchServer', { id });
      await Promise.all([
        launching.request(account.token, 'relaunchServer', { id }),
        launching.request(account.token, 'terminateServer', { id }),
      ]).then((answers) => expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]));
    };
    await Promise.all([...servers.map(person), ...Array.from({ length: 20 }, drive)]);
    for (const { id } of servers) await launching.request(account.token, 'terminateServer', { id });
    while ((await drive()) > 0);
    const rows = await api.dataSource.query(
      `SELECT count(*) FILTER (WHERE state <> 'TERMINATED')::int AS running,
              array_agg(resource_uid) FILTER (WHERE resource_uid IS NOT NULL) AS uids
         FROM instances WHERE account_id = $1`,
      [account.key],
    );
    expect(rows[0].running).toBe(0);
    expect((rows[0].uids ?? []).sort()).toEqual([...machines].sort());
    expect([...ended].sort()).toEqual([...machines].sort());
  });
});

describe('20 launchers and 1,000 orders', () => {
  test('each order is carried out exactly once, though launchers die with claims in their hands', async () => {
    const array = await define(account, 'createServerArray', { ...ground.serverArray, maxCount: 1000 });
    await launching.act('launchServerArray', { id: array.id, count: 1000 });
    const completed: string[] = [];
    const abandoned = new Set<string>();
    const claims = new Set<string>();
    let taken = 0;

    /** Claims until nothing is left; one that `dies` keeps its first orders for ever. */
    const work = async (dies: boolean): Promise<void> => {
      for (;;) {
        const { orders } = await launching.drive('claimLaunchOrders', { limit: 25, leaseSeconds: 600 });
        if (orders.length === 0) return;
        taken += orders.length;
        for (const { claimId } of orders) claims.add(claimId);
        if (dies) {
          for (const { order } of orders) abandoned.add(order.id);
          return;
        }
        for (const claimed of orders) {
          await launching.complete(claimed, `i-${claimed.order.id}`);
          completed.push(claimed.order.id);
        }
      }
    };

    await Promise.all(Array.from({ length: 20 }, (_, index) => work(index % 5 === 0)));
    expect(abandoned.size).toBe(100);
    expect(completed).toHaveLength(900);
    await expireLeases(api.dataSource);
    await Promise.all(Array.from({ length: 4 }, () => work(false)));

    expect(new Set(completed).size).toBe(1000);
    expect(completed).toHaveLength(1000);
    expect(claims.size).toBe(taken);
    expect(taken).toBe(1100);
    const rows = await api.dataSource.query(
      `SELECT launch.state, instance.state AS instance, launch.attempts, count(*)::int,
              count(DISTINCT instance.resource_uid)::int AS machines
         FROM launch_orders AS launch JOIN instances AS instance ON instance.id = launch.instance_id
        WHERE launch.account_id = $1 GROUP BY 1, 2, 3 ORDER BY 3`,
      [account.key],
    );
    expect(rows).toEqual([
      { state: 'COMPLETED', instance: 'BOOTING', attempts: 1, count: 900, machines: 900 },
      { state: 'COMPLETED', instance: 'BOOTING', attempts: 2, count: 100, machines: 100 },
    ]);
  });
});
