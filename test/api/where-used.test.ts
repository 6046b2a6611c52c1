import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { done } from '../kit/components';
import { insertMultiCloudImageRevision, insertServerTemplateRevision } from '../kit/revisions';

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

const IMAGE_USAGE = `query($id: ID!) { cloudImage(id: $id) { usedBy {
  settings { totalCount edges { node { multiCloudImage { id } cloud { id } } } }
  multiCloudImages { totalCount edges { node { id } } }
  serverTemplates { totalCount edges { node { id } } } } } }`;

const MCI_USAGE = `query($id: ID!, $first: Int, $after: String) { multiCloudImage(id: $id) {
  serverTemplates(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    edges { isDefault node { id } } } } }`;

const nodeIds = (connection: Data): string[] => connection.edges.map((edge: Data) => edge.node.id).toSorted();

async function usageOf(viewer: TestAccount, imageId: string) {
  const { usedBy } = (await viewer.query(IMAGE_USAGE, { id: imageId })).cloudImage;
  return {
    settings: usedBy.settings.edges.map((edge: Data) => edge.node.multiCloudImage.id).toSorted(),
    multiCloudImages: nodeIds(usedBy.multiCloudImages),
    serverTemplates: nodeIds(usedBy.serverTemplates),
    counts: [
      usedBy.settings.totalCount,
      usedBy.multiCloudImages.totalCount,
      usedBy.serverTemplates.totalCount,
    ],
  };
}

const templatesOf = async (id: string): Promise<Data[]> =>
  (await account.query(MCI_USAGE, { id })).multiCloudImage.serverTemplates.edges;

describe('R-5.6: an image', () => {
  test('leads to settings, MCIs and templates of the very revisions that use it', async () => {
    const place = await catalog.place();
    const other = await catalog.image(place.cloud);
    const created = await done(account, 'createMultiCloudImage', { name: 'mci', settings: [place.setting] });
    const revision = await insertMultiCloudImageRevision(api.dataSource, created.id);
    await done(account, 'setMultiCloudImageSetting', {
      multiCloudImageId: created.id,
      expectedVersion: 1,
      ...place.setting,
      imageId: other.id,
    });
    const onHead = await done(account, 'createServerTemplate', {
      name: 'head',
      multiCloudImageIds: [created.id],
    });
    const onRevision = await done(account, 'createServerTemplate', {
      name: 'rev',
      multiCloudImageIds: [revision],
    });
    const committed = await insertServerTemplateRevision(api.dataSource, onRevision.id);

    expect(await usageOf(account, place.image.id)).toEqual({
      settings: [revision],
      multiCloudImages: [revision],
      serverTemplates: [onRevision.id, committed].toSorted(),
      counts: [1, 1, 2],
    });
    expect(await usageOf(account, other.id)).toEqual({
      settings: [created.id],
      multiCloudImages: [created.id],
      serverTemplates: [onHead.id],
      counts: [1, 1, 1],
    });
  });

  test('is used in any slot', async () => {
    const place = await catalog.place();
    const kernel = await catalog.image(place.cloud, { imageType: 'KERNEL' });
    const ramdisk = await catalog.image(place.cloud, { imageType: 'RAMDISK' });
    const mci = await done(account, 'createMultiCloudImage', {
      name: 'mci',
      settings: [{ ...place.setting, kernelImageId: kernel.id, ramdiskImageId: ramdisk.id }],
    });
    for (const image of [kernel, ramdisk])
      expect(await usageOf(account, image.id)).toMatchObject({
        settings: [mci.id],
        multiCloudImages: [mci.id],
      });
  });

  test('R-2.2: shows nothing of other accounts, and nothing deleted', async () => {
    const place = await catalog.place();
    const mci = await done(account, 'createMultiCloudImage', { name: 'mci', settings: [place.setting] });
    const template = await done(account, 'createServerTemplate', { name: 't', multiCloudImageIds: [mci.id] });
    const nothing = { settings: [], multiCloudImages: [], serverTemplates: [], counts: [0, 0, 0] };
    expect(await usageOf(await api.account(), place.image.id)).toEqual(nothing);
    await done(account, 'deleteServerTemplate', { id: template.id });
    expect(await usageOf(account, place.image.id)).toMatchObject({ serverTemplates: [], counts: [1, 1, 0] });
    await done(account, 'deleteMultiCloudImage', { id: mci.id });
    expect(await usageOf(account, place.image.id)).toEqual(nothing);
  });
});

describe('R-5.6: an MCI revision', () => {
  test('leads to the templates that name this very revision, and whether it is their default', async () => {
    const first = await done(account, 'createMultiCloudImage', { name: 'first' });
    const second = await done(account, 'createMultiCloudImage', { name: 'second' });
    const revision = await insertMultiCloudImageRevision(api.dataSource, first.id);
    const byHead = await done(account, 'createServerTemplate', {
      name: 'a',
      multiCloudImageIds: [second.id, first.id],
    });
    const byRevision = await done(account, 'createServerTemplate', {
      name: 'b',
      multiCloudImageIds: [revision],
    });
    expect(await templatesOf(first.id)).toEqual([{ isDefault: false, node: { id: byHead.id } }]);
    expect(await templatesOf(revision)).toEqual([{ isDefault: true, node: { id: byRevision.id } }]);
    expect(await templatesOf(second.id)).toEqual([{ isDefault: true, node: { id: byHead.id } }]);
  });

  test('is paged without gaps or repetitions', async () => {
    const mci = await done(account, 'createMultiCloudImage', { name: 'mci' });
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      const input = { name: index % 2 === 0 ? 'same' : `t${index}`, multiCloudImageIds: [mci.id] };
      made.push((await done(account, 'createServerTemplate', input)).id);
    }
    const found: string[] = [];
    let after: string | null = null;
    do {
      const data = await account.query(MCI_USAGE, { id: mci.id, first: 2, after });
      const page = data.multiCloudImage.serverTemplates;
      expect(page.totalCount).toBe(7);
      found.push(...page.edges.map((edge: Data) => edge.node.id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(found).toHaveLength(7);
    expect(found.toSorted()).toEqual(made.toSorted());
  });
});

describe('R-5.2: supported clouds', () => {
  const SUPPORTED = 'query($id: ID!) { serverTemplate(id: $id) { supportedClouds { id } } }';
  const supported = async (id: string): Promise<string[]> =>
    (await account.query(SUPPORTED, { id })).serverTemplate.supportedClouds.map((cloud: Data) => cloud.id);

  test('are those for which some pinned MCI has an image that is AVAILABLE to the viewer', async () => {
    const [one, two, gone] = [await catalog.place(), await catalog.place(), await catalog.place()];
    const deprecated = await catalog.place({ image: { lifecycle: 'DEPRECATED' } });
    await catalog.updateImage(gone.image, { lifecycle: 'OBSOLETE' });
    const first = await done(account, 'createMultiCloudImage', {
      name: 'first',
      settings: [one.setting, gone.setting, deprecated.setting],
    });
    const second = await done(account, 'createMultiCloudImage', {
      name: 'second',
      settings: [one.setting, two.setting],
    });
    const template = await done(account, 'createServerTemplate', {
      name: 't',
      multiCloudImageIds: [first.id, second.id],
    });
    const expected = [one, two, deprecated].map((place) => place.cloud.id).toSorted();
    expect((await supported(template.id)).toSorted()).toEqual(expected);
    const byCloud = async (cloudId: string): Promise<number> =>
      (
        await account.query(
          'query($cloudId: ID) { serverTemplates(filter: { cloudId: $cloudId }) { totalCount } }',
          { cloudId },
        )
      ).serverTemplates.totalCount;
    expect(await byCloud(two.cloud.id)).toBe(1);
    expect(await byCloud(gone.cloud.id)).toBe(0);
  });

  test('lose a cloud when its image is no longer shared with the account', async () => {
    const owner = await api.account();
    const place = await catalog.place({ image: { ownerAccountId: owner.key } });
    await catalog.share(place.image, account.key);
    const mci = await done(account, 'createMultiCloudImage', { name: 'shared', settings: [place.setting] });
    const template = await done(account, 'createServerTemplate', { name: 't', multiCloudImageIds: [mci.id] });
    expect(await supported(template.id)).toEqual([place.cloud.id]);
    await api.dataSource.query('DELETE FROM cloud_image_shares WHERE cloud_image_id = $1', [place.image.key]);
    expect(await supported(template.id)).toEqual([]);
    const data = await account.query(
      'query($id: ID!) { multiCloudImage(id: $id) { settings { image { id } imageResourceUid imageAvailability } } }',
      { id: mci.id },
    );
    expect(data.multiCloudImage.settings).toEqual([
      { image: null, imageResourceUid: place.image.resourceUid, imageAvailability: 'UNAVAILABLE' },
    ]);
  });
});
