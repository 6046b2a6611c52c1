import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done, mutationSource, read, refused, refusedWithoutTrace, run } from '../kit/components';
import { insertMultiCloudImageRevision } from '../kit/revisions';

let api: TestApi;
let catalog: TestCatalog;
let account: TestAccount;

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

const create = (input: object = {}): Promise<Data> =>
  done(account, 'createMultiCloudImage', { name: 'base', ...input });

const set = (mci: Data, setting: object) => ({
  multiCloudImageId: mci.id,
  expectedVersion: mci.version,
  ...setting,
});

/** A refusal of `setMultiCloudImageSetting` that leaves the MCI as it was. */
const refusedSetting = (mci: Data, setting: object): Promise<Data> =>
  refusedWithoutTrace(account, 'multiCloudImage', mci.id, 'setMultiCloudImageSetting', set(mci, setting));

describe('creating', () => {
  test('R-4.1: with settings, tags and a description', async () => {
    const place = await catalog.place();
    const kernel = await catalog.image(place.cloud, { imageType: 'KERNEL' });
    const ramdisk = await catalog.image(place.cloud, { imageType: 'RAMDISK' });
    const setting = {
      ...place.setting,
      kernelImageId: kernel.id,
      ramdiskImageId: ramdisk.id,
      userData: '#!/bin/sh',
    };
    const mci = await create({ description: 'for all', tags: ['a', 'A', 'x:y=z'], settings: [setting] });
    expect(mci).toMatchObject({
      name: 'base',
      description: 'for all',
      tags: ['a', 'x:y=z'],
      version: 1,
      revision: 0,
      isHead: true,
      editable: true,
      deletedAt: null,
      matchers: [],
    });
    expect(mci.settings).toEqual([
      {
        id: expect.stringMatching(/^set_/),
        madeBy: 'HAND',
        userData: '#!/bin/sh',
        cloud: { id: place.cloud.id },
        image: { id: place.image.id },
        instanceType: { id: place.type.id },
        kernelImage: { id: kernel.id },
        ramdiskImage: { id: ramdisk.id },
      },
    ]);
  });

  test('R-2.4: writes one audit entry, of user data only the size', async () => {
    const place = await catalog.place();
    await create({ settings: [{ ...place.setting, userData: 'sécret' }] });
    const entries = await auditOf(account);
    expect(entries).toEqual([
      {
        action: 'multiCloudImage.create',
        changes: {
          name: 'base',
          description: null,
          tags: [],
          settings: [{ ...place.setting, kernelImageId: null, ramdiskImageId: null, userDataBytes: 7 }],
        },
      },
    ]);
  });

  test('R-4.1: a cloud twice is refused, and nothing is created', async () => {
    const [one, two] = [await catalog.place(), await catalog.place()];
    const error = await refused(account, 'createMultiCloudImage', {
      name: 'base',
      settings: [one.setting, two.setting, one.setting],
    });
    expect(error).toMatchObject({
      __typename: 'ValidationError',
      code: 'INVALID',
      path: ['input', 'settings', '2', 'cloudId'],
    });
    expect(await countMultiCloudImages()).toBe(0);
  });

  test('R-4.1: one bad setting among good ones, and nothing is created', async () => {
    const [one, two] = [await catalog.place(), await catalog.place()];
    const error = await refused(account, 'createMultiCloudImage', {
      name: 'base',
      settings: [one.setting, { ...two.setting, imageId: one.image.id }],
    });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'settings', '1', 'imageId'] });
    expect(await countMultiCloudImages()).toBe(0);
    expect(await auditOf(account)).toEqual([]);
  });

  test.each([
    ['an empty name', { name: ' ' }, 'INVALID', ['input', 'name']],
    ['a name of 256 characters', { name: 'x'.repeat(256) }, 'INVALID', ['input', 'name']],
    [
      'a description that is too long',
      { description: 'x'.repeat(65_537) },
      'INVALID',
      ['input', 'description'],
    ],
    ['a malformed tag', { tags: ['fine', 'Upper:x=1'] }, 'INVALID', ['input', 'tags']],
    [
      '101 tags',
      { tags: Array.from({ length: 101 }, (_, index) => `t${index}`) },
      'LIMIT_EXCEEDED',
      ['input', 'tags'],
    ],
  ])('%s is refused', async (_what, input, code, path) => {
    expect(await refused(account, 'createMultiCloudImage', { name: 'base', ...input })).toMatchObject({
      code,
      path,
    });
    expect(await countMultiCloudImages()).toBe(0);
  });

  test('an id of another kind is refused, naming the field', async () => {
    const place = await catalog.place();
    const error = await refused(account, 'createMultiCloudImage', {
      name: 'base',
      settings: [{ ...place.setting, imageId: place.cloud.id }],
    });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'settings', '0', 'imageId'] });
    expect(error.message).toContain('CloudImage');
  });

  test('R-2.1: needs the role DESIGNER', async () => {
    const token = await account.tokenWith('ACTOR', 'LIBRARY', 'PUBLISHER', 'ADMIN', 'INFRASTRUCTURE');
    const answer = await api.request(token, mutationSource('createMultiCloudImage'), {
      input: { name: 'base' },
    });
    expect(answer.errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);
    expect(await countMultiCloudImages()).toBe(0);
  });
});

describe('updating', () => {
  test('R-6.9: what is left out stays; the version rises by one', async () => {
    const mci = await create({ description: 'old' });
    const renamed = await done(account, 'updateMultiCloudImage', {
      id: mci.id,
      expectedVersion: 1,
      name: 'new',
    });
    expect(renamed).toEqual({ ...mci, name: 'new', version: 2 });
    const cleared = await done(account, 'updateMultiCloudImage', {
      id: mci.id,
      expectedVersion: 2,
      description: null,
    });
    expect(cleared).toEqual({ ...mci, name: 'new', description: null, version: 3 });
    expect(await auditOf(account)).toContainEqual({
      action: 'multiCloudImage.update',
      changes: { description: { before: 'old', after: null } },
    });
  });

  test('R-2.4: an edit that changes nothing keeps the version and writes no entry', async () => {
    const mci = await create({ description: 'same' });
    const same = { id: mci.id, expectedVersion: 1, name: 'base', description: 'same' };
    expect(await done(account, 'updateMultiCloudImage', same)).toEqual(mci);
    expect(await auditOf(account)).toHaveLength(1);
  });

  test('a null name is refused', async () => {
    const mci = await create();
    const error = await refusedWithoutTrace(account, 'multiCloudImage', mci.id, 'updateMultiCloudImage', {
      id: mci.id,
      expectedVersion: 1,
      name: null,
    });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'name'] });
  });

  test('R-6.9: a stale edit is refused with the current version, and loses nothing', async () => {
    const mci = await create();
    await done(account, 'updateMultiCloudImage', { id: mci.id, expectedVersion: 1, name: 'second' });
    const error = await refusedWithoutTrace(account, 'multiCloudImage', mci.id, 'updateMultiCloudImage', {
      id: mci.id,
      expectedVersion: 1,
      name: 'third',
    });
    expect(error).toMatchObject({
      __typename: 'StaleVersionError',
      code: 'STALE',
      path: ['input', 'expectedVersion'],
      currentVersion: 2,
    });
  });

  test("R-2.2: another account's component is NOT_FOUND, like one that does not exist", async () => {
    const mci = await create();
    const other = await api.account();
    const update = { expectedVersion: 1, name: 'taken' };
    const foreign = await refused(other, 'updateMultiCloudImage', { id: mci.id, ...update });
    const absent = await refused(other, 'updateMultiCloudImage', {
      id: 'mci_00000000-0000-4000-8000-000000000000',
      ...update,
    });
    expect(foreign).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND', path: ['input', 'id'] });
    expect(foreign).toEqual(absent);
    expect(await read(account, 'multiCloudImage', mci.id)).toEqual(mci);
  });

  test('R-6.9: of 20 edits at once with the same version exactly one wins, the others are STALE', async () => {
    const mci = await create();
    const names = Array.from({ length: 20 }, (_, index) => `name ${index}`);
    const payloads = await Promise.all(
      names.map((name) => run(account, 'updateMultiCloudImage', { id: mci.id, expectedVersion: 1, name })),
    );
    const winners = payloads.filter((payload) => payload.userErrors.length === 0);
    expect(winners).toHaveLength(1);
    const codes = payloads.flatMap((payload) => payload.userErrors.map((error: Data) => error.code));
    expect(codes).toEqual(Array.from({ length: 19 }, () => 'STALE'));
    const after = await read(account, 'multiCloudImage', mci.id);
    expect(after).toEqual({ ...mci, name: winners[0].multiCloudImage.name, version: 2 });
    expect(await auditOf(account)).toHaveLength(2);
  });
});

describe('R-6.1: a committed revision', () => {
  test('can not be edited: NOT_EDITABLE', async () => {
    const place = await catalog.place();
    const mci = await create({ settings: [place.setting] });
    const revision = await insertMultiCloudImageRevision(api.dataSource, mci.id);
    const edits: [string, object][] = [
      ['updateMultiCloudImage', { id: revision, name: 'x' }],
      ['setMultiCloudImageSetting', { multiCloudImageId: revision, ...place.setting }],
      ['removeMultiCloudImageSetting', { multiCloudImageId: revision, cloudId: place.cloud.id }],
      ['rematchMultiCloudImage', { multiCloudImageId: revision }],
      ['addTags', { id: revision, tags: ['x'] }],
    ];
    for (const [name, input] of edits) {
      const error = await refusedWithoutTrace(account, 'multiCloudImage', revision, name, {
        expectedVersion: 1,
        ...input,
      });
      expect(error).toMatchObject({ __typename: 'NotEditableError', code: 'NOT_EDITABLE' });
    }
    expect(await read(account, 'multiCloudImage', revision)).toMatchObject({ revision: 1, editable: false });
  });

  test.each([
    ['its columns', 'UPDATE multi_cloud_images SET name = $2 WHERE id = $1', ['x']],
    [
      'its settings',
      'UPDATE multi_cloud_image_settings SET user_data = $2 WHERE multi_cloud_image_id = $1',
      ['x'],
    ],
    ['removing a setting', 'DELETE FROM multi_cloud_image_settings WHERE multi_cloud_image_id = $1', []],
    ['removing it', 'DELETE FROM multi_cloud_images WHERE id = $1', []],
  ])('is held by the database too: %s', async (_what, sql, values) => {
    const place = await catalog.place();
    const mci = await create({ settings: [place.setting] });
    const revision = await insertMultiCloudImageRevision(api.dataSource, mci.id);
    await expect(api.dataSource.query(sql, [revision.slice(4), ...values])).rejects.toThrow(
      /a committed revision never changes|violates foreign key constraint/,
    );
    expect(await read(account, 'multiCloudImage', revision)).toMatchObject({
      name: 'base',
      settings: [{ userData: null }],
    });
  });
});

describe('settings', () => {
  let place: Place;
  let mci: Data;

  beforeEach(async () => {
    place = await catalog.place();
    mci = await create();
  });

  test('R-4.1: makes one per cloud, and replaces it as a whole', async () => {
    const kernel = await catalog.image(place.cloud, { imageType: 'KERNEL' });
    const first = await done(
      account,
      'setMultiCloudImageSetting',
      set(mci, { ...place.setting, kernelImageId: kernel.id, userData: 'one' }),
    );
    expect(first).toMatchObject({
      version: 2,
      settings: [{ userData: 'one', kernelImage: { id: kernel.id } }],
    });
    const image = await catalog.image(place.cloud);
    const second = await done(
      account,
      'setMultiCloudImageSetting',
      set(first, { ...place.setting, imageId: image.id }),
    );
    expect(second.version).toBe(3);
    expect(second.settings).toEqual([
      { ...first.settings[0], userData: null, kernelImage: null, image: { id: image.id } },
    ]);
    expect(await auditOf(account)).toContainEqual({
      action: 'multiCloudImage.setSetting',
      changes: {
        cloudId: place.cloud.id,
        before: {
          imageId: place.image.id,
          instanceTypeId: place.type.id,
          kernelImageId: kernel.id,
          ramdiskImageId: null,
          userDataBytes: 3,
          madeBy: 'HAND',
        },
        after: {
          imageId: image.id,
          instanceTypeId: place.type.id,
          kernelImageId: null,
          ramdiskImageId: null,
          userDataBytes: null,
          madeBy: 'HAND',
        },
      },
    });
  });

  test('R-2.4: setting the same again changes nothing', async () => {
    const first = await done(account, 'setMultiCloudImageSetting', set(mci, place.setting));
    expect(await done(account, 'setMultiCloudImageSetting', set(first, place.setting))).toEqual(first);
    expect(await auditOf(account)).toHaveLength(2);
  });

  test('R-4.1: the database holds one setting per cloud', async () => {
    const first = await done(account, 'setMultiCloudImageSetting', set(mci, place.setting));
    await expect(
      api.dataSource.query(
        `INSERT INTO multi_cloud_image_settings (id, multi_cloud_image_id, cloud_id, image_id, instance_type_id)
         SELECT gen_random_uuid(), multi_cloud_image_id, cloud_id, image_id, instance_type_id
         FROM multi_cloud_image_settings WHERE id = $1`,
        [first.settings[0].id.slice(4)],
      ),
    ).rejects.toThrow('multi_cloud_image_settings_cloud_unique');
    expect(await read(account, 'multiCloudImage', mci.id)).toEqual(first);
  });

  test.each([
    ['cloudId', 'clouds', 'cld_00000000-0000-4000-8000-000000000000'],
    ['imageId', 'images', 'img_00000000-0000-4000-8000-000000000000'],
    ['instanceTypeId', 'types', 'typ_00000000-0000-4000-8000-000000000000'],
    ['kernelImageId', 'images', 'img_00000000-0000-4000-8000-000000000000'],
    ['ramdiskImageId', 'images', 'img_00000000-0000-4000-8000-000000000000'],
  ])('R-4.1: an unknown %s is NOT_FOUND', async (field, _table, id) => {
    const error = await refusedSetting(mci, { ...place.setting, [field]: id });
    expect(error).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND', path: ['input', field] });
  });

  test('R-2.2: what another account keeps private answers as if it did not exist', async () => {
    const other = await api.account();
    const cloud = await catalog.cloud({ accountId: other.key });
    const image = await catalog.image(place.cloud, { ownerAccountId: other.key });
    const type = await catalog.instanceType(place.cloud, { ownerAccountId: other.key });
    for (const [field, id] of [
      ['cloudId', cloud.id],
      ['imageId', image.id],
      ['instanceTypeId', type.id],
    ] as const) {
      const hidden = await refusedSetting(mci, { ...place.setting, [field]: id });
      const absent = await refusedSetting(mci, {
        ...place.setting,
        [field]: `${id.slice(0, 4)}00000000-0000-4000-8000-000000000000`,
      });
      expect(hidden).toMatchObject({ code: 'NOT_FOUND', path: ['input', field] });
      expect(hidden).toEqual(absent);
    }
  });

  test('R-3.2: an image that is shared with the account may be put', async () => {
    const other = await api.account();
    const image = await catalog.image(place.cloud, { ownerAccountId: other.key });
    await catalog.share(image, account.key);
    const changed = await done(
      account,
      'setMultiCloudImageSetting',
      set(mci, { ...place.setting, imageId: image.id }),
    );
    expect(changed.settings).toMatchObject([{ image: { id: image.id } }]);
  });

  test.each(['PENDING', 'FAILED', 'DEPRECATED', 'OBSOLETE', 'DELETED'] as const)(
    'R-3.2: an image that is %s may be put: the setting says so',
    async (lifecycle) => {
      const image = await catalog.image(place.cloud, { lifecycle });
      const changed = await done(
        account,
        'setMultiCloudImageSetting',
        set(mci, { ...place.setting, imageId: image.id }),
      );
      expect(changed.settings).toMatchObject([{ image: { id: image.id } }]);
    },
  );

  test.each(['imageId', 'instanceTypeId', 'kernelImageId', 'ramdiskImageId'])(
    'R-4.1: %s of another cloud is refused',
    async (field) => {
      const elsewhere = await catalog.cloud();
      const foreign = {
        imageId: await catalog.image(elsewhere),
        instanceTypeId: await catalog.instanceType(elsewhere),
        kernelImageId: await catalog.image(elsewhere, { imageType: 'KERNEL' }),
        ramdiskImageId: await catalog.image(elsewhere, { imageType: 'RAMDISK' }),
      }[field];
      const error = await refusedSetting(mci, { ...place.setting, [field]: foreign?.id });
      expect(error).toMatchObject({ code: 'INVALID', path: ['input', field] });
      expect(error.message).toContain('another cloud');
    },
  );

  test.each([
    ['imageId', 'KERNEL'],
    ['kernelImageId', 'MACHINE'],
    ['ramdiskImageId', 'KERNEL'],
  ] as const)('R-4.1: for %s an image of type %s does not fit its slot', async (field, imageType) => {
    const image = await catalog.image(place.cloud, { imageType });
    const error = await refusedSetting(mci, { ...place.setting, [field]: image.id });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', field] });
  });

  test('R-4.1: user data of 16,384 bytes fits, one byte more does not', async () => {
    const fits = `${'é'.repeat(8_191)}ab`;
    const error = await refusedSetting(mci, { ...place.setting, userData: `${fits}c` });
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['input', 'userData'] });
    const changed = await done(
      account,
      'setMultiCloudImageSetting',
      set(mci, { ...place.setting, userData: fits }),
    );
    expect(changed.settings[0].userData).toBe(fits);
  });

  test('R-4.1: a known architecture must be one that the type runs', async () => {
    const arm = await catalog.image(place.cloud, { name: 'arm-image', cpuArchitecture: 'arm64' });
    const both = await catalog.instanceType(place.cloud, { cpuArchitectures: ['i386', 'x86_64'] });
    const error = await refusedSetting(mci, { ...place.setting, imageId: arm.id, instanceTypeId: both.id });
    expect(error).toMatchObject({
      code: 'INCOMPATIBLE_ARCHITECTURE',
      path: ['input', 'instanceTypeId'],
      message:
        `The image arm-image is built for arm64, but the instance type ${both.name} runs i386, x86_64 only. ` +
        'Choose an image and an instance type of the same architecture.',
    });
  });

  test.each([
    ['the image', { cpuArchitecture: null }, { cpuArchitectures: ['arm64'] }],
    ['the type', { cpuArchitecture: 'arm64' }, { cpuArchitectures: [] }],
  ])('R-4.1: an unknown architecture of %s is no obstacle', async (_what, image, type) => {
    const unknown = await catalog.place({ image, type });
    const changed = await done(account, 'setMultiCloudImageSetting', set(mci, unknown.setting));
    expect(changed.settings).toHaveLength(1);
  });

  test('R-4.1: 500 settings, and not one more', async () => {
    const own = await api.account();
    await api.dataSource.query(
      `WITH made AS (
         INSERT INTO clouds (id, account_id, cloud_type, region, name, display_name, created_at)
         SELECT gen_random_uuid(), $1, 'vsphere', 'r' || n, 'c' || n, 'c' || n, now()
         FROM generate_series(1, 501) AS n RETURNING id),
       imaged AS (
         INSERT INTO cloud_images (id, cloud_id, resource_uid, name, image_type, lifecycle, created_at, updated_at)
         SELECT id, id, 'u', 'n', 'MACHINE', 'AVAILABLE', now(), now() FROM made)
       INSERT INTO instance_types (id, cloud_id, resource_uid, name, created_at, updated_at)
       SELECT id, id, 't', 't', now(), now() FROM made`,
      [own.key],
    );
    const rows: { id: string }[] = await api.dataSource.query('SELECT id FROM clouds WHERE account_id = $1', [
      own.key,
    ]);
    const settings = rows.map(({ id }) => ({
      cloudId: `cld_${id}`,
      imageId: `img_${id}`,
      instanceTypeId: `typ_${id}`,
    }));
    const tooMany = await refused(own, 'createMultiCloudImage', { name: 'all', settings });
    expect(tooMany).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['input', 'settings'] });
    const full = await done(own, 'createMultiCloudImage', { name: 'all', settings: settings.slice(0, 500) });
    expect(full.settings).toHaveLength(500);
    const error = await refused(own, 'setMultiCloudImageSetting', set(full, settings[500] ?? {}));
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['input', 'cloudId'] });
    expect(await read(own, 'multiCloudImage', full.id)).toEqual(full);
  });

  test('are removed, and only once', async () => {
    const first = await done(account, 'setMultiCloudImageSetting', set(mci, place.setting));
    const input = { multiCloudImageId: mci.id, cloudId: place.cloud.id };
    const removed = await done(account, 'removeMultiCloudImageSetting', { ...input, expectedVersion: 2 });
    expect(removed).toEqual({ ...first, version: 3, settings: [] });
    const error = await refusedWithoutTrace(
      account,
      'multiCloudImage',
      mci.id,
      'removeMultiCloudImageSetting',
      {
        ...input,
        expectedVersion: 3,
      },
    );
    expect(error).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'cloudId'] });
  });

  test('R-6.9: every edit of settings carries the version', async () => {
    const first = await done(account, 'setMultiCloudImageSetting', set(mci, place.setting));
    const stale = { multiCloudImageId: mci.id, expectedVersion: 1 };
    for (const [name, input] of [
      ['setMultiCloudImageSetting', { ...place.setting, userData: 'x' }],
      ['removeMultiCloudImageSetting', { cloudId: place.cloud.id }],
      ['addMultiCloudImageMatcher', { namePattern: 'a*', pick: 'NEWEST', instanceTypes: ['t'] }],
      ['rematchMultiCloudImage', {}],
    ] as const) {
      const error = await refusedWithoutTrace(account, 'multiCloudImage', first.id, name, {
        ...stale,
        ...input,
      });
      expect(error).toMatchObject({ code: 'STALE', currentVersion: 2 });
    }
  });

  test('R-4.3: the clouds that can still be added are all visible ones but those it has', async () => {
    const other = await api.account();
    const hidden = await catalog.cloud({ accountId: other.key });
    const mine = await catalog.cloud({ accountId: account.key });
    const changed = await done(account, 'setMultiCloudImageSetting', set(mci, place.setting));
    const missing = await allMissingClouds(changed.id);
    expect(missing).toContain(mine.id);
    expect(missing).not.toContain(place.cloud.id);
    expect(missing).not.toContain(hidden.id);
    const visible: { count: number }[] = await api.dataSource.query(
      'SELECT count(*)::int FROM clouds WHERE account_id IS NULL OR account_id = $1',
      [account.key],
    );
    expect(missing).toHaveLength((visible[0]?.count ?? 0) - 1);
  });
});

async function allMissingClouds(id: string): Promise<string[]> {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const data = await account.query(
      `query($id: ID!, $after: String) { multiCloudImage(id: $id) { missingClouds(first: 100, after: $after) {
        edges { node { id } } pageInfo { hasNextPage endCursor } } } }`,
      { id, after },
    );
    const { edges, pageInfo } = data.multiCloudImage.missingClouds;
    found.push(...edges.map((edge: Data) => edge.node.id));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}

async function countMultiCloudImages(): Promise<number> {
  const data = await account.query(
    '{ multiCloudImages(filter: { versions: ALL, includeDeleted: true }) { totalCount } }',
  );
  return data.multiCloudImages.totalCount;
}
