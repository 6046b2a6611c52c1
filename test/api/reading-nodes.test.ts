import { randomUUID } from 'node:crypto';
import { keyOf } from '../../src/domain/global-id';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import {
  insertMultiCloudImageRevision,
  insertRightScriptRevision,
  insertServerTemplateRevision,
} from '../kit/revisions';
import { TestServers } from '../kit/servers';
import { asked, organize, publish } from '../kit/marketplace';
import { commit } from '../kit/version-control';
import { ALL_EVENTS, doWebhook } from '../kit/webhooks';

let api: TestApi;
let catalog: TestCatalog;
let account: TestAccount;

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
  account = await api.account();
});
afterAll(() => api.close());

const codes = async (source: string, variables: object) =>
  (await api.request(account.token, source, variables)).errors?.map(({ extensions }) => extensions.code);

describe('node and nodes', () => {
  let ids: Record<string, string>;

  beforeAll(async () => {
    const place = await catalog.place();
    const mci = await done(account, 'createMultiCloudImage', { name: 'base', settings: [place.setting] });
    const matched = await done(account, 'addMultiCloudImageMatcher', {
      multiCloudImageId: mci.id,
      expectedVersion: 1,
      namePattern: 'x*',
      pick: 'NEWEST',
      instanceTypes: ['t'],
    });
    const template = await done(account, 'createServerTemplate', {
      name: 'web',
      multiCloudImageIds: [mci.id],
    });
    const script = await done(account, 'createRightScript', { name: 'install', source: 'true' });
    const { viewer, auditEntries, accessTokens } = await account.query(
      `{ viewer { user { id } account { id } } auditEntries(first: 1) { edges { node { id } } }
         accessTokens(first: 1) { edges { node { id } } } }`,
    );
    const launching = await new TestServers(api.dataSource, account).oneOfEach(
      place,
      keyOf('ServerTemplate', template.id),
    );
    await organize(account);
    const { accountGroup } = await asked(account, 'createAccountGroup', { name: 'partners' });
    const { eulaRevision } = await asked(account, 'createEula', { name: 'terms', text: 'Be kind.' });
    const publication = await publish(account, 'RightScript', await commit(account, 'RightScript', script));
    const { webhook } = await doWebhook(account, 'createWebhook', {
      url: 'https://receiver.example',
      events: ALL_EVENTS,
    });
    const { delivery } = await doWebhook(account, 'testWebhook', { id: webhook.id });
    ids = {
      Account: viewer.account.id,
      AccountGroup: accountGroup.id,
      EulaRevision: eulaRevision.id,
      Publication: publication.id,
      AccessToken: accessTokens.edges[0].node.id,
      AuditEntry: auditEntries.edges[0].node.id,
      Cloud: place.cloud.id,
      CloudImage: place.image.id,
      InstanceType: place.type.id,
      MultiCloudImage: mci.id,
      MultiCloudImageMatcher: matched.matchers[0].id,
      MultiCloudImageSetting: mci.settings[0].id,
      RightScript: script.id,
      ServerTemplate: template.id,
      User: viewer.user.id,
      Webhook: webhook.id,
      WebhookDelivery: delivery.id,
      ...Object.fromEntries(Object.entries(launching).map(([type, { id }]) => [type, id])),
    };
  });

  test('every node type comes back by its id', async () => {
    const { __schema } = await account.query('{ __schema { types { name interfaces { name } } } }');
    const nodeTypes = __schema.types
      .filter((type: Data) => type.interfaces?.some((parent: Data) => parent.name === 'Node'))
      .map((type: Data) => type.name)
      .filter((name: string) => name !== 'Component');
    expect(Object.keys(ids).sort()).toEqual(nodeTypes.sort());
    for (const [type, id] of Object.entries(ids)) {
      const { node } = await account.query('query($id: ID!) { node(id: $id) { __typename id } }', { id });
      expect(node).toEqual({ __typename: type, id });
    }
    const { nodes } = await account.query('query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', {
      ids: Object.values(ids),
    });
    expect(nodes).toEqual(Object.entries(ids).map(([__typename, id]) => ({ __typename, id })));
  });

  test('nodes keeps order and repetitions, with null for what does not exist', async () => {
    const missing = `img_${randomUUID()}`;
    const asked = [ids['Cloud'], missing, ids['User'], ids['Cloud']];
    const { nodes } = await account.query('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: asked });
    expect(nodes.map((node: Data) => node?.id ?? null)).toEqual([
      ids['Cloud'],
      null,
      ids['User'],
      ids['Cloud'],
    ]);
  });

  test('at most 100 ids', async () => {
    const source = 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const many = (count: number) => ({ ids: Array.from({ length: count }, () => ids['Cloud']) });
    expect((await account.query(source, many(100))).nodes).toHaveLength(100);
    const { errors } = await api.request(account.token, source, many(101));
    expect(errors).toMatchObject([
      {
        message: '`ids` holds 101 ids; at most 100 are allowed.',
        extensions: { code: 'BAD_USER_INPUT', argumentPath: ['ids'] },
      },
    ]);
  });

  test.each([
    '',
    'x',
    'mci_',
    'mci_x',
    'xyz_00000000-0000-4000-8000-000000000000',
    'mci_00000000-0000-4000-8000-00000000000G',
    'mci_00000000-0000-4000-8000-000000000000 ',
    `mci_${'0'.repeat(1000)}`,
    'mci_\0',
  ])('what is no id is BAD_USER_INPUT: %j', async (id) => {
    expect(await codes('query($id: ID!) { node(id: $id) { id } }', { id })).toEqual(['BAD_USER_INPUT']);
    expect(await codes('query($id: ID!) { multiCloudImage(id: $id) { id } }', { id })).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  test('an id of another type is told', async () => {
    const { errors } = await api.request(
      account.token,
      'query($id: ID!) { serverTemplate(id: $id) { id } }',
      {
        id: ids['MultiCloudImage'],
      },
    );
    expect(errors).toMatchObject([
      {
        message: `"${ids['MultiCloudImage']}" is the id of a MultiCloudImage; the id of a ServerTemplate is needed.`,
        extensions: { code: 'BAD_USER_INPUT', argumentPath: ['id'] },
      },
    ]);
  });
});

describe('natural keys', () => {
  const IMAGE = `query($cloudType: String!, $region: String!, $resourceUid: String!) {
    cloudImage(cloudType: $cloudType, region: $region, resourceUid: $resourceUid) { id name visibility } }`;

  async function lookUp(who: TestAccount, region: string, resourceUid: string): Promise<(string | null)[]> {
    const key = { cloudType: 'amazon', region, resourceUid };
    const { cloudImage } = await who.query(IMAGE, key);
    const { _entities } = await who.query(
      'query($r: [_Any!]!) { _entities(representations: $r) { ... on CloudImage { id name } } }',
      { r: [{ __typename: 'CloudImage', ...key }] },
    );
    return [cloudImage?.name ?? null, _entities[0]?.name ?? null];
  }

  test('R-3.1: an image by uid is the own, else the public, else a shared one', async () => {
    const [first, second, viewer] = [await api.account(), await api.account(), await api.account()];
    const region = randomUUID();
    const cloud = await catalog.cloud({ region });
    const image = (name: string, ownerAccountId: string | null) =>
      catalog.image(cloud, { name, ownerAccountId, resourceUid: 'ami-1' });
    const shared = await image('shared', first.key);
    expect(await lookUp(viewer, region, 'ami-1')).toEqual([null, null]);
    await catalog.share(shared, viewer.key);
    expect(await lookUp(viewer, region, 'ami-1')).toEqual(['shared', 'shared']);
    await image('public', null);
    expect(await lookUp(viewer, region, 'ami-1')).toEqual(['public', 'public']);
    await image('own', viewer.key);
    expect(await lookUp(viewer, region, 'ami-1')).toEqual(['own', 'own']);
    expect(await lookUp(first, region, 'ami-1')).toEqual(['shared', 'shared']);
    expect(await lookUp(second, region, 'ami-1')).toEqual(['public', 'public']);
  });

  test('a cloud is the own one before the public one', async () => {
    const region = randomUUID();
    await catalog.cloud({ region, name: 'public' });
    await catalog.cloud({ region, name: 'own', accountId: account.key });
    const other = await api.account();
    const name = async (who: TestAccount) =>
      (
        await who.query('query($region: String!) { cloud(cloudType: "amazon", region: $region) { name } }', {
          region,
        })
      ).cloud.name;
    expect([await name(account), await name(other)]).toEqual(['own', 'public']);
  });

  test('half a key is BAD_USER_INPUT', async () => {
    expect(await codes('{ cloud(region: "x") { id } }', {})).toEqual(['BAD_USER_INPUT']);
    expect(await codes('{ cloudImage(cloudType: "amazon", region: "x") { id } }', {})).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(await codes('{ cloudImage { id } }', {})).toEqual(['BAD_USER_INPUT']);
  });

  test('references of components by lineage and number; what is no key is null', async () => {
    const mci = await done(account, 'createMultiCloudImage', { name: 'referenced' });
    const revision = await insertMultiCloudImageRevision(api.dataSource, mci.id);
    const other = await api.account();
    const { lineageId } = mci;
    const __typename = 'MultiCloudImage';
    const r = [
      { __typename, lineageId, revision: 0 },
      { __typename, lineageId, revision: 1 },
      { __typename, lineageId, revision: 2 },
      { __typename, lineageId, revision: -1 },
      { __typename, lineageId, revision: 2 ** 40 },
      { __typename, lineageId, revision: 'x' },
      { __typename, lineageId: 'x', revision: 0 },
      { __typename, id: mci.id },
      { __typename, id: account.id },
      { __typename, id: 'x' },
      { __typename, id: 5 },
      { __typename },
      { __typename: 'ServerTemplate', lineageId, revision: 0 },
    ];
    const source = 'query($r: [_Any!]!) { _entities(representations: $r) { ... on MultiCloudImage { id } } }';
    const { _entities } = await account.query(source, { r });
    expect(_entities.map((entity: Data) => entity?.id ?? null)).toEqual([
      mci.id,
      revision,
      ...Array.from({ length: 5 }, () => null),
      mci.id,
      ...Array.from({ length: 5 }, () => null),
    ]);
    expect((await other.query(source, { r }))._entities).toEqual(r.map(() => null));
  });
});

describe('R-2.2: what belongs to another account', () => {
  let place: Place;
  let stranger: TestAccount;
  let mci: Data;
  let template: Data;
  beforeAll(async () => {
    stranger = await api.account();
    place = await catalog.place({
      cloud: { accountId: account.key, cloudType: 'vsphere' },
      image: { ownerAccountId: account.key },
      type: { ownerAccountId: account.key },
    });
    mci = await done(account, 'createMultiCloudImage', { name: 'hidden MCI', settings: [place.setting] });
    template = await done(account, 'createServerTemplate', {
      name: 'hidden template',
      multiCloudImageIds: [mci.id],
    });
  });

  test('is null by id and as node', async () => {
    const asked = [
      place.cloud.id,
      place.image.id,
      place.type.id,
      mci.id,
      mci.settings[0].id,
      template.id,
      account.id,
    ];
    const { nodes } = await stranger.query('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: asked });
    expect(nodes).toEqual(asked.map(() => null));
    expect(
      await stranger.query(
        `query($cloud: ID!, $image: ID!, $mci: ID!, $template: ID!) {
          cloud(id: $cloud) { id } cloudImage(id: $image) { id } multiCloudImage(id: $mci) { id } serverTemplate(id: $template) { id } }`,
        { cloud: place.cloud.id, image: place.image.id, mci: mci.id, template: template.id },
      ),
    ).toEqual({ cloud: null, cloudImage: null, multiCloudImage: null, serverTemplate: null });
  });

  test('is in no list, and in no count', async () => {
    const lists = `{
      clouds(filter: { cloudType: "vsphere" }) { totalCount edges { node { id } } }
      cloudImages(filter: { resourceUid: "${place.image.resourceUid}" }) { totalCount edges { node { id } } }
      instanceTypes(filter: { cloudId: "${place.cloud.id}" }) { totalCount edges { node { id } } }
      multiCloudImages(filter: { search: "hidden" }) { totalCount edges { node { id } } }
      serverTemplates(filter: { search: "hidden" }) { totalCount edges { node { id } } } }`;
    const empty = { totalCount: 0, edges: [] };
    expect(await stranger.query(lists)).toEqual({
      clouds: empty,
      cloudImages: empty,
      instanceTypes: empty,
      multiCloudImages: empty,
      serverTemplates: empty,
    });
    const own = await account.query(lists);
    for (const list of Object.values<Data>(own)) expect(list.totalCount).toBe(1);
  });

  test("people's names are those of the viewing account", async () => {
    const source = '{ users(first: 100) { edges { node { name } } } }';
    expect((await stranger.query(source)).users.edges).toEqual([
      { node: { name: `User of ${stranger.name}` } },
    ]);
  });
});

describe('R-3.2: availability', () => {
  const IMAGE = 'query($id: ID!) { cloudImage(id: $id) { availability lifecycle } }';

  test.each([
    ['AVAILABLE', 'AVAILABLE'],
    ['DEPRECATED', 'AVAILABLE'],
    ['PENDING', 'UNAVAILABLE'],
    ['FAILED', 'UNAVAILABLE'],
    ['OBSOLETE', 'UNAVAILABLE'],
    ['DELETED', 'INVALID'],
  ] as const)('an image that is %s is %s', async (lifecycle, availability) => {
    const place = await catalog.place();
    const mci = await done(account, 'createMultiCloudImage', { name: 'base', settings: [place.setting] });
    await catalog.updateImage(place.image, { lifecycle });
    expect((await account.query(IMAGE, { id: place.image.id })).cloudImage).toEqual({
      availability,
      lifecycle,
    });
    const { multiCloudImage } = await account.query(
      'query($id: ID!) { multiCloudImage(id: $id) { settings { imageAvailability image { id } } } }',
      { id: mci.id },
    );
    expect(multiCloudImage.settings).toEqual([
      { imageAvailability: availability, image: { id: place.image.id } },
    ]);
  });

  test('R-3.4: past its deprecation time an image reads as DEPRECATED', async () => {
    const cloud = await catalog.cloud();
    const image = await catalog.image(cloud, { deprecatesAt: new Date('2020-01-01T00:00:00Z') });
    expect((await account.query(IMAGE, { id: image.id })).cloudImage).toEqual({
      availability: 'AVAILABLE',
      lifecycle: 'DEPRECATED',
    });
  });

  test('an image of a setting that is no longer shared: the uid is shown, the object is null', async () => {
    const owner = await api.account();
    const place = await catalog.place({ image: { ownerAccountId: owner.key, name: 'secret name' } });
    await catalog.share(place.image, account.key);
    const mci = await done(account, 'createMultiCloudImage', { name: 'base', settings: [place.setting] });
    await api.dataSource.query('DELETE FROM cloud_image_shares WHERE cloud_image_id = $1', [place.image.key]);
    const { multiCloudImage } = await account.query(
      `query($id: ID!) { multiCloudImage(id: $id) {
        settings { imageResourceUid imageAvailability image { id name } advisories { code message subject { id } } } } }`,
      { id: mci.id },
    );
    expect(multiCloudImage.settings).toMatchObject([
      { imageResourceUid: place.image.resourceUid, imageAvailability: 'UNAVAILABLE', image: null },
    ]);
    expect(JSON.stringify(multiCloudImage)).not.toContain('secret name');
    expect(JSON.stringify(multiCloudImage)).not.toContain(place.image.id);
  });

  test('a replacement that is not visible is null', async () => {
    const owner = await api.account();
    const cloud = await catalog.cloud();
    const hidden = await catalog.image(cloud, { ownerAccountId: owner.key });
    const image = await catalog.image(cloud, { lifecycle: 'DEPRECATED', replacementId: hidden.key });
    const source = 'query($id: ID!) { cloudImage(id: $id) { replacement { id } } }';
    expect((await account.query(source, { id: image.id })).cloudImage).toEqual({ replacement: null });
    expect((await owner.query(source, { id: image.id })).cloudImage).toEqual({
      replacement: { id: hidden.id },
    });
  });
});

describe('versions', () => {
  const FIELDS = `kind revision isHead editable origin version commitMessage committedAt head { id } latestRevision { id }
    revisions(first: 5) { edges { node { id } } } deletedAt clonedFrom { id }`;

  test.each([
    ['multiCloudImage', 'MultiCloudImage', 'MULTI_CLOUD_IMAGE', insertMultiCloudImageRevision],
    ['serverTemplate', 'ServerTemplate', 'SERVER_TEMPLATE', insertServerTemplateRevision],
    ['rightScript', 'RightScript', 'RIGHT_SCRIPT', insertRightScriptRevision],
  ] as const)('R-6.1: HEAD and revisions of a %s', async (field, type, kind, insertRevision) => {
    const read = async (id: string) =>
      (await account.query(`query($id: ID!) { ${field}(id: $id) { ${FIELDS} } }`, { id }))[field];
    const source = type === 'RightScript' ? { source: 'true' } : {};
    const head = await done(account, `create${type}`, { name: 'versioned', ...source });
    expect(await read(head.id)).toEqual({
      kind,
      revision: 0,
      isHead: true,
      editable: true,
      origin: 'PRIVATE',
      version: 1,
      commitMessage: null,
      committedAt: null,
      head: { id: head.id },
      latestRevision: null,
      revisions: { edges: [] },
      deletedAt: null,
      clonedFrom: null,
    });
    const first = await insertRevision(api.dataSource, head.id);
    const second = await insertRevision(api.dataSource, head.id);
    expect(await read(first)).toMatchObject({
      kind,
      revision: 1,
      isHead: false,
      editable: false,
      origin: 'PRIVATE',
      commitMessage: 'committed',
      committedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      head: { id: head.id },
      latestRevision: { id: second },
      revisions: { edges: [{ node: { id: second } }, { node: { id: first } }] },
    });
    await done(account, `delete${type}`, { id: head.id });
    expect(await read(head.id)).toMatchObject({ editable: false, deletedAt: expect.any(String) });
  });
});
