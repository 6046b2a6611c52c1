import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type KnownImage, type Known } from '../kit/catalog';
import { auditOf, done } from '../kit/components';
import {
  define,
  makeGround,
  readDefined,
  refusedDefinition,
  type DefinedField,
  type Ground,
} from '../kit/definitions';
import { insertSnapshot } from '../kit/revisions';

let api: TestApi;
let catalog: TestCatalog;
let account: TestAccount;
let ground: Ground;

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
  ground = await makeGround(api.dataSource, account);
});

const refused = (name: string, input: object): Promise<Data> =>
  refusedDefinition(api.dataSource, account, name, input);
const INHERITED = {
  multiCloudImage: null,
  image: null,
  instanceType: null,
  kernelImage: null,
  ramdiskImage: null,
  userData: null,
  none: [],
};

interface Kind {
  readonly field: DefinedField & ('server' | 'serverArray');
  readonly create: string;
  readonly updateNext: string;
  readonly source: string;
}

const KINDS: Kind[] = [
  { field: 'server', create: 'createServer', updateNext: 'updateServerNext', source: 'SERVER' },
  {
    field: 'serverArray',
    create: 'createServerArray',
    updateNext: 'updateServerArrayNext',
    source: 'SERVER_ARRAY',
  },
];

describe.each(KINDS)('the next configuration of a $field', ({ field, create, updateNext, source }) => {
  const make = (input: object = {}): Promise<Data> => define(account, create, { ...ground[field], ...input });
  const refusedToMake = (input: object): Promise<Data> => refused(create, { ...ground[field], ...input });
  const update = ({ id, version: expectedVersion }: Data, input: object): Promise<Data> =>
    define(account, updateNext, { id, expectedVersion, ...input });
  const refusedToUpdate = ({ id, version: expectedVersion }: Data, input: object): Promise<Data> =>
    refused(updateNext, { id, expectedVersion, ...input });

  test('R-7.2: inherits everything unless told', async () => {
    const { next } = await make();
    expect(next).toMatchObject({
      ...INHERITED,
      cloud: { id: ground.place.cloud.id },
      serverTemplate: { id: ground.template.id },
      resolution: {
        status: 'READY',
        multiCloudImage: { value: { id: ground.mci.id }, source: 'SERVER_TEMPLATE' },
        image: { resourceUid: ground.place.image.resourceUid, source: 'MULTI_CLOUD_IMAGE' },
        instanceType: { value: { id: ground.place.type.id }, source: 'MULTI_CLOUD_IMAGE' },
        kernelImage: null,
        ramdiskImage: null,
        userData: null,
      },
    });
  });

  describe('R-7.2, R-7.5: each value', () => {
    let image: KnownImage;
    let kernel: KnownImage;
    let ramdisk: KnownImage;
    let type: Known;
    let other: Data;
    beforeEach(async () => {
      const { cloud } = ground.place;
      image = await catalog.image(cloud);
      type = await catalog.instanceType(cloud);
      kernel = await catalog.image(cloud, { imageType: 'KERNEL' });
      ramdisk = await catalog.image(cloud, { imageType: 'RAMDISK' });
      other = await done(account, 'createMultiCloudImage', { name: 'o', settings: [ground.place.setting] });
      await done(account, 'setMultiCloudImageSetting', {
        multiCloudImageId: ground.mci.id,
        expectedVersion: 1,
        ...ground.place.setting,
        kernelImageId: kernel.id,
        ramdiskImageId: ramdisk.id,
        userData: 'of the MCI',
      });
    });

    test.each([
      ['multiCloudImage', 'multiCloudImageId', () => other.id],
      ['image', 'imageId', () => image.id],
      ['instanceType', 'instanceTypeId', () => type.id],
      ['kernelImage', 'kernelImageId', () => kernel.id],
      ['ramdiskImage', 'ramdiskImageId', () => ramdisk.id],
      ['userData', 'userData', () => 'own'],
    ])('%s is set, stays when others are, and is set back to inherit', async (value, input, choose) => {
      const chosen = choose();
      const shown = value === 'userData' ? chosen : { id: chosen };
      const inherited = await make();
      const set = await update(inherited, { choices: { [input]: chosen } });
      expect(set).toMatchObject({ version: 2, next: { ...INHERITED, [value]: shown } });
      expect(set.next.resolution[value].source).toBe(source);
      const others = await update(set, {
        choices: value === 'image' ? { userData: 'x' } : { imageId: image.id },
      });
      expect(others.next[value]).toEqual(shown);
      const back = await update(others, { choices: { [input]: null } });
      expect(back.next[value]).toBeNull();
      expect(back.next.resolution[value]).toEqual(inherited.next.resolution[value]);
      expect(await make({ name: 'at once', choices: { [input]: chosen } })).toMatchObject({
        next: { ...INHERITED, [value]: shown },
      });
    });

    test.each([
      ['KERNEL_IMAGE', 'kernelImage', 'kernelImageId', () => kernel.id],
      ['RAMDISK_IMAGE', 'ramdiskImage', 'ramdiskImageId', () => ramdisk.id],
      ['USER_DATA', 'userData', 'userData', () => 'own'],
    ])('%s is set to none, to a value, to none and back to inherit', async (name, value, input, choose) => {
      const inherited = await make();
      expect(inherited.next.resolution[value].source).toBe('MULTI_CLOUD_IMAGE');
      const none = await update(inherited, { choices: { none: [name] } });
      expect(none.next).toMatchObject({ [value]: null, none: [name] });
      expect(none.next.resolution[value]).toBeNull();
      const set = await update(none, { choices: { [input]: choose() } });
      expect(set.next).toMatchObject({ none: [] });
      expect(set.next.resolution[value].source).toBe(source);
      const again = await update(set, { choices: { none: [name] } });
      expect(again.next).toMatchObject({ [value]: null, none: [name] });
      const byNull = await update(again, { choices: { [input]: null } });
      expect(byNull.next).toEqual(inherited.next);
      const once = await update(byNull, { choices: { none: [name] } });
      const byList = await update(once, { choices: { none: [] } });
      expect(byList.next).toEqual(inherited.next);
      expect((await make({ name: 'at once', choices: { none: [name] } })).next).toEqual(none.next);
    });

    test('`none` replaces the whole list; left out, it stays', async () => {
      const made = await make({ choices: { none: ['KERNEL_IMAGE', 'USER_DATA'] } });
      const replaced = await update(made, { choices: { none: ['RAMDISK_IMAGE'] } });
      expect(replaced.next.none).toEqual(['RAMDISK_IMAGE']);
      expect((await update(replaced, { choices: { imageId: image.id } })).next.none).toEqual([
        'RAMDISK_IMAGE',
      ]);
    });

    test('R-2.4: the audit log tells what changed, and of user data only the size', async () => {
      const made = await make({ choices: { userData: 'geheim' } });
      await update(made, { choices: { imageId: image.id, userData: null, none: ['KERNEL_IMAGE'] } });
      const [creation, change] = (await auditOf(account)).slice(-2);
      expect(creation).toMatchObject({
        action: `${field}.create`,
        changes: { userDataBytes: 6, cloudId: ground.place.cloud.id, serverTemplateId: ground.template.id },
      });
      expect(change).toEqual({
        action: `${field}.updateNext`,
        changes: {
          imageId: { before: null, after: image.id },
          userDataBytes: { before: 6, after: null },
          none: { before: [], after: ['KERNEL_IMAGE'] },
        },
      });
      expect(JSON.stringify(await auditOf(account))).not.toContain('geheim');
    });

    test('R-7.5: is live: what HEAD, its default and the settings become shows until launch', async () => {
      const made = await make();
      const resolved = async () => (await readDefined(account, field, made.id)).next.resolution;
      await done(account, 'setMultiCloudImageSetting', {
        multiCloudImageId: ground.mci.id,
        expectedVersion: 2,
        ...ground.place.setting,
        imageId: image.id,
      });
      expect(await resolved()).toMatchObject({ image: { resourceUid: image.resourceUid }, userData: null });
      await done(account, 'addServerTemplateMultiCloudImage', {
        serverTemplateId: ground.template.id,
        expectedVersion: 1,
        multiCloudImageId: other.id,
        makeDefault: true,
      });
      expect(await resolved()).toMatchObject({
        multiCloudImage: { value: { id: other.id }, source: 'SERVER_TEMPLATE' },
        image: { resourceUid: ground.place.image.resourceUid },
      });
      expect((await readDefined(account, field, made.id)).version).toBe(1);
    });
  });

  test('R-2.4: an update that changes nothing leaves no trace', async () => {
    const made = await make({ choices: { imageId: ground.place.image.id, none: ['USER_DATA'] } });
    const entries = await auditOf(account);
    for (const input of [
      {},
      { choices: null },
      { serverTemplateId: ground.template.id },
      { choices: { imageId: ground.place.image.id, none: ['USER_DATA', 'USER_DATA'] } },
    ])
      expect(await update(made, input)).toEqual(made);
    expect(await auditOf(account)).toEqual(entries);
  });

  describe('R-7.4: what cannot be chosen is refused at once', () => {
    const choices: [string, () => Promise<object>, object][] = [
      [
        'an image of another cloud',
        async () => ({ imageId: (await catalog.place()).image.id }),
        { code: 'INVALID', path: ['input', 'choices', 'imageId'] },
      ],
      [
        'a machine image as a kernel',
        async () => ({ kernelImageId: ground.place.image.id }),
        { code: 'INVALID', path: ['input', 'choices', 'kernelImageId'] },
      ],
      [
        'a kernel as a ramdisk',
        async () => ({
          ramdiskImageId: (await catalog.image(ground.place.cloud, { imageType: 'KERNEL' })).id,
        }),
        { code: 'INVALID', path: ['input', 'choices', 'ramdiskImageId'] },
      ],
      [
        'an instance type of another cloud',
        async () => ({ instanceTypeId: (await catalog.place()).type.id }),
        { code: 'INVALID', path: ['input', 'choices', 'instanceTypeId'] },
      ],
      [
        'an image that the account does not see',
        async () => {
          const ownerAccountId = (await api.account()).key;
          return { imageId: (await catalog.image(ground.place.cloud, { ownerAccountId })).id };
        },
        { code: 'NOT_FOUND', path: ['input', 'choices', 'imageId'] },
      ],
      [
        'an MCI of another account',
        async () => {
          const mci = await done(await api.account(), 'createMultiCloudImage', {
            name: 'theirs',
            settings: [ground.place.setting],
          });
          return { multiCloudImageId: mci.id };
        },
        { code: 'NOT_FOUND', path: ['input', 'choices', 'multiCloudImageId'] },
      ],
      [
        'a deleted MCI',
        async () => {
          const mci = await done(account, 'createMultiCloudImage', { name: 'x' });
          await done(account, 'deleteMultiCloudImage', { id: mci.id });
          return { multiCloudImageId: mci.id };
        },
        { code: 'NOT_FOUND', path: ['input', 'choices', 'multiCloudImageId'] },
      ],
      [
        'a snapshot of an MCI',
        async () => ({
          multiCloudImageId: await insertSnapshot(api.dataSource, 'MultiCloudImage', ground.mci.id),
        }),
        { code: 'NOT_FOUND', path: ['input', 'choices', 'multiCloudImageId'] },
      ],
      [
        'too much user data',
        async () => ({ userData: 'ä'.repeat(8193) }),
        { code: 'LIMIT_EXCEEDED', path: ['input', 'choices', 'userData'] },
      ],
      [
        'a value that is also to be none',
        async () => ({ userData: 'own', none: ['USER_DATA'] }),
        { code: 'INVALID', path: ['input', 'choices', 'none'] },
      ],
      [
        'no image at all',
        async () => ({ none: ['IMAGE'] }),
        { code: 'INVALID', path: ['input', 'choices', 'none'] },
      ],
    ];

    test.each(choices)('%s', async (_what, choose, error) => {
      const chosen = await choose();
      expect(await refusedToMake({ choices: chosen })).toMatchObject(error);
      const made = await make();
      expect(await refusedToUpdate(made, { choices: chosen })).toMatchObject(error);
    });

    test('an image of the wrong architecture is only advised', async () => {
      const arm = await catalog.image(ground.place.cloud, { cpuArchitecture: 'arm64' });
      const { next } = await make({ choices: { imageId: arm.id } });
      expect(next).toMatchObject({ image: { id: arm.id }, resolution: { status: 'BLOCKED' } });
    });

    test('R-3.2: what was chosen and is no longer seen stays, and other edits pass', async () => {
      const owner = await api.account();
      const shared = await catalog.image(ground.place.cloud, { ownerAccountId: owner.key });
      await catalog.share(shared, account.key);
      const made = await make({ choices: { imageId: shared.id } });
      await api.dataSource.query('DELETE FROM cloud_image_shares WHERE cloud_image_id = $1', [shared.key]);
      const edited = await update(made, { choices: { userData: 'own' } });
      expect(edited.next).toMatchObject({
        image: null,
        userData: 'own',
        resolution: { status: 'BLOCKED', image: { resourceUid: shared.resourceUid, source } },
      });
    });
  });

  describe('R-7.3: the MCI needs a setting for the cloud', () => {
    const unsupported = async (): Promise<{ elsewhere: Data; template: Data }> => {
      const place = await catalog.place();
      const elsewhere = await done(account, 'createMultiCloudImage', {
        name: 'elsewhere',
        settings: [place.setting],
      });
      const template = await done(account, 'createServerTemplate', {
        name: 'two',
        multiCloudImageIds: [elsewhere.id, ground.mci.id],
      });
      return { elsewhere: { ...elsewhere, cloud: place.cloud }, template };
    };

    test('a template whose default lacks it is refused, whatever is overridden, with the clouds and MCIs that would do', async () => {
      const { elsewhere, template } = await unsupported();
      const overrides = { imageId: ground.place.image.id, instanceTypeId: ground.place.type.id };
      const error = {
        __typename: 'CloudNotSupportedError',
        code: 'CLOUD_NOT_SUPPORTED',
        path: ['input', 'serverTemplateId'],
        supportedClouds: expect.arrayContaining([{ id: elsewhere.cloud.id }, { id: ground.place.cloud.id }]),
        alternatives: [{ id: ground.mci.id }],
      };
      const wanted = { serverTemplateId: template.id, choices: overrides };
      const refusal = await refusedToMake(wanted);
      expect(refusal).toMatchObject(error);
      expect(refusal.supportedClouds).toHaveLength(2);
      expect(refusal.message).toBe(
        `The MultiCloud Image "elsewhere" [HEAD] has no setting for cloud "${ground.place.cloud.name}". ` +
          'Choose the MultiCloud Image "mci" [HEAD], which the ServerTemplate names for this cloud, or another ServerTemplate.',
      );
      const made = await make();
      expect(await refusedToUpdate(made, wanted)).toMatchObject(error);
      const chosen = await update(made, {
        serverTemplateId: template.id,
        choices: { multiCloudImageId: ground.mci.id },
      });
      expect(chosen.next).toMatchObject({
        serverTemplate: { id: template.id },
        multiCloudImage: { id: ground.mci.id },
      });
      expect(await refusedToUpdate(chosen, { choices: { multiCloudImageId: null } })).toMatchObject({
        ...error,
        path: ['input', 'choices', 'multiCloudImageId'],
      });
    });

    test('a chosen MCI that lacks it is refused', async () => {
      const { elsewhere } = await unsupported();
      const error = {
        code: 'CLOUD_NOT_SUPPORTED',
        path: ['input', 'choices', 'multiCloudImageId'],
        supportedClouds: [{ id: ground.place.cloud.id }],
        alternatives: [{ id: ground.mci.id }],
      };
      const choices = { multiCloudImageId: elsewhere.id };
      expect(await refusedToMake({ choices })).toMatchObject(error);
      expect(await refusedToUpdate(await make(), { choices })).toMatchObject(error);
    });

    test('R-7.1: a chosen MCI that the template does not name is taken', async () => {
      const other = await done(account, 'createMultiCloudImage', {
        name: 'unnamed',
        settings: [ground.place.setting],
      });
      const { next } = await make({ choices: { multiCloudImageId: other.id } });
      expect(next.resolution).toMatchObject({
        status: 'READY',
        multiCloudImage: { value: { id: other.id }, source },
      });
    });

    test('a template that names no MCI is refused', async () => {
      const empty = await done(account, 'createServerTemplate', { name: 'empty' });
      expect(await refusedToMake({ serverTemplateId: empty.id })).toMatchObject({
        code: 'CLOUD_NOT_SUPPORTED',
        supportedClouds: [],
        alternatives: [],
      });
    });

    test('is not asked again when only other values change', async () => {
      const made = await make();
      await done(account, 'removeMultiCloudImageSetting', {
        multiCloudImageId: ground.mci.id,
        expectedVersion: 1,
        cloudId: ground.place.cloud.id,
      });
      const edited = await update(made, { choices: { imageId: ground.place.image.id } });
      expect(edited.next).toMatchObject({
        image: { id: ground.place.image.id },
        resolution: { status: 'BLOCKED' },
      });
    });
  });

  test.each([
    ['of another account', async () => (await makeGround(api.dataSource, await api.account())).template.id],
    ['that is a snapshot', () => insertSnapshot(api.dataSource, 'ServerTemplate', ground.template.id)],
    [
      'that was deleted',
      async () => {
        const template = await done(account, 'createServerTemplate', {
          name: 'gone',
          multiCloudImageIds: [ground.mci.id],
        });
        await done(account, 'deleteServerTemplate', { id: template.id });
        return template.id;
      },
    ],
  ])('R-2.2: a template %s is NOT_FOUND', async (_what, choose) => {
    const serverTemplateId = await choose();
    const error = { code: 'NOT_FOUND', path: ['input', 'serverTemplateId'] };
    expect(await refusedToMake({ serverTemplateId })).toMatchObject(error);
    expect(await refusedToUpdate(await make(), { serverTemplateId })).toMatchObject(error);
  });

  test('R-5.5: what launches from a deleted template keeps it, and can still be edited', async () => {
    const made = await make();
    await done(account, 'deleteServerTemplate', { id: ground.template.id });
    const edited = await update(made, { choices: { userData: 'own' } });
    expect(edited.next).toMatchObject({ serverTemplate: { id: ground.template.id }, userData: 'own' });
  });

  test('R-8.4: any template will do, of any lineage', async () => {
    const other = await done(account, 'createServerTemplate', {
      name: 'other',
      multiCloudImageIds: [ground.mci.id],
    });
    const made = await make();
    const moved = await update(made, { serverTemplateId: other.id });
    expect(moved).toMatchObject({ version: 2, next: { serverTemplate: { id: other.id } } });
    expect((await auditOf(account)).at(-1)).toEqual({
      action: `${field}.updateNext`,
      changes: { serverTemplateId: { before: ground.template.id, after: other.id } },
    });
    expect(await refusedToUpdate(moved, { serverTemplateId: null })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'serverTemplateId'],
    });
  });

  test('a stale edit loses nothing', async () => {
    const made = await make();
    await update(made, { choices: { userData: 'mine' } });
    expect(await refusedToUpdate(made, { choices: { userData: 'yours' } })).toMatchObject({
      code: 'STALE',
      currentVersion: 2,
      path: ['input', 'expectedVersion'],
    });
  });
});
