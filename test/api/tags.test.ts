import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { auditOf, done, mutationSource, read, refused, refusedWithoutTrace, run } from '../kit/components';

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

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `tag${index}`);
const imageTags = async (viewer: TestAccount, id: string): Promise<string[]> =>
  (await viewer.query('query($id: ID!) { cloudImage(id: $id) { tags } }', { id })).cloudImage.tags;
const accountTags = async (viewer: TestAccount): Promise<string[]> =>
  (await viewer.query('{ viewer { account { tags } } }')).viewer.account.tags;

const FIELDS = {
  MultiCloudImage: 'multiCloudImage',
  ServerTemplate: 'serverTemplate',
  RightScript: 'rightScript',
} as const;

describe('tags of components', () => {
  test.each(['MultiCloudImage', 'ServerTemplate', 'RightScript'] as const)(
    'R-10.1: of a %s are added and removed ignoring case; they are content, so the version rises (R-6.9)',
    async (type) => {
      const source = type === 'RightScript' ? { source: 'true' } : {};
      const component = await done(account, `create${type}`, { name: 'tagged', tags: ['Raw'], ...source });
      const field = FIELDS[type];
      const added = await run(account, 'addTags', {
        id: component.id,
        expectedVersion: 1,
        tags: ['raw', 'ns:Predicate=Value', 'NS2', 'ns:predicate=value'],
      });
      expect(added).toEqual({
        node: { id: component.id, __typename: type },
        tags: ['Raw', 'ns:Predicate=Value', 'NS2'],
        userErrors: [],
      });
      expect(await read(account, field, component.id)).toEqual({
        ...component,
        tags: added.tags,
        version: 2,
      });
      const removed = await run(account, 'removeTags', {
        id: component.id,
        expectedVersion: 2,
        tags: ['RAW', 'absent'],
      });
      expect(removed.tags).toEqual(['ns:Predicate=Value', 'NS2']);
      expect(await read(account, field, component.id)).toEqual({
        ...component,
        tags: removed.tags,
        version: 3,
      });
      expect(await auditOf(account)).toContainEqual({
        action: `${field}.addTags`,
        changes: { tags: { before: ['Raw'], after: ['Raw', 'ns:Predicate=Value', 'NS2'] } },
      });
    },
  );

  test('R-2.4: adding what is there and removing what is not changes nothing', async () => {
    const mci = await done(account, 'createMultiCloudImage', { name: 'tagged', tags: ['a'] });
    for (const [name, tags] of [
      ['addTags', ['A']],
      ['removeTags', ['b']],
      ['addTags', []],
    ] as const)
      expect((await run(account, name, { id: mci.id, expectedVersion: 1, tags })).tags).toEqual(['a']);
    expect(await read(account, 'multiCloudImage', mci.id)).toEqual(mci);
    expect(await auditOf(account)).toHaveLength(1);
  });

  test('R-6.9: need the version', async () => {
    const mci = await done(account, 'createMultiCloudImage', { name: 'tagged' });
    const error = await refusedWithoutTrace(account, 'multiCloudImage', mci.id, 'addTags', {
      id: mci.id,
      tags: ['a'],
    });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'expectedVersion'] });
    const stale = await refusedWithoutTrace(account, 'multiCloudImage', mci.id, 'addTags', {
      id: mci.id,
      tags: ['a'],
      expectedVersion: 7,
    });
    expect(stale).toMatchObject({ code: 'STALE', currentVersion: 1 });
  });

  test.each([
    [['Ns:predicate=value'], 'INVALID'],
    [['ns:1predicate=value'], 'INVALID'],
    [['ns:predicate'], 'INVALID'],
    [[' a'], 'INVALID'],
    [[''], 'INVALID'],
    [numbered(101), 'LIMIT_EXCEEDED'],
  ])('R-10.1: %j is refused', async (tags, code) => {
    const mci = await done(account, 'createMultiCloudImage', { name: 'tagged' });
    const error = await refusedWithoutTrace(account, 'multiCloudImage', mci.id, 'addTags', {
      id: mci.id,
      expectedVersion: 1,
      tags,
    });
    expect(error).toMatchObject({ code, path: ['input', 'tags'] });
  });

  test('R-10.1: 100 in all, and not one more', async () => {
    const mci = await done(account, 'createMultiCloudImage', { name: 'tagged', tags: numbered(99) });
    const full = await run(account, 'addTags', { id: mci.id, expectedVersion: 1, tags: ['last'] });
    expect(full.tags).toHaveLength(100);
    const error = await refusedWithoutTrace(account, 'multiCloudImage', mci.id, 'addTags', {
      id: mci.id,
      expectedVersion: 2,
      tags: ['one more'],
    });
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['input', 'tags'] });
  });

  test.each(['multiCloudImages', 'serverTemplates'])(
    'R-10.1: %s are found by exact tag or by namespace and predicate; case matters',
    async (list) => {
      const type = list === 'multiCloudImages' ? 'MultiCloudImage' : 'ServerTemplate';
      const one = await done(account, `create${type}`, { name: 'one', tags: ['env:stage=Live', 'raw'] });
      const two = await done(account, `create${type}`, { name: 'two', tags: ['env:stage=test'] });
      const find = async (tag: string): Promise<string[]> => {
        const data = await account.query(
          `query($tag: String) { ${list}(filter: { tag: $tag }) { edges { node { id } } } }`,
          {
            tag,
          },
        );
        return data[list].edges.map((edge: Data) => edge.node.id);
      };
      expect(await find('raw')).toEqual([one.id]);
      expect(await find('Raw')).toEqual([]);
      expect(await find('env:stage=Live')).toEqual([one.id]);
      expect(await find('env:stage=live')).toEqual([]);
      expect(await find('env:stage=*')).toEqual([one.id, two.id]);
    },
  );
});

describe('tags of images', () => {
  test('R-10.1: belong to the account that made them, also on public images', async () => {
    const image = await catalog.image(await catalog.cloud());
    const other = await api.account();
    expect(await run(account, 'addTags', { id: image.id, tags: ['mine', 'MINE'] })).toEqual({
      node: { id: image.id, __typename: 'CloudImage' },
      tags: ['mine'],
      userErrors: [],
    });
    await run(other, 'addTags', { id: image.id, tags: ['theirs'] });
    expect(await imageTags(account, image.id)).toEqual(['mine']);
    expect(await imageTags(other, image.id)).toEqual(['theirs']);
    const found = await account.query('{ cloudImages(filter: { tag: "theirs" }) { totalCount } }');
    expect(found.cloudImages.totalCount).toBe(0);
    expect((await run(account, 'removeTags', { id: image.id, tags: ['Mine'] })).tags).toEqual([]);
    expect(await imageTags(other, image.id)).toEqual(['theirs']);
    expect(await auditOf(account)).toHaveLength(2);
    expect(await auditOf(account)).toContainEqual({
      action: 'cloudImage.addTags',
      changes: { tags: { before: [], after: ['mine'] } },
    });
  });

  test('R-10.1: of 20 additions at once none is lost', async () => {
    const image = await catalog.image(await catalog.cloud());
    await Promise.all(numbered(20).map((tag) => run(account, 'addTags', { id: image.id, tags: [tag] })));
    expect((await imageTags(account, image.id)).toSorted()).toEqual(numbered(20).toSorted());
  });

  test('R-2.2: an image that is not visible is NOT_FOUND', async () => {
    const other = await api.account();
    const image = await catalog.image(await catalog.cloud(), { ownerAccountId: other.key });
    const hidden = await refused(account, 'addTags', { id: image.id, tags: ['a'] });
    const absent = await refused(account, 'addTags', {
      id: 'img_00000000-0000-4000-8000-000000000000',
      tags: ['a'],
    });
    expect(hidden).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'id'] });
    expect(hidden).toEqual(absent);
    expect(await auditOf(account)).toEqual([]);
  });
});

describe('tags of accounts', () => {
  test('R-10.1: are added and removed', async () => {
    expect((await run(account, 'addTags', { id: account.id, tags: ['a', 'b'] })).tags).toEqual(['a', 'b']);
    expect((await run(account, 'removeTags', { id: account.id, tags: ['a'] })).tags).toEqual(['b']);
    expect(await accountTags(account)).toEqual(['b']);
    expect((await auditOf(account)).map((entry) => entry.action).toSorted()).toEqual([
      'account.addTags',
      'account.removeTags',
    ]);
  });

  test('R-2.2: another account is NOT_FOUND', async () => {
    const other = await api.account();
    expect(await refused(account, 'addTags', { id: other.id, tags: ['a'] })).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'id'],
    });
    expect(await accountTags(other)).toEqual([]);
  });
});

describe('who may tag', () => {
  test.each([
    ['MultiCloudImage', 'DESIGNER'],
    ['ServerTemplate', 'DESIGNER'],
    ['CloudImage', 'ACTOR'],
    ['Account', 'ADMIN'],
  ] as const)('R-2.1: a %s needs %s; nothing less is changed', async (type, needed) => {
    const mci = await done(account, 'createMultiCloudImage', { name: 'tagged' });
    const template = await done(account, 'createServerTemplate', { name: 'tagged' });
    const image = await catalog.image(await catalog.cloud());
    const subject = {
      MultiCloudImage: { id: mci.id, expectedVersion: 1 },
      ServerTemplate: { id: template.id, expectedVersion: 1 },
      CloudImage: { id: image.id },
      Account: { id: account.id },
    }[type];
    for (const role of ['ACTOR', 'DESIGNER', 'ADMIN', 'LIBRARY'] as const) {
      if (role === needed) continue;
      const answer = await api.request(await account.tokenWith(role), mutationSource('addTags'), {
        input: { ...subject, tags: ['a'] },
      });
      expect(answer.errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);
    }
    expect((await auditOf(account)).filter((entry) => entry.action.endsWith('addTags'))).toEqual([]);
    const answer = await api.request(await account.tokenWith(needed), mutationSource('addTags'), {
      input: { ...subject, tags: ['a'] },
    });
    expect(answer.data.addTags).toMatchObject({ tags: ['a'], userErrors: [] });
  });

  test.each([
    ['no id', 'nonsense'],
    ['the id of a cloud', 'cld_00000000-0000-4000-8000-000000000000'],
  ])('%s is refused', async (_what, id) => {
    expect(await refused(account, 'addTags', { id, tags: ['a'] })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'id'],
    });
  });
});
