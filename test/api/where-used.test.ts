import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { done } from '../kit/components';
import { define, launch, makeGround, type Ground } from '../kit/definitions';
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

const SERVER_USAGE = `query($image: ID!, $mci: ID!) {
  cloudImage(id: $image) { usedBy {
    servers(first: 100) { totalCount edges { node { id } } } serverArrays(first: 100) { totalCount edges { node { id } } } } }
  multiCloudImage(id: $mci) {
    servers(first: 100) { totalCount edges { node { id } } } serverArrays(first: 100) { totalCount edges { node { id } } } } }`;

/** Keys of the servers and arrays that use an image, and of those that use an MCI version. */
async function serversUsing(viewer: TestAccount, image: string, mci: string) {
  const data = await viewer.query(SERVER_USAGE, { image, mci });
  const of = ({ servers, serverArrays }: Data): string[] => {
    const found = [...nodeIds(servers), ...nodeIds(serverArrays)];
    expect(servers.totalCount + serverArrays.totalCount).toBe(found.length);
    return found.toSorted();
  };
  return { image: of(data.cloudImage.usedBy), multiCloudImage: of(data.multiCloudImage) };
}

describe('R-5.6: servers and arrays', () => {
  let ground: Ground;
  beforeEach(async () => {
    ground = await makeGround(api.dataSource, account);
  });

  const both = async (input: object = {}): Promise<Data[]> => [
    await define(account, 'createServer', { ...ground.server, ...input }),
    await define(account, 'createServerArray', { ...ground.serverArray, ...input }),
  ];
  const ids = (definitions: readonly Data[]): string[] => definitions.map(({ id }) => id).toSorted();
  const RESOLVED = `edges { node { id next { resolution { multiCloudImage { value { id } }
    image { resourceUid } kernelImage { resourceUid } ramdiskImage { resourceUid } } } } }`;

  test('use exactly what they would launch with, whatever they choose, inherit or leave out', async () => {
    const { place, mci } = ground;
    const other = await catalog.place();
    const machines = [place.image, await catalog.image(place.cloud)];
    const kernels = [
      await catalog.image(place.cloud, { imageType: 'KERNEL' }),
      await catalog.image(place.cloud, { imageType: 'KERNEL' }),
    ];
    const ramdisk = await catalog.image(place.cloud, { imageType: 'RAMDISK' });
    await done(account, 'setMultiCloudImageSetting', {
      multiCloudImageId: mci.id,
      expectedVersion: 1,
      ...place.setting,
      kernelImageId: kernels[0]?.id,
      ramdiskImageId: ramdisk.id,
    });
    const second = await done(account, 'createMultiCloudImage', {
      name: 'second',
      settings: [{ ...place.setting, imageId: machines[1]?.id }, other.setting],
    });
    const templates = [
      ground.template,
      await done(account, 'createServerTemplate', { name: 'two', multiCloudImageIds: [second.id, mci.id] }),
    ];
    for (const { id } of templates)
      for (const multiCloudImageId of [null, mci.id, second.id])
        for (const chosen of [
          {},
          { imageId: machines[0]?.id },
          { imageId: machines[1]?.id, none: ['KERNEL_IMAGE'] },
          { kernelImageId: kernels[1]?.id, none: ['RAMDISK_IMAGE'] },
          { ramdiskImageId: ramdisk.id },
        ])
          await both({ serverTemplateId: id, choices: { ...chosen, multiCloudImageId } });
    await define(account, 'createServer', {
      ...ground.server,
      cloudId: other.cloud.id,
      serverTemplateId: templates[1].id,
    });
    const data = await account.query(
      `{ servers(first: 100) { ${RESOLVED} } serverArrays(first: 100) { ${RESOLVED} } }`,
    );
    const all: Data[] = [...data.servers.edges, ...data.serverArrays.edges].map(({ node }: Data) => node);
    expect(all).toHaveLength(61);
    for (const image of [...machines, ...kernels, ramdisk, other.image])
      for (const { id } of [mci, second]) {
        const users = await serversUsing(account, image.id, id);
        const launching = (uses: (resolution: Data) => boolean): string[] =>
          ids(all.filter(({ next }) => uses(next.resolution)));
        expect(users.image).toEqual(
          launching((found) =>
            [found.image, found.kernelImage, found.ramdiskImage].some(
              (used) => used?.resourceUid === image.resourceUid,
            ),
          ),
        );
        expect(users.image.length).toBeGreaterThan(0);
        expect(users.multiCloudImage).toEqual(launching((found) => found.multiCloudImage.value.id === id));
        expect(users.multiCloudImage.length).toBeGreaterThan(0);
      }
  });

  test('R-2.2: not those of another account, nor what was deleted', async () => {
    const definitions = await both();
    const { place, mci } = ground;
    expect(await serversUsing(account, place.image.id, mci.id)).toEqual({
      image: ids(definitions),
      multiCloudImage: ids(definitions),
    });
    const other = await api.account();
    const { cloudImage } = await other.query(
      'query($id: ID!) { cloudImage(id: $id) { usedBy { servers { totalCount } serverArrays { totalCount } } } }',
      { id: place.image.id },
    );
    expect(cloudImage.usedBy).toEqual({ servers: { totalCount: 0 }, serverArrays: { totalCount: 0 } });
    await define(account, 'deleteServer', { id: definitions[0].id });
    await define(account, 'deleteServerArray', { id: definitions[1].id });
    expect(await serversUsing(account, place.image.id, mci.id)).toEqual({ image: [], multiCloudImage: [] });
  });

  test('R-5.5: also when their template or MCI was deleted', async () => {
    const definitions = await both();
    await done(account, 'deleteServerTemplate', { id: ground.template.id });
    await done(account, 'deleteMultiCloudImage', { id: ground.mci.id });
    expect(await serversUsing(account, ground.place.image.id, ground.mci.id)).toEqual({
      image: ids(definitions),
      multiCloudImage: ids(definitions),
    });
  });

  test('use a template version next, or currently while an instance follows it', async () => {
    const { template } = ground;
    const revision = await insertServerTemplateRevision(api.dataSource, template.id);
    const running = await both();
    await launch(api.dataSource, account, running);
    for (const { id } of running)
      await define(account, id.startsWith('srv_') ? 'updateServerNext' : 'updateServerArrayNext', {
        id,
        expectedVersion: 1,
        serverTemplateId: revision,
      });
    const idle = await both({ name: 'idle' });
    const ended = await both({ name: 'ended', serverTemplateId: revision });
    await launch(api.dataSource, account, ended, { state: 'TERMINATED', terminatedAt: new Date() });

    const USERS = `query($id: ID!, $use: InstanceUse) { serverTemplate(id: $id) {
      servers(use: $use) { totalCount edges { node { id } } }
      serverArrays(use: $use) { totalCount edges { node { id } } } } }`;
    const users = async (id: string, use?: string): Promise<string[]> => {
      const { servers, serverArrays } = (await account.query(USERS, { id, use })).serverTemplate;
      const found = [...nodeIds(servers), ...nodeIds(serverArrays)];
      expect(servers.totalCount + serverArrays.totalCount).toBe(found.length);
      return found.toSorted();
    };
    expect(await users(template.id, 'NEXT')).toEqual(ids(idle));
    expect(await users(template.id, 'CURRENT')).toEqual(ids(running));
    expect(await users(template.id)).toEqual(ids([...idle, ...running]));
    expect(await users(revision, 'NEXT')).toEqual(ids([...running, ...ended]));
    expect(await users(revision, 'CURRENT')).toEqual([]);
    expect(await users(revision)).toEqual(ids([...running, ...ended]));
  });

  test('both ways of one template are told apart in one query', async () => {
    const [server] = await both();
    const source = `query($id: ID!) { serverTemplate(id: $id) {
      next: servers(use: NEXT) { edges { node { id } } } current: servers(use: CURRENT) { edges { node { id } } } } }`;
    expect((await account.query(source, { id: ground.template.id })).serverTemplate).toEqual({
      next: { edges: [{ node: { id: server.id } }] },
      current: { edges: [] },
    });
  });
});
