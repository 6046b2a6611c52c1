import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Known } from '../kit/catalog';
import { done } from '../kit/components';
import { insertMultiCloudImageRevision } from '../kit/revisions';

let api: TestApi;
let catalog: TestCatalog;
let account: TestAccount;

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
  account = await api.account();
});
afterAll(() => api.close());

/** Names of a filtered list, in its order; the total agrees with them. */
async function names(field: string, filter: object, who: TestAccount = account): Promise<string[]> {
  const type =
    { cloudImages: 'CloudImage', clouds: 'Cloud', instanceTypes: 'InstanceType' }[field] ?? 'Component';
  const data = await who.query(
    `query($filter: ${type}Filter) { list: ${field}(first: 100, filter: $filter) { totalCount edges { node { name } } } }`,
    { filter },
  );
  const found: string[] = data.list.edges.map((edge: Data) => edge.node.name);
  expect(data.list.totalCount).toBe(found.length);
  return found;
}

async function refusal(field: string, type: string, filter: object) {
  const { errors } = await api.request(
    account.token,
    `query($filter: ${type}Filter) { ${field}(filter: $filter) { totalCount } }`,
    { filter },
  );
  return errors?.map(({ message, extensions }) => ({
    message,
    code: extensions.code,
    path: extensions['argumentPath'],
  }));
}

describe('images', () => {
  let cloud: Known;
  let other: Known;
  const images = (filter: object) => names('cloudImages', { cloudId: cloud.id, ...filter });

  beforeAll(async () => {
    cloud = await catalog.cloud({ cloudType: 'openstack', region: 'north' });
    other = await catalog.cloud({ cloudType: 'openstack', region: 'south' });
    await catalog.image(other, { name: 'elsewhere', fingerprint: 'sha256:1' });
    await catalog.image(cloud, {
      name: 'Fedora CoreOS 44',
      description: 'stable stream',
      fingerprint: 'sha256:1',
      operatingSystem: 'Fedora CoreOS 44',
      resourceUid: 'uid-1',
    });
    await catalog.image(cloud, { name: '100% sure', cpuArchitecture: 'arm64', lifecycle: 'DEPRECATED' });
    await catalog.image(cloud, { name: '100 sure', imageType: 'KERNEL' });
    await catalog.image(cloud, { name: 'snake_case', deprecatesAt: new Date('2026-01-01T00:00:00Z') });
    await catalog.image(cloud, { name: 'snakeXcase', deprecatesAt: new Date('2999-01-01T00:00:00Z') });
    await catalog.image(cloud, { name: 'back\\slash', ownerAccountId: account.key });
    await catalog.image(cloud, { name: 'Ärger über 云', lifecycle: 'OBSOLETE' });
  });

  test.each<[string, object, string[]]>([
    ['a whole word', { search: 'CoreOS' }, ['Fedora CoreOS 44']],
    ['a part of a word, ignoring case', { search: 'OREo' }, ['Fedora CoreOS 44']],
    ['words in any order, in name and description', { search: '  stream   fedora ' }, ['Fedora CoreOS 44']],
    ['words that do not all occur', { search: 'fedora testing' }, []],
    ['a short word', { search: '44' }, ['Fedora CoreOS 44']],
    ['one letter', { search: 'Ä' }, ['Ärger über 云']],
    ['a letter of another script', { search: '云' }, ['Ärger über 云']],
    [
      'no word',
      { search: '  ' },
      [
        '100 sure',
        '100% sure',
        'Fedora CoreOS 44',
        'back\\slash',
        'snakeXcase',
        'snake_case',
        'Ärger über 云',
      ],
    ],
    ['a literal %', { search: '100%' }, ['100% sure']],
    ['a literal _', { search: 'e_c' }, ['snake_case']],
    ['a literal \\', { search: 'k\\s' }, ['back\\slash']],
    ['only a %', { search: '%' }, ['100% sure']],
    ['a * is no wildcard', { search: 'snake*' }, []],
  ])('are found by %s', async (_what, filter, expected) => {
    expect((await images(filter)).sort()).toEqual([...expected].sort());
  });

  test.each<[string, object, string[]]>([
    ['a part of the name', { name: 'SURE' }, ['100 sure', '100% sure']],
    ['a part with a %', { name: '0% S' }, ['100% sure']],
    ['the name, not the description', { name: 'stream' }, []],
    ['the kind', { imageType: 'KERNEL' }, ['100 sure']],
    ['the checksum', { fingerprint: 'sha256:1' }, ['Fedora CoreOS 44']],
    ['the uid', { resourceUid: 'uid-1' }, ['Fedora CoreOS 44']],
    ['a part of the uid is nothing', { resourceUid: 'uid' }, []],
    ['the operating system', { operatingSystem: 'Fedora CoreOS 44' }, ['Fedora CoreOS 44']],
    ['the architecture', { cpuArchitecture: 'arm64' }, ['100% sure']],
    ['private ones', { visibility: 'PRIVATE' }, ['back\\slash']],
    ['R-3.4: DEPRECATED, also by time', { lifecycle: 'DEPRECATED' }, ['100% sure', 'snake_case']],
    ['OBSOLETE', { lifecycle: 'OBSOLETE' }, ['Ärger über 云']],
    [
      'several conditions',
      { lifecycle: 'DEPRECATED', cpuArchitecture: 'arm64', search: 'sure' },
      ['100% sure'],
    ],
    ['the wrong region', { cloudType: 'openstack', region: 'south' }, []],
    [
      'the right region',
      { cloudType: 'openstack', region: 'north', resourceUid: 'uid-1' },
      ['Fedora CoreOS 44'],
    ],
  ])('are filtered by %s', async (_what, filter, expected) => {
    expect((await images(filter)).sort()).toEqual([...expected].sort());
  });

  test('R-3.4: AVAILABLE leaves out what is DEPRECATED by time', async () => {
    const available = await images({ lifecycle: 'AVAILABLE' });
    expect(available).toContain('snakeXcase');
    expect(available).not.toContain('snake_case');
  });

  test('of all clouds of a type', async () => {
    expect(await names('cloudImages', { cloudType: 'openstack', fingerprint: 'sha256:1' })).toEqual([
      'Fedora CoreOS 44',
      'elsewhere',
    ]);
  });

  test('R-3.2: private ones only for their owner and whom they are shared with', async () => {
    const [friend, stranger] = [await api.account(), await api.account()];
    const image = await catalog.image(cloud, { name: 'shared secret', ownerAccountId: account.key });
    await catalog.share(image, friend.key);
    const found = (who: TestAccount) => names('cloudImages', { search: 'shared secret' }, who);
    expect(await found(account)).toEqual(['shared secret']);
    expect(await found(friend)).toEqual(['shared secret']);
    expect(await found(stranger)).toEqual([]);
    expect(await names('cloudImages', { visibility: 'PRIVATE', name: 'secret' }, friend)).toEqual([
      'shared secret',
    ]);
  });

  test('R-10.1: tags belong to the account that made them, match case, and machine tags by any value', async () => {
    const image = await catalog.image(cloud, { name: 'tagged' });
    const other = await api.account();
    const tag = (who: TestAccount, tags: string[]) => done(who, 'addTags', { id: image.id, tags });
    await tag(account, ['team:owner=Web', 'Raw']);
    await tag(other, ['theirs']);
    const found = (filter: string, who = account) => names('cloudImages', { tag: filter }, who);
    expect(await found('Raw')).toEqual(['tagged']);
    expect(await found('raw')).toEqual([]);
    expect(await found('team:owner=Web')).toEqual(['tagged']);
    expect(await found('team:owner=*')).toEqual(['tagged']);
    expect(await found('team:owner=W*')).toEqual([]);
    expect(await found('team:other=*')).toEqual([]);
    expect(await found('theirs')).toEqual([]);
    expect(await found('theirs', other)).toEqual(['tagged']);
  });

  test('what a filter can not mean is BAD_USER_INPUT, with the field', async () => {
    const refused = (filter: object) => refusal('cloudImages', 'CloudImage', filter);
    expect(await refused({ search: 'a b c d e f g h i j k' })).toEqual([
      {
        message: '`search` has 11 words; at most 10 are searched.',
        code: 'BAD_USER_INPUT',
        path: ['filter', 'search'],
      },
    ]);
    expect(await refused({ tag: ':=' })).toMatchObject([{ code: 'BAD_USER_INPUT', path: ['filter', 'tag'] }]);
    expect(await refused({ cloudId: account.id })).toEqual([
      {
        message: `"${account.id}" is the id of a Account; the id of a Cloud is needed.`,
        code: 'BAD_USER_INPUT',
        path: ['filter', 'cloudId'],
      },
    ]);
    expect(await refused({ name: 'a\0b' })).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });
});

describe('clouds and instance types', () => {
  test('are filtered by type, region, part of the name and whether they are public', async () => {
    await catalog.cloud({ cloudType: 'kubevirt', region: 'global', name: 'Kube Virt' });
    await catalog.cloud({
      cloudType: 'kubevirt',
      region: 'mine',
      name: 'Kube mine 50%',
      accountId: account.key,
    });
    const clouds = (filter: object) => names('clouds', { cloudType: 'kubevirt', ...filter });
    expect(await clouds({})).toEqual(['Kube Virt', 'Kube mine 50%']);
    expect(await clouds({ region: 'mine' })).toEqual(['Kube mine 50%']);
    expect(await clouds({ public: true })).toEqual(['Kube Virt']);
    expect(await clouds({ public: false })).toEqual(['Kube mine 50%']);
    expect(await clouds({ name: '50%' })).toEqual(['Kube mine 50%']);
    expect(await clouds({ name: 'kUBE' })).toEqual(['Kube Virt', 'Kube mine 50%']);
    expect(await names('clouds', { cloudType: 'kubevirt' }, await api.account())).toEqual(['Kube Virt']);
  });

  test('types by cloud, part of the name, architecture and whether they are offered', async () => {
    const cloud = await catalog.cloud();
    await catalog.instanceType(cloud, { name: 'm7i.large', cpuArchitectures: ['x86_64', 'i386'] });
    await catalog.instanceType(cloud, { name: 'm7g.large', cpuArchitectures: ['arm64'], offered: false });
    const types = (filter: object) => names('instanceTypes', { cloudId: cloud.id, ...filter });
    expect(await types({})).toEqual(['m7g.large', 'm7i.large']);
    expect(await types({ name: 'I.L' })).toEqual(['m7i.large']);
    expect(await types({ cpuArchitecture: 'i386' })).toEqual(['m7i.large']);
    expect(await types({ offered: false })).toEqual(['m7g.large']);
  });
});

describe('components', () => {
  let mine: TestAccount;
  beforeAll(async () => {
    mine = await api.account();
  });
  const mcis = (filter: object) => names('multiCloudImages', filter, mine);

  test('by words, parts, tags, lineage and versions', async () => {
    const web = await done(mine, 'createMultiCloudImage', {
      name: 'Web_base v1',
      description: 'For 100% of servers',
      tags: ['env:stage=prod', 'x'],
    });
    await done(mine, 'createMultiCloudImage', { name: 'WebXbase v2' });
    await insertMultiCloudImageRevision(api.dataSource, web.id);
    expect(await mcis({})).toEqual(['WebXbase v2', 'Web_base v1']);
    expect(await mcis({ search: 'b_b' })).toEqual(['Web_base v1']);
    expect(await mcis({ search: 'servers web' })).toEqual(['Web_base v1']);
    expect(await mcis({ search: 'v2' })).toEqual(['WebXbase v2']);
    expect(await mcis({ name: 'WEB' })).toEqual(['WebXbase v2', 'Web_base v1']);
    expect(await mcis({ description: '100%' })).toEqual(['Web_base v1']);
    expect(await mcis({ description: 'web' })).toEqual([]);
    expect(await mcis({ tag: 'env:stage=*' })).toEqual(['Web_base v1']);
    expect(await mcis({ tag: 'X' })).toEqual([]);
    expect(await mcis({ lineageId: web.lineageId, versions: 'ALL' })).toEqual(['Web_base v1', 'Web_base v1']);
    expect(await mcis({ versions: 'REVISIONS' })).toEqual(['Web_base v1']);
    expect(await mcis({ versions: 'HEADS' })).toEqual(['WebXbase v2', 'Web_base v1']);
    expect(await mcis({ origin: 'PRIVATE' })).toEqual(['WebXbase v2', 'Web_base v1']);
    expect(await mcis({ origin: 'IMPORTED' })).toEqual([]);
    expect(await names('multiCloudImages', { search: 'web' })).toEqual([]);
  });

  test('R-5.2: by a cloud that they support', async () => {
    const [place, gone] = [await catalog.place(), await catalog.place({ image: { lifecycle: 'DELETED' } })];
    const good = await done(mine, 'createMultiCloudImage', { name: 'good', settings: [place.setting] });
    const bad = await done(mine, 'createMultiCloudImage', { name: 'bad', settings: [gone.setting] });
    await done(mine, 'createServerTemplate', { name: 'both', multiCloudImageIds: [bad.id, good.id] });
    await done(mine, 'createServerTemplate', { name: 'only bad', multiCloudImageIds: [bad.id] });
    expect(await mcis({ cloudId: place.cloud.id })).toEqual(['good']);
    expect(await mcis({ cloudId: gone.cloud.id })).toEqual([]);
    expect(await names('serverTemplates', { cloudId: place.cloud.id }, mine)).toEqual(['both']);
    expect(await names('serverTemplates', { cloudId: gone.cloud.id }, mine)).toEqual([]);
  });

  test('deleted ones only when asked for', async () => {
    const { id } = await done(mine, 'createMultiCloudImage', { name: 'deleted one' });
    await done(mine, 'deleteMultiCloudImage', { id });
    expect(await mcis({ search: 'deleted' })).toEqual([]);
    expect(await mcis({ search: 'deleted', includeDeleted: true })).toEqual(['deleted one']);
  });

  test('a malformed lineage is BAD_USER_INPUT', async () => {
    expect(await refusal('multiCloudImages', 'Component', { lineageId: 'x' })).toMatchObject([
      { code: 'BAD_USER_INPUT', path: ['filter', 'lineageId'] },
    ]);
  });
});

describe('the audit log', () => {
  test('is filtered by object, action, person and time', async () => {
    const who = await api.account();
    const mci = await done(who, 'createMultiCloudImage', { name: 'a' });
    await done(who, 'updateMultiCloudImage', { id: mci.id, expectedVersion: 1, name: 'b' });
    await done(who, 'createServerTemplate', { name: 'c' });
    const actions = async (filter: object) => {
      const data = await who.query(
        'query($filter: AuditFilter) { auditEntries(filter: $filter) { totalCount edges { node { action at } } } }',
        { filter },
      );
      return data.auditEntries.edges.map((edge: Data) => edge.node.action);
    };
    expect(await actions({})).toEqual([
      'serverTemplate.create',
      'multiCloudImage.update',
      'multiCloudImage.create',
    ]);
    expect(await actions({ objectId: mci.id })).toEqual(['multiCloudImage.update', 'multiCloudImage.create']);
    expect(await actions({ action: 'multiCloudImage.update' })).toEqual(['multiCloudImage.update']);
    expect(await actions({ since: '2999-01-01T00:00:00Z' })).toEqual([]);
    expect(await actions({ until: '2000-01-01T00:00:00Z' })).toEqual([]);
    expect(await actions({ userId: account.id })).toEqual([]);
  });

  test.each(['-100000-01-01T00:00:00Z', '+200000-01-01T00:00:00Z'])(
    'a time as far as %s is no fault',
    async (since) => {
      const { errors } = await api.request(
        account.token,
        'query($filter: AuditFilter) { auditEntries(filter: $filter) { totalCount } }',
        { filter: { since } },
      );
      expect(errors?.map(({ extensions }) => extensions.code) ?? []).not.toContain('INTERNAL_SERVER_ERROR');
    },
  );
});
