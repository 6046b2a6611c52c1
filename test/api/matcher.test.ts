import type { Pool } from 'pg';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Known, type KnownImage } from '../kit/catalog';
import { auditOf, done, read, refusedWithoutTrace, run } from '../kit/components';

let api: TestApi;
let catalog: TestCatalog;
let account: TestAccount;
let serial = 0;

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
  serial += 1;
});

/** A cloud of the account's own, so that tests don't see each other's. */
const ownCloud = (columns: object = {}): Promise<Known> =>
  catalog.cloud({ accountId: account.key, ...columns });

/** Names that no other test uses, although public clouds are seen by all. */
const named = (name: string): string => `t${serial}-${name}`;

const create = (): Promise<Data> => done(account, 'createMultiCloudImage', { name: 'matched' });

const matcher = (mci: Data, input: object) => ({
  multiCloudImageId: mci.id,
  expectedVersion: mci.version,
  pick: 'NEWEST',
  instanceTypes: ['large'],
  ...input,
});

const add = (mci: Data, input: object): Promise<Data> =>
  done(account, 'addMultiCloudImageMatcher', matcher(mci, input));

/** The report, with the clouds that this test made. */
const rematch = (mci: Data, input: object = {}): Promise<Data> =>
  run(account, 'rematchMultiCloudImage', {
    multiCloudImageId: mci.id,
    expectedVersion: mci.version,
    ...input,
  });

const change = (cloud: Known, image: Known, type: Known) => ({
  cloud: { id: cloud.id },
  image: { id: image.id },
  instanceType: { id: type.id },
});

describe('matchers', () => {
  test('R-4.6: are added behind the others and removed; each raises the version', async () => {
    const first = await add(await create(), {
      cloudType: 'amazon',
      namePattern: 'fedora-*-?',
      operatingSystem: 'Fedora',
      cpuArchitecture: 'aarch64',
      pick: 'UNIQUE',
      instanceTypes: ['m7g.large', 'm6g.large'],
      userData: 'four',
    });
    expect(first.version).toBe(2);
    expect(first.matchers).toEqual([
      {
        id: expect.stringMatching(/^mat_/),
        cloudType: 'amazon',
        fingerprint: null,
        namePattern: 'fedora-*-?',
        operatingSystem: 'Fedora',
        cpuArchitecture: 'arm64',
        pick: 'UNIQUE',
        instanceTypes: ['m7g.large', 'm6g.large'],
        userData: 'four',
      },
    ]);
    const second = await add(first, { fingerprint: 'sha256:1' });
    expect(second.matchers.map((each: Data) => each.fingerprint)).toEqual([null, 'sha256:1']);
    const removed = await done(account, 'removeMultiCloudImageMatcher', {
      multiCloudImageId: second.id,
      expectedVersion: 3,
      matcherId: first.matchers[0].id,
    });
    expect(removed).toEqual({ ...second, version: 4, matchers: [second.matchers[1]] });
    expect(await auditOf(account)).toContainEqual({
      action: 'multiCloudImage.addMatcher',
      changes: {
        matcherId: first.matchers[0].id,
        after: {
          cloudType: 'amazon',
          fingerprint: null,
          namePattern: 'fedora-*-?',
          operatingSystem: 'Fedora',
          cpuArchitecture: 'arm64',
          pick: 'UNIQUE',
          instanceTypes: ['m7g.large', 'm6g.large'],
          userDataBytes: 4,
        },
      },
    });
  });

  test.each([
    ['neither fingerprint nor pattern', {}, 'INVALID', 'namePattern'],
    ['both', { fingerprint: 'f', namePattern: 'p' }, 'INVALID', 'fingerprint'],
    ['wildcards only', { namePattern: '*?*' }, 'INVALID', 'namePattern'],
    ['no instance type', { namePattern: 'p', instanceTypes: [] }, 'INVALID', 'instanceTypes'],
    ['an empty instance type', { namePattern: 'p', instanceTypes: ['m', ''] }, 'INVALID', 'instanceTypes'],
    [
      '101 instance types',
      { namePattern: 'p', instanceTypes: Array.from({ length: 101 }, (_, index) => `m${index}`) },
      'LIMIT_EXCEEDED',
      'instanceTypes',
    ],
    ['too much user data', { namePattern: 'p', userData: 'x'.repeat(16_385) }, 'LIMIT_EXCEEDED', 'userData'],
    ['an empty cloud type', { namePattern: 'p', cloudType: '' }, 'INVALID', 'cloudType'],
  ])('R-4.6: %s is refused', async (_what, input, code, field) => {
    const mci = await create();
    const error = await refusedWithoutTrace(
      account,
      'multiCloudImage',
      mci.id,
      'addMultiCloudImageMatcher',
      matcher(mci, input),
    );
    expect(error).toMatchObject({ code, path: ['input', field] });
  });

  test('R-4.6: 100 matchers, and not one more', async () => {
    const mci = await create();
    await api.dataSource.query(
      `INSERT INTO multi_cloud_image_matchers (id, multi_cloud_image_id, position, name_pattern, pick, instance_types)
       SELECT gen_random_uuid(), $1, n, 'none', 'NEWEST', '{large}' FROM generate_series(0, 99) AS n`,
      [mci.id.slice(4)],
    );
    const error = await refusedWithoutTrace(
      account,
      'multiCloudImage',
      mci.id,
      'addMultiCloudImageMatcher',
      matcher(mci, { namePattern: 'p' }),
    );
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  test("R-2.2: another MCI's matcher is NOT_FOUND", async () => {
    const other = await add(await create(), { namePattern: 'p' });
    const mci = await create();
    const error = await refusedWithoutTrace(
      account,
      'multiCloudImage',
      mci.id,
      'removeMultiCloudImageMatcher',
      {
        multiCloudImageId: mci.id,
        expectedVersion: 1,
        matcherId: other.matchers[0].id,
      },
    );
    expect(error).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'matcherId'] });
    expect(await read(account, 'multiCloudImage', other.id)).toEqual(other);
  });
});

test('R-6.9: removing a matcher carries the version', async () => {
  const mci = await add(await create(), { namePattern: 'p' });
  const error = await refusedWithoutTrace(
    account,
    'multiCloudImage',
    mci.id,
    'removeMultiCloudImageMatcher',
    {
      multiCloudImageId: mci.id,
      expectedVersion: 1,
      matcherId: mci.matchers[0].id,
    },
  );
  expect(error).toMatchObject({ code: 'STALE', currentVersion: 2 });
});

describe('rematch', () => {
  let cloud: Known;
  let type: Known;

  beforeEach(async () => {
    cloud = await ownCloud();
    type = await catalog.instanceType(cloud, { name: 'large' });
  });

  /** The one cloud of interest in a report. */
  const inReport = (report: Data, of: Known = cloud): Data => {
    const only = (list: Data[]): Data[] => list.filter((entry) => entry.cloud.id === of.id);
    return {
      created: only(report.created),
      updated: only(report.updated),
      removed: only(report.removed),
      unmatched: only(report.unmatched),
    };
  };

  test('R-4.6: creates, updates and removes what matchers make, by the newest image', async () => {
    const old = await catalog.image(cloud, { name: named('os-1'), publishedAt: new Date('2026-01-01') });
    const mci = await add(await create(), { namePattern: named('os-*'), userData: 'hello' });
    const made = await rematch(mci);
    expect(inReport(made)).toEqual({
      created: [change(cloud, old, type)],
      updated: [],
      removed: [],
      unmatched: [],
    });
    expect(made.multiCloudImage.version).toBe(3);
    expect(made.multiCloudImage.settings).toMatchObject([
      {
        madeBy: 'MATCHER',
        userData: 'hello',
        cloud: { id: cloud.id },
        image: { id: old.id },
        kernelImage: null,
      },
    ]);

    const newest = await catalog.image(cloud, { name: named('os-2'), publishedAt: new Date('2026-02-01') });
    const moved = await rematch(made.multiCloudImage);
    expect(inReport(moved)).toEqual({
      created: [],
      updated: [change(cloud, newest, type)],
      removed: [],
      unmatched: [],
    });
    expect(moved.multiCloudImage.settings).toEqual([
      { ...made.multiCloudImage.settings[0], image: { id: newest.id } },
    ]);

    await catalog.updateImage(old, { lifecycle: 'DELETED' });
    await catalog.updateImage(newest, { lifecycle: 'OBSOLETE' });
    const gone = await rematch(moved.multiCloudImage);
    expect(inReport(gone)).toEqual({
      created: [],
      updated: [],
      removed: [change(cloud, newest, type)],
      unmatched: [
        {
          cloud: { id: cloud.id },
          reason: 'NO_MATCH',
          message: 'No available machine image of this cloud matches.',
        },
      ],
    });
    expect(gone.multiCloudImage).toMatchObject({ version: 5, settings: [] });
    expect(await auditOf(account)).toContainEqual({
      action: 'multiCloudImage.rematch',
      changes: {
        created: [],
        updated: [
          {
            cloudId: cloud.id,
            before: {
              imageId: old.id,
              instanceTypeId: type.id,
              kernelImageId: null,
              ramdiskImageId: null,
              userDataBytes: 5,
            },
            after: {
              imageId: newest.id,
              instanceTypeId: type.id,
              kernelImageId: null,
              ramdiskImageId: null,
              userDataBytes: 5,
            },
          },
        ],
        removed: [],
      },
    });
  });

  test('R-4.6: a second rematch changes nothing: same version, no audit entry', async () => {
    await catalog.image(cloud, { name: named('os') });
    const made = await rematch(await add(await create(), { namePattern: named('os') }));
    const entries = (await auditOf(account)).length;
    const again = await rematch(made.multiCloudImage);
    expect(again.multiCloudImage).toEqual(made.multiCloudImage);
    expect({ ...inReport(again) }).toEqual({ created: [], updated: [], removed: [], unmatched: [] });
    expect(await auditOf(account)).toHaveLength(entries);
  });

  test('R-4.6: a dry run reports the same and changes nothing', async () => {
    await catalog.image(cloud, { name: named('os') });
    const mci = await add(await create(), { namePattern: named('os') });
    const entries = await auditOf(account);
    const dry = await rematch(mci, { dryRun: true });
    expect(dry.multiCloudImage).toEqual(mci);
    expect(await read(account, 'multiCloudImage', mci.id)).toEqual(mci);
    expect(await auditOf(account)).toEqual(entries);
    const real = await rematch(mci);
    expect(inReport(real).created).toHaveLength(1);
    expect({ ...real, multiCloudImage: null }).toEqual({ ...dry, multiCloudImage: null });
  });

  test('R-4.6: never touches a setting made by hand, and does not report it', async () => {
    const byHand = await catalog.image(cloud);
    await catalog.image(cloud, { name: named('os') });
    const mci = await done(account, 'createMultiCloudImage', {
      name: 'by hand',
      settings: [{ cloudId: cloud.id, imageId: byHand.id, instanceTypeId: type.id }],
    });
    const report = await rematch(await add(mci, { namePattern: named('os') }));
    expect(inReport(report)).toEqual({ created: [], updated: [], removed: [], unmatched: [] });
    expect(report.multiCloudImage.settings).toEqual(mci.settings);
  });

  test('R-4.6: a setting set by hand belongs to the hand from then on, without a new version if it stays the same', async () => {
    const image = await catalog.image(cloud, { name: named('os') });
    const made = (await rematch(await add(await create(), { namePattern: named('os') }))).multiCloudImage;
    const taken = await done(account, 'setMultiCloudImageSetting', {
      multiCloudImageId: made.id,
      expectedVersion: made.version,
      cloudId: cloud.id,
      imageId: image.id,
      instanceTypeId: type.id,
    });
    expect(taken).toEqual({ ...made, settings: [{ ...made.settings[0], madeBy: 'HAND' }] });
    expect(
      (await auditOf(account)).filter((entry) => entry.action === 'multiCloudImage.setSetting'),
    ).toHaveLength(1);
    await catalog.updateImage(image, { lifecycle: 'DELETED' });
    const report = await rematch(taken);
    expect(report.multiCloudImage).toEqual(taken);
  });

  test('R-4.6: UNIQUE proposes only when exactly one image matches; the setting stays meanwhile', async () => {
    const one = await catalog.image(cloud, { name: named('os-1') });
    const mci = await add(await create(), { namePattern: named('os-*'), pick: 'UNIQUE' });
    const made = await rematch(mci);
    expect(inReport(made).created).toEqual([change(cloud, one, type)]);
    await catalog.image(cloud, { name: named('os-2') });
    const several = await rematch(made.multiCloudImage);
    expect(several.multiCloudImage).toEqual(made.multiCloudImage);
    expect(inReport(several)).toMatchObject({
      updated: [],
      removed: [],
      unmatched: [{ reason: 'SEVERAL_MATCHES', message: expect.stringMatching(/^2 images match/) }],
    });
  });

  test('R-3.1: an image that is listed publicly and by the account is one image', async () => {
    await catalog.image(cloud, { name: named('os'), resourceUid: 'ami-1' });
    const own = await catalog.image(cloud, {
      name: named('os'),
      resourceUid: 'ami-1',
      ownerAccountId: account.key,
    });
    const report = await rematch(await add(await create(), { namePattern: named('os'), pick: 'UNIQUE' }));
    expect(inReport(report).created).toEqual([change(cloud, own, type)]);
  });

  test('R-4.6: NEWEST is by publication, then by resourceUid; those never published are the oldest', async () => {
    const publishedAt = new Date('2026-03-01');
    await catalog.image(cloud, { name: named('os-a'), publishedAt: null, resourceUid: 'ami-9' });
    await catalog.image(cloud, { name: named('os-b'), publishedAt, resourceUid: 'ami-1' });
    const newest = await catalog.image(cloud, { name: named('os-c'), publishedAt, resourceUid: 'ami-2' });
    const report = await rematch(await add(await create(), { namePattern: named('os-?') }));
    expect(inReport(report).created).toEqual([change(cloud, newest, type)]);
  });

  test.each([
    ['DEPRECATED', { lifecycle: 'DEPRECATED' as const }],
    ['past its deprecation time', { deprecatesAt: new Date('2020-01-01') }],
  ])('R-3.4: an image that is %s counts only where there is no other', async (_what, columns) => {
    const deprecated = await catalog.image(cloud, {
      name: named('os-2'),
      publishedAt: new Date('2026-02-01'),
      ...columns,
    });
    const mci = await add(await create(), { namePattern: named('os-*'), pick: 'UNIQUE' });
    const made = await rematch(mci);
    expect(inReport(made).created).toEqual([change(cloud, deprecated, type)]);
    const fresh = await catalog.image(cloud, { name: named('os-1'), publishedAt: new Date('2026-01-01') });
    const moved = await rematch(made.multiCloudImage);
    expect(inReport(moved).updated).toEqual([change(cloud, fresh, type)]);
  });

  test.each([
    ['PENDING', { lifecycle: 'PENDING' as const }],
    ['FAILED', { lifecycle: 'FAILED' as const }],
    ['OBSOLETE', { lifecycle: 'OBSOLETE' as const }],
    ['DELETED', { lifecycle: 'DELETED' as const }],
    ['a kernel', { imageType: 'KERNEL' as const }],
    ['named differently in case', { name: 'OS' }],
    ['described, not named, like it', { name: 'else', description: 'os' }],
    ['of another architecture', { cpuArchitecture: 'arm64' }],
    ['of unknown architecture', { cpuArchitecture: null }],
    ['of another operating system', { operatingSystem: 'Fedora CoreOSX 44' }],
    ['of unknown operating system', { operatingSystem: null }],
  ])('R-4.6: an image that is %s does not match', async (_what, columns) => {
    await catalog.image(cloud, {
      operatingSystem: 'Fedora CoreOS 44',
      cpuArchitecture: 'x86_64',
      ...columns,
      name: named(('name' in columns && columns.name) || 'os'),
    });
    const mci = await add(await create(), {
      namePattern: named('os'),
      operatingSystem: 'Fedora CoreOS',
      cpuArchitecture: 'x86_64',
    });
    const report = await rematch(mci);
    expect(inReport(report)).toMatchObject({ created: [], unmatched: [{ reason: 'NO_MATCH' }] });
  });

  test.each(['Fedora CoreOS', 'Fedora CoreOS 44'])(
    'R-4.6: %s finds Fedora CoreOS 44',
    async (operatingSystem) => {
      const image = await catalog.image(cloud, { name: named('os'), operatingSystem: 'Fedora CoreOS 44' });
      const report = await rematch(await add(await create(), { namePattern: named('os'), operatingSystem }));
      expect(inReport(report).created).toEqual([change(cloud, image, type)]);
    },
  );

  test.each([
    ['os_1%', 'os_1%', true],
    ['os_1%', 'osX1abc', false],
    ['os\\*', 'os\\x', true],
    ['o?', 'os', true],
    ['o?', 'o', false],
    ['s', 'os', false],
    ['os', 'os more', false],
    ['os*any', 'os', false],
    ['os*', 'os more', true],
  ])('R-4.6: the pattern %s and the name %s: match %s', async (pattern, name, matches) => {
    await catalog.image(cloud, { name: named(name), description: 'any words' });
    const report = await rematch(await add(await create(), { namePattern: named(pattern) }));
    expect(inReport(report).created).toHaveLength(matches ? 1 : 0);
  });

  test('R-4.6: by fingerprint, only in clouds of the given type', async () => {
    const elsewhere = await ownCloud({ cloudType: 'vsphere' });
    const there = await catalog.instanceType(elsewhere, { name: 'large' });
    const fingerprint = named('sha256');
    await catalog.image(cloud, { fingerprint });
    const image = await catalog.image(elsewhere, { fingerprint });
    const report = await rematch(await add(await create(), { fingerprint, cloudType: 'vsphere' }));
    expect(report.created).toEqual([change(elsewhere, image, there)]);
    expect(inReport(report).unmatched).toEqual([
      { cloud: { id: cloud.id }, reason: 'NO_MATCH', message: 'No matcher is for clouds of type amazon.' },
    ]);
  });

  test('R-4.6: the first listed type that the cloud offers and that runs the image', async () => {
    await catalog.instanceType(cloud, { name: 'gone', offered: false });
    await catalog.instanceType(cloud, { name: 'arm', cpuArchitectures: ['arm64'] });
    const other = await api.account();
    await catalog.instanceType(cloud, { name: 'hidden', ownerAccountId: other.key });
    const unknown = await catalog.instanceType(cloud, { name: 'unknown', cpuArchitectures: [] });
    const image = await catalog.image(cloud, { name: named('os'), cpuArchitecture: 'x86_64' });
    const instanceTypes = ['gone', 'absent', 'arm', 'hidden', 'unknown', 'large'];
    const mci = await add(await create(), { namePattern: named('os'), instanceTypes });
    expect(inReport(await rematch(mci)).created).toEqual([change(cloud, image, unknown)]);
  });

  test('R-4.6: without a fitting type the cloud is reported', async () => {
    await catalog.image(cloud, { name: named('os'), cpuArchitecture: 'arm64' });
    const report = await rematch(await add(await create(), { namePattern: named('os') }));
    expect(inReport(report)).toMatchObject({
      created: [],
      unmatched: [{ reason: 'NO_INSTANCE_TYPE', message: expect.stringContaining('large') }],
    });
  });

  test('R-4.6: the first matcher that proposes wins', async () => {
    const second = await catalog.image(cloud, { name: named('second') });
    await catalog.image(cloud, { name: named('third') });
    let mci = await add(await create(), { namePattern: named('first') });
    mci = await add(mci, { namePattern: named('second') });
    mci = await add(mci, { namePattern: named('third') });
    expect(inReport(await rematch(mci)).created).toEqual([change(cloud, second, type)]);
  });

  test("R-2.2: another account's images, types and clouds are never proposed", async () => {
    const other = await api.account();
    const theirs = await catalog.cloud({ accountId: other.key });
    await catalog.instanceType(theirs, { name: 'large' });
    await catalog.image(theirs, { name: named('os') });
    await catalog.image(cloud, { name: named('os'), ownerAccountId: other.key });
    const report = await rematch(await add(await create(), { namePattern: named('os') }));
    expect(report.created).toEqual([]);
    expect(report.unmatched.map((entry: Data) => entry.cloud.id)).not.toContain(theirs.id);
    expect(inReport(report).unmatched).toMatchObject([{ reason: 'NO_MATCH' }]);
  });

  test('R-4.6: without its matchers, what they made goes at the next rematch, not before', async () => {
    await catalog.image(cloud, { name: named('os') });
    const made = (await rematch(await add(await create(), { namePattern: named('os') }))).multiCloudImage;
    const without = await done(account, 'removeMultiCloudImageMatcher', {
      multiCloudImageId: made.id,
      expectedVersion: made.version,
      matcherId: made.matchers[0].id,
    });
    expect(without.settings).toEqual(made.settings);
    expect((await rematch(without)).multiCloudImage.settings).toEqual([]);
  });
});

describe('coverage', () => {
  const COVERAGE = `query($ids: [ID!]!, $first: Int, $after: String) { nodes(ids: $ids) { ... on MultiCloudImage {
    coverage(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
      edges { node { cloud { id } covered proposal { id } proposedInstanceType { id } reason } } } } } }`;

  async function coverage(mci: Data): Promise<Data[]> {
    const found: Data[] = [];
    let after: string | null = null;
    do {
      const data = await account.query(COVERAGE, { ids: [mci.id], first: 7, after });
      const page = data.nodes[0].coverage;
      found.push(...page.edges.map((edge: Data) => edge.node));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      expect(page.totalCount).toBeGreaterThanOrEqual(found.length);
    } while (after !== null);
    return found;
  }

  test('R-4.6: tells for every visible cloud whether it is covered and what the matchers propose', async () => {
    const [covered, proposed, bare] = [await ownCloud(), await ownCloud(), await ownCloud()];
    const type = await catalog.instanceType(covered, { name: 'large' });
    const image: KnownImage = await catalog.image(covered, { name: named('else') });
    const proposedType = await catalog.instanceType(proposed, { name: 'large' });
    const proposal = await catalog.image(proposed, { name: named('os') });
    const other = await api.account();
    const hidden = await catalog.cloud({ accountId: other.key });
    const mci = await add(
      await done(account, 'createMultiCloudImage', {
        name: 'covering',
        settings: [{ cloudId: covered.id, imageId: image.id, instanceTypeId: type.id }],
      }),
      { namePattern: named('os') },
    );
    const all = await coverage(mci);
    const reason = 'No available machine image of this cloud matches.';
    expect(all.find((entry) => entry.cloud.id === covered.id)).toEqual({
      cloud: { id: covered.id },
      covered: true,
      proposal: null,
      proposedInstanceType: null,
      reason,
    });
    expect(all.find((entry) => entry.cloud.id === proposed.id)).toEqual({
      cloud: { id: proposed.id },
      covered: false,
      proposal: { id: proposal.id },
      proposedInstanceType: { id: proposedType.id },
      reason: null,
    });
    expect(all.find((entry) => entry.cloud.id === bare.id)).toMatchObject({ covered: false, reason });
    expect(all.map((entry) => entry.cloud.id)).not.toContain(hidden.id);
    expect(new Set(all.map((entry) => entry.cloud.id)).size).toBe(all.length);
    expect(await read(account, 'multiCloudImage', mci.id)).toEqual(mci);
  });

  test('R-4.6: costs the same number of statements for one cloud of one MCI and for many of many', async () => {
    for (let index = 0; index < 8; index += 1) {
      const cloud = await ownCloud();
      await catalog.instanceType(cloud, { name: 'large' });
      await catalog.image(cloud, { name: named('os') });
    }
    const mcis = [
      await add(await create(), { namePattern: named('os') }),
      await add(await create(), { namePattern: named('o*') }),
    ];
    const one = await countReads(() => account.query(COVERAGE, { ids: [mcis[0].id], first: 2 }));
    const many = await countReads(() =>
      account.query(COVERAGE, { ids: mcis.map((mci) => mci.id), first: 100 }),
    );
    expect(one).toBeGreaterThan(5);
    expect(many).toBe(one);
  });

  /** Outside of transactions every statement takes a connection from the pool. */
  async function countReads(work: () => Promise<unknown>): Promise<number> {
    const { master: pool } = api.dataSource.driver as unknown as { master: Pool };
    let count = 0;
    const onAcquire = () => {
      count += 1;
    };
    pool.on('acquire', onAcquire);
    await work();
    pool.off('acquire', onAcquire);
    return count;
  }
});
