import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done, run } from '../kit/components';
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

const AGENT_TAG = 'provides:rs_agent_type=right_link';
const ADVISORIES = 'advisories { code severity subject { __typename id } }';

interface Told {
  readonly own: Data[];
  readonly bySetting: Data[][];
}

async function ofMultiCloudImage(id: string): Promise<Told> {
  const { multiCloudImage } = await account.query(
    `query($id: ID!) { multiCloudImage(id: $id) { ${ADVISORIES} settings { ${ADVISORIES} } } }`,
    { id },
  );
  return {
    own: multiCloudImage.advisories,
    bySetting: multiCloudImage.settings.map((setting: Data) => setting.advisories),
  };
}

const ofServerTemplate = async (id: string): Promise<Data[]> =>
  (await account.query(`query($id: ID!) { serverTemplate(id: $id) { ${ADVISORIES} } }`, { id }))
    .serverTemplate.advisories;

const create = (places: Place[], input: object = {}): Promise<Data> =>
  done(account, 'createMultiCloudImage', {
    name: 'advised',
    settings: places.map((place) => place.setting),
    ...input,
  });

const advisory = (code: string, severity: string, typename: string, { id }: { id: string }) => ({
  code,
  severity,
  subject: { __typename: typename, id },
});

describe('advisories of settings and MCIs', () => {
  test('are none when all is in order', async () => {
    const mci = await create([await catalog.place(), await catalog.place()]);
    expect(await ofMultiCloudImage(mci.id)).toEqual({ own: [], bySetting: [[], []] });
  });

  test.each([
    ['PENDING', 'IMAGE_UNAVAILABLE'],
    ['FAILED', 'IMAGE_UNAVAILABLE'],
    ['OBSOLETE', 'IMAGE_UNAVAILABLE'],
    ['DELETED', 'IMAGE_INVALID'],
    ['DEPRECATED', 'IMAGE_DEPRECATED'],
  ] as const)('R-3.2: a setting whose image is %s stays and says %s', async (lifecycle, code) => {
    const place = await catalog.place();
    const mci = await create([place]);
    await catalog.updateImage(place.image, { lifecycle });
    const expected = [advisory(code, 'WARNING', 'CloudImage', place.image)];
    expect(await ofMultiCloudImage(mci.id)).toEqual({ own: expected, bySetting: [expected] });
  });

  test('R-2.2: an image that is no longer shared is IMAGE_UNAVAILABLE, without a subject', async () => {
    const owner = await api.account();
    const place = await catalog.place({ image: { ownerAccountId: owner.key } });
    await catalog.share(place.image, account.key);
    const mci = await create([place]);
    await api.dataSource.query('DELETE FROM cloud_image_shares WHERE cloud_image_id = $1', [place.image.key]);
    const { own } = await ofMultiCloudImage(mci.id);
    expect(own).toContainEqual({ code: 'IMAGE_UNAVAILABLE', severity: 'WARNING', subject: null });
  });

  test('R-4.2: different architectures and operating systems are allowed, and advised against', async () => {
    const fedora = await catalog.place({ image: { operatingSystem: 'Fedora 44' } });
    const ubuntu = await catalog.place({
      image: { operatingSystem: 'Ubuntu 24.04', cpuArchitecture: 'arm64' },
      type: { cpuArchitectures: ['arm64'] },
    });
    const mci = await create([fedora, ubuntu]);
    expect((await ofMultiCloudImage(mci.id)).own).toEqual([
      advisory('MIXED_ARCHITECTURES', 'WARNING', 'MultiCloudImage', mci),
      advisory('MIXED_OPERATING_SYSTEMS', 'INFO', 'MultiCloudImage', mci),
    ]);
  });

  test('tell a type that is no longer offered, a private image and an unknown architecture', async () => {
    const place = await catalog.place({
      image: { ownerAccountId: account.key, cpuArchitecture: null },
      type: { offered: false },
    });
    const mci = await create([place]);
    expect((await ofMultiCloudImage(mci.id)).own).toEqual(
      expect.arrayContaining([
        advisory('INSTANCE_TYPE_UNAVAILABLE', 'WARNING', 'InstanceType', place.type),
        advisory('IMAGE_PRIVATE', 'INFO', 'CloudImage', place.image),
        advisory('ARCHITECTURE_UNKNOWN', 'INFO', 'CloudImage', place.image),
      ]),
    );
  });

  test('R-10.2: the agent tag and agent-enabled images belong together', async () => {
    const enabled = await catalog.place({ image: { agentEnabled: true } });
    const untagged = await create([enabled]);
    expect((await ofMultiCloudImage(untagged.id)).own).toEqual([
      advisory('AGENT_TAG_MISSING', 'WARNING', 'MultiCloudImage', untagged),
    ]);
    const cured = await run(account, 'addTags', { id: untagged.id, expectedVersion: 1, tags: [AGENT_TAG] });
    expect(cured.userErrors).toEqual([]);
    expect((await ofMultiCloudImage(untagged.id)).own).toEqual([]);
    const plain = await catalog.place();
    const tagged = await create([plain], { tags: [AGENT_TAG] });
    expect((await ofMultiCloudImage(tagged.id)).own).toEqual([
      advisory('AGENT_NOT_IN_IMAGE', 'WARNING', 'CloudImage', plain.image),
    ]);
  });
});

describe('advisories of ServerTemplates', () => {
  test('a template without MCIs has no default', async () => {
    const template = await done(account, 'createServerTemplate', { name: 'bare' });
    expect(await ofServerTemplate(template.id)).toEqual([
      advisory('NO_DEFAULT_MCI', 'WARNING', 'ServerTemplate', template),
    ]);
  });

  test('R-6.3: a pinned HEAD can change; a pinned revision can not', async () => {
    const mci = await create([await catalog.place()]);
    const revision = await insertMultiCloudImageRevision(api.dataSource, mci.id);
    const template = await done(account, 'createServerTemplate', { name: 't', multiCloudImageIds: [mci.id] });
    expect(await ofServerTemplate(template.id)).toEqual([
      advisory('HEAD_DEPENDENCY', 'WARNING', 'MultiCloudImage', mci),
    ]);
    await done(account, 'repinServerTemplateMultiCloudImage', {
      serverTemplateId: template.id,
      expectedVersion: 1,
      fromId: mci.id,
      toId: revision,
    });
    expect(await ofServerTemplate(template.id)).toEqual([]);
  });

  test('R-4.5, R-5.5: deleted components say so', async () => {
    const mci = await create([await catalog.place()]);
    const template = await done(account, 'createServerTemplate', { name: 't', multiCloudImageIds: [mci.id] });
    await done(account, 'deleteServerTemplate', { id: template.id });
    await done(account, 'deleteMultiCloudImage', { id: mci.id });
    expect((await ofMultiCloudImage(mci.id)).own).toEqual([
      advisory('COMPONENT_DELETED', 'WARNING', 'MultiCloudImage', mci),
    ]);
    expect(await ofServerTemplate(template.id)).toEqual(
      expect.arrayContaining([
        advisory('COMPONENT_DELETED', 'WARNING', 'ServerTemplate', template),
        advisory('COMPONENT_DELETED', 'WARNING', 'MultiCloudImage', mci),
      ]),
    );
  });
});
