import { randomUUID } from 'node:crypto';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Known, type KnownImage, type Place } from '../kit/catalog';
import { done } from '../kit/components';

let api: TestApi;
let catalog: TestCatalog;
let account: TestAccount;
/** The cloud that launches are resolved for, with everything that a setting can have. */
let place: Place;
let kernel: KnownImage;
let ramdisk: KnownImage;
let elsewhere: Place;
let mci: Data;
let other: Data;
let template: Data;

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
  account = await api.account();
  place = await catalog.place({
    cloud: { name: 'Here' },
    image: { name: 'machine' },
    type: { name: 'large' },
  });
  kernel = await catalog.image(place.cloud, { imageType: 'KERNEL', name: 'kernel' });
  ramdisk = await catalog.image(place.cloud, { imageType: 'RAMDISK', name: 'ramdisk' });
  elsewhere = await catalog.place({ cloud: { name: 'There' } });
  mci = await done(account, 'createMultiCloudImage', {
    name: 'base',
    tags: ['role:kind=web'],
    settings: [
      { ...place.setting, kernelImageId: kernel.id, ramdiskImageId: ramdisk.id, userData: '#cloud-config' },
    ],
  });
  other = await done(account, 'createMultiCloudImage', {
    name: 'other',
    settings: [place.setting, elsewhere.setting],
  });
  template = await done(account, 'createServerTemplate', {
    name: 'web',
    multiCloudImageIds: [mci.id, other.id],
  });
});
afterAll(() => api.close());

const RESOLUTION = `status cloud { name } serverTemplate { id } tags
  multiCloudImage { source value { id } } setting { cloud { id } }
  image { source resourceUid value { id } } instanceType { source value { id } }
  kernelImage { source resourceUid value { id } } ramdiskImage { source resourceUid value { id } } userData { source value }
  supportedClouds { name } alternatives { id }
  advisories { code severity subject { id } } steps { field source outcome reason candidate { id } }`;

const resolve = async (
  cloud: Known,
  multiCloudImageId?: string,
  who = account,
  templateId = template.id,
): Promise<Data> =>
  (
    await who.query(
      `query($id: ID!, $cloudId: ID!, $multiCloudImageId: ID) {
        serverTemplate(id: $id) { resolve(cloudId: $cloudId, multiCloudImageId: $multiCloudImageId) { ${RESOLUTION} } } }`,
      { id: templateId, cloudId: cloud.id, multiCloudImageId },
    )
  ).serverTemplate.resolve;

const LAUNCH = `query($input: ResolveLaunchInput!) { resolveLaunch(input: $input) { ${RESOLUTION} } }`;
const input = (choices: object) => ({
  input: { cloudId: place.cloud.id, serverTemplateId: template.id, choices },
});
const launch = async (choices: object): Promise<Data> =>
  (await account.query(LAUNCH, input(choices))).resolveLaunch;

const from = (source: string, image: KnownImage) => ({
  source,
  resourceUid: image.resourceUid,
  value: { id: image.id },
});

describe('resolve', () => {
  test("R-7.1, R-7.2: the default MCI's setting decides everything", async () => {
    const { steps, advisories, ...values } = await resolve(place.cloud);
    const source = 'MULTI_CLOUD_IMAGE';
    expect(values).toEqual({
      status: 'READY',
      cloud: { name: 'Here' },
      serverTemplate: { id: template.id },
      tags: ['role:kind=web'],
      multiCloudImage: { source: 'SERVER_TEMPLATE', value: { id: mci.id } },
      setting: { cloud: { id: place.cloud.id } },
      image: from(source, place.image),
      instanceType: { source, value: { id: place.type.id } },
      kernelImage: from(source, kernel),
      ramdiskImage: from(source, ramdisk),
      userData: { source, value: '#cloud-config' },
      supportedClouds: [{ name: 'Here' }, { name: 'There' }],
      alternatives: [{ id: other.id }],
    });
    expect(advisories).toEqual([
      { code: 'HEAD_DEPENDENCY', severity: 'WARNING', subject: { id: template.id } },
      { code: 'HEAD_DEPENDENCY', severity: 'WARNING', subject: { id: mci.id } },
    ]);
    const brief = steps.map(({ reason: _reason, ...step }: Data) => step);
    const chosen = (field: string, id: string | null) => ({
      field,
      source,
      outcome: 'CHOSEN',
      candidate: id && { id },
    });
    expect(brief.filter(({ outcome }: Data) => outcome !== 'ABSENT')).toEqual([
      { field: 'MULTI_CLOUD_IMAGE', source: 'SERVER_TEMPLATE', outcome: 'CHOSEN', candidate: { id: mci.id } },
      {
        field: 'MULTI_CLOUD_IMAGE',
        source: 'SERVER_TEMPLATE',
        outcome: 'PASSED_OVER',
        candidate: { id: other.id },
      },
      chosen('IMAGE', place.image.id),
      chosen('INSTANCE_TYPE', place.type.id),
      chosen('KERNEL_IMAGE', kernel.id),
      chosen('RAMDISK_IMAGE', ramdisk.id),
      chosen('USER_DATA', null),
    ]);
  });

  test('R-7.1: another MCI of the template, and one that it does not name', async () => {
    expect(await resolve(place.cloud, other.id)).toMatchObject({
      status: 'READY',
      multiCloudImage: { source: 'REQUEST', value: { id: other.id } },
      kernelImage: null,
      userData: null,
      tags: [],
    });
    const unlisted = await done(account, 'createMultiCloudImage', {
      name: 'unlisted',
      settings: [place.setting],
    });
    const resolution = await resolve(place.cloud, unlisted.id);
    expect(resolution).toMatchObject({
      status: 'READY',
      multiCloudImage: { source: 'REQUEST', value: { id: unlisted.id } },
    });
    expect(resolution.advisories).toContainEqual({
      code: 'MCI_NOT_IN_TEMPLATE',
      severity: 'WARNING',
      subject: { id: unlisted.id },
    });
  });

  test('R-7.3: a cloud that the MCI has no setting for is BLOCKED, and tells what does support it', async () => {
    const resolution = await resolve(elsewhere.cloud);
    expect(resolution).toMatchObject({
      status: 'BLOCKED',
      setting: null,
      image: null,
      instanceType: null,
      supportedClouds: [{ name: 'Here' }, { name: 'There' }],
      alternatives: [{ id: other.id }],
    });
    expect(resolution.advisories[0]).toMatchObject({ code: 'CLOUD_NOT_SUPPORTED', severity: 'BLOCKING' });
  });

  test('R-2.2: null when anything named is not visible, or not there', async () => {
    const stranger = await api.account();
    const hidden = await catalog.cloud({ accountId: stranger.key });
    const theirs = await done(stranger, 'createMultiCloudImage', { name: 'theirs' });
    expect(await resolve(hidden)).toBeNull();
    expect(await resolve({ key: '', name: '', id: `cld_${randomUUID()}` })).toBeNull();
    expect(await resolve(place.cloud, theirs.id)).toBeNull();
    const { resolveLaunch } = await stranger.query(LAUNCH, input({}));
    expect(resolveLaunch).toBeNull();
    for (const choices of [
      { imageId: `img_${randomUUID()}` },
      { instanceTypeId: `typ_${randomUUID()}` },
      { multiCloudImageId: theirs.id },
    ])
      expect(await launch(choices)).toBeNull();
  });

  test('R-3.2: an image that is not visible any more blocks; only its uid is told', async () => {
    const owner = await api.account();
    const shared = await catalog.place({ image: { ownerAccountId: owner.key, name: 'secret name' } });
    await catalog.share(shared.image, account.key);
    const using = await done(account, 'createMultiCloudImage', { name: 'using', settings: [shared.setting] });
    const { id } = await done(account, 'createServerTemplate', {
      name: 'using',
      multiCloudImageIds: [using.id],
    });
    await api.dataSource.query('DELETE FROM cloud_image_shares WHERE cloud_image_id = $1', [
      shared.image.key,
    ]);
    const resolution = await resolve(shared.cloud, undefined, account, id);
    expect(resolution).toMatchObject({
      status: 'BLOCKED',
      image: { source: 'MULTI_CLOUD_IMAGE', resourceUid: shared.image.resourceUid, value: null },
      supportedClouds: [],
    });
    expect(resolution.advisories).toContainEqual({
      code: 'IMAGE_UNAVAILABLE',
      severity: 'BLOCKING',
      subject: null,
    });
    expect(JSON.stringify(resolution)).not.toContain('secret name');
    expect(JSON.stringify(resolution)).not.toContain(shared.image.id);
  });

  test('a template without MCIs has no default', async () => {
    const { id } = await done(account, 'createServerTemplate', { name: 'empty' });
    const resolution = await resolve(place.cloud, undefined, account, id);
    expect(resolution).toMatchObject({
      status: 'BLOCKED',
      multiCloudImage: null,
      supportedClouds: [],
      alternatives: [],
    });
    expect(resolution.advisories[0]).toMatchObject({ code: 'NO_DEFAULT_MCI', severity: 'BLOCKING' });
  });
});

describe('resolveLaunch', () => {
  test('R-7.2: each choice on its own, the rest is inherited', async () => {
    const image = await catalog.image(place.cloud, { name: 'mine' });
    const type = await catalog.instanceType(place.cloud);
    expect(await launch({ imageId: image.id })).toMatchObject({
      status: 'READY',
      image: from('REQUEST', image),
      instanceType: { source: 'MULTI_CLOUD_IMAGE', value: { id: place.type.id } },
      kernelImage: from('MULTI_CLOUD_IMAGE', kernel),
      advisories: expect.arrayContaining([
        expect.objectContaining({ code: 'IMAGE_OVERRIDDEN', severity: 'INFO' }),
        expect.objectContaining({ code: 'KERNEL_WITHOUT_IMAGE', severity: 'WARNING' }),
      ]),
    });
    expect(await launch({ instanceTypeId: type.id, userData: 'own' })).toMatchObject({
      image: from('MULTI_CLOUD_IMAGE', place.image),
      instanceType: { source: 'REQUEST', value: { id: type.id } },
      userData: { source: 'REQUEST', value: 'own' },
    });
    expect(await launch({ imageId: null, userData: null, none: null })).toEqual(await launch({}));
  });

  test('R-7.2: explicitly none, although the MCI has one', async () => {
    const resolution = await launch({ none: ['KERNEL_IMAGE', 'USER_DATA'] });
    expect(resolution).toMatchObject({
      status: 'READY',
      kernelImage: null,
      userData: null,
      ramdiskImage: from('MULTI_CLOUD_IMAGE', ramdisk),
    });
    expect(resolution.steps.filter(({ field }: Data) => field === 'KERNEL_IMAGE')).toMatchObject([
      { source: 'REQUEST', outcome: 'CHOSEN', candidate: null },
      { source: 'MULTI_CLOUD_IMAGE', outcome: 'PASSED_OVER', candidate: { id: kernel.id } },
    ]);
  });

  test('R-7.3: with everything chosen, a cloud without a setting is READY', async () => {
    const { resolveLaunch } = await account.query(LAUNCH, {
      input: {
        cloudId: elsewhere.cloud.id,
        serverTemplateId: template.id,
        choices: { imageId: elsewhere.image.id, instanceTypeId: elsewhere.type.id },
      },
    });
    expect(resolveLaunch).toMatchObject({
      status: 'READY',
      setting: null,
      image: from('REQUEST', elsewhere.image),
      instanceType: { source: 'REQUEST', value: { id: elsewhere.type.id } },
    });
  });

  test('R-7.4: a wrong architecture is advised, and blocks', async () => {
    const image = await catalog.image(place.cloud, { cpuArchitecture: 'arm64' });
    const resolution = await launch({ imageId: image.id });
    expect(resolution.status).toBe('BLOCKED');
    expect(resolution.advisories[0]).toMatchObject({ code: 'ARCHITECTURE_MISMATCH', severity: 'BLOCKING' });
  });

  describe('R-7.4: refuses at once', () => {
    const refused = async (choices: object) => {
      const { errors, data } = await api.request(account.token, LAUNCH, input(choices));
      expect(data).toEqual({ resolveLaunch: null });
      return errors?.map(({ message, extensions }) => ({
        message,
        code: extensions.code,
        path: extensions['argumentPath'],
      }));
    };

    test('choices of another cloud', async () => {
      const message = 'belongs to another cloud.';
      expect(await refused({ imageId: elsewhere.image.id })).toEqual([
        {
          message: expect.stringContaining(message),
          code: 'BAD_USER_INPUT',
          path: expect.arrayContaining(['choices', 'imageId']),
        },
      ]);
      expect(await refused({ instanceTypeId: elsewhere.type.id })).toEqual([
        {
          message: expect.stringContaining(message),
          code: 'BAD_USER_INPUT',
          path: expect.arrayContaining(['choices', 'instanceTypeId']),
        },
      ]);
    });

    test('an image in the wrong slot', async () => {
      for (const [field, id] of [
        ['imageId', kernel.id],
        ['kernelImageId', ramdisk.id],
        ['ramdiskImageId', place.image.id],
      ] as const)
        expect(await refused({ [field]: id })).toEqual([
          {
            message: expect.stringMatching(
              /^The field \w+ takes a \w+ image, but the one chosen is a \w+ image\. Choose a \w+ image\.$/,
            ),
            code: 'BAD_USER_INPUT',
            path: expect.arrayContaining(['choices', field]),
          },
        ]);
    });

    test('none together with a value, and none of what must be', async () => {
      expect(await refused({ userData: 'x', none: ['USER_DATA'] })).toMatchObject([
        { code: 'BAD_USER_INPUT' },
      ]);
      expect(await refused({ none: ['IMAGE'] })).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    });

    test('user data of more than 16,384 bytes of UTF-8', async () => {
      expect(await refused({ userData: `${'é'.repeat(8192)}x` })).toMatchObject([
        {
          message: '`userData` has 16385 bytes of UTF-8; at most 16384 are allowed.',
          code: 'BAD_USER_INPUT',
        },
      ]);
    });

    test('ids of another type', async () => {
      expect(await refused({ imageId: place.type.id })).toMatchObject([
        { code: 'BAD_USER_INPUT', path: ['input', 'choices', 'imageId'] },
      ]);
    });
  });
});
