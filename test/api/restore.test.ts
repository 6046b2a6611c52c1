import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done, read } from '../kit/components';
import { storedRows } from '../kit/stored-rows';
import {
  KINDS,
  clone,
  commit,
  fieldOf,
  merge,
  readVersion,
  restore,
  tryTo,
  type Kind,
} from '../kit/version-control';
import { contentOf, create, describeAs, historyOf, revisionsOf } from '../kit/versions';

let api: TestApi;
let catalog: TestCatalog;
let place: Place;
let account: TestAccount;

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
  place = await catalog.place();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

const inputFor = (head: Data, { id }: { id: string }): object => ({
  headId: head.id,
  expectedVersion: head.version,
  revisionId: id,
});

/** A restore that must be refused for one reason, and change no row of anything. */
async function refusedRestore(kind: Kind, input: object, who = account): Promise<Data> {
  const before = await storedRows(api.dataSource);
  const { component, userErrors } = await tryTo(who, 'restore', kind, input);
  expect(userErrors).toHaveLength(1);
  expect(component).toBeNull();
  expect(await storedRows(api.dataSource)).toEqual(before);
  return userErrors[0];
}

/** HEAD, moved on from its two revisions. */
async function withHistory(kind: Kind): Promise<{ head: Data; one: Data; two: Data }> {
  const created = await create(account, kind, place);
  const one = await commit(account, kind, created, 'first');
  const second = await describeAs(account, kind, created, 'second');
  const two = await commit(account, kind, second, 'second');
  return { head: await describeAs(account, kind, second, 'not committed'), one, two };
}

describe.each(KINDS)('R-6.5: restoring a %s', (kind) => {
  test('gives HEAD the content of the revision, under its next version; revisions stay', async () => {
    const { head, one, two } = await withHistory(kind);
    const [ofOne, ofTwo] = [await contentOf(account, kind, one), await contentOf(account, kind, two)];
    const restored = await restore(account, kind, head, one);
    expect(restored).toMatchObject({
      id: head.id,
      revision: 0,
      version: head.version + 1,
      isHead: true,
      editable: true,
      description: null,
    });
    expect(await contentOf(account, kind, head)).toEqual(ofOne);
    expect(await contentOf(account, kind, one)).toEqual(ofOne);
    expect(await contentOf(account, kind, two)).toEqual(ofTwo);
    expect((await revisionsOf(account, kind, head)).map(({ id }) => id)).toEqual([one.id, two.id]);
    expect(await restore(account, kind, restored, two)).toMatchObject({
      version: head.version + 2,
      description: 'second',
    });
    expect(await contentOf(account, kind, head)).toEqual(ofTwo);
  });

  test('R-2.4: one audit entry, and one entry in the history', async () => {
    const { head, one, two } = await withHistory(kind);
    const before = await auditOf(account);
    await restore(account, kind, head, one);
    expect((await auditOf(account)).slice(before.length)).toEqual([
      { action: `${fieldOf(kind)}.restore`, changes: { revision: 1, contentChanged: true } },
    ]);
    expect((await historyOf(account, head)).slice(3)).toEqual([
      {
        event: 'RESTORED',
        message: null,
        component: { id: head.id },
        parents: [{ id: two.id }, { id: one.id }],
      },
    ]);
  });

  test('R-6.2: what was restored can be committed; the newest revision restored is nothing to commit', async () => {
    const { head, one, two } = await withHistory(kind);
    const atOne = await restore(account, kind, head, one);
    const three = await commit(account, kind, atOne, 'as in the first');
    expect(three).toMatchObject({ revision: 3, description: null });
    const atTwo = await restore(account, kind, atOne, two);
    const atThree = await restore(account, kind, atTwo, three);
    const { userErrors } = await tryTo(account, 'commit', kind, {
      id: head.id,
      expectedVersion: atThree.version,
      message: 'nothing',
      ...(kind === 'ServerTemplate' && { commitHeadDependencies: false }),
    });
    expect(userErrors).toMatchObject([{ code: 'NOTHING_TO_COMMIT' }]);
  });

  test('R-6.9: of equal content changes nothing at all', async () => {
    const created = await create(account, kind, place);
    const one = await commit(account, kind, created);
    const there = await describeAs(account, kind, created, 'there');
    const back = await describeAs(account, kind, there, null);
    const before = await storedRows(api.dataSource);
    expect(await restore(account, kind, back, one)).toMatchObject({ version: 3, description: null });
    expect(await storedRows(api.dataSource)).toEqual(before);
  });

  test('the name and the tags come back, too', async () => {
    const created = await create(account, kind, place);
    await done(account, 'addTags', { id: created.id, expectedVersion: 1, tags: ['b:c=1', 'a'] });
    const one = await commit(account, kind, { ...created, version: 2 });
    const content = await contentOf(account, kind, one);
    await done(account, 'removeTags', { id: created.id, expectedVersion: 2, tags: ['b:c=1'] });
    await done(account, 'addTags', { id: created.id, expectedVersion: 3, tags: ['new'] });
    await done(account, `update${kind}`, { id: created.id, expectedVersion: 4, name: 'renamed' });
    const restored = await restore(account, kind, { ...created, version: 5 }, one);
    expect(restored).toMatchObject({ name: 'one', version: 6 });
    expect(restored.tags.toSorted()).toEqual(['a', 'b:c=1']);
    expect({ ...(await contentOf(account, kind, restored)), tags: content.tags }).toEqual(content);
  });

  test('a revision of another lineage is refused', async () => {
    const { head } = await withHistory(kind);
    const other = await commit(account, kind, await create(account, kind, place, 'other'));
    expect(await refusedRestore(kind, inputFor(head, other))).toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining("name one of this one's `revisions`"),
      path: ['input', 'revisionId'],
    });
  });

  test('HEAD and a snapshot are no revisions', async () => {
    const { head } = await withHistory(kind);
    const copy = await clone(account, kind, head);
    const [{ parents }] = await historyOf(account, copy);
    for (const version of [head, parents[0]])
      expect(await refusedRestore(kind, inputFor(head, version))).toMatchObject({
        code: 'INVALID',
        message: expect.stringContaining('no committed revision'),
        path: ['input', 'revisionId'],
      });
  });

  test('R-6.9: another version than the expected one is STALE, with the current one', async () => {
    const { head, one } = await withHistory(kind);
    expect(await refusedRestore(kind, inputFor({ ...head, version: head.version - 1 }, one))).toMatchObject({
      __typename: 'StaleVersionError',
      code: 'STALE',
      path: ['input', 'expectedVersion'],
      currentVersion: head.version,
    });
  });

  test('R-6.1: a revision, a snapshot and a deleted HEAD are NOT_EDITABLE', async () => {
    const { head, one, two } = await withHistory(kind);
    const [{ parents }] = await historyOf(account, await clone(account, kind, head));
    for (const version of [two, parents[0]])
      expect(await refusedRestore(kind, { ...inputFor(head, one), headId: version.id })).toMatchObject({
        code: 'NOT_EDITABLE',
        path: ['input', 'headId'],
      });
    await done(account, `delete${kind}`, { id: head.id });
    expect(await refusedRestore(kind, inputFor(head, one))).toMatchObject({
      code: 'NOT_EDITABLE',
      path: ['input', 'headId'],
    });
  });

  test('R-2.2: what another account has is NOT_FOUND, as what does not exist', async () => {
    const { head, one } = await withHistory(kind);
    const other = await api.account();
    const foreign = await refusedRestore(kind, inputFor(head, one), other);
    expect(foreign).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'headId'] });
    const absent = { id: `${head.id.slice(0, 4)}00000000-0000-4000-8000-000000000000`, version: 1 };
    expect(await refusedRestore(kind, inputFor(absent, one))).toEqual(foreign);

    const own = await create(other, kind, place);
    await commit(other, kind, own);
    const foreignRevision = await refusedRestore(kind, inputFor(own, one), other);
    expect(foreignRevision).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'revisionId'] });
    expect(await refusedRestore(kind, inputFor(own, absent), other)).toEqual(foreignRevision);
  });
});

describe.each(KINDS)('R-6.8: restoring a %s after a merge', (kind) => {
  const TABLE = {
    MultiCloudImage: 'multi_cloud_images',
    ServerTemplate: 'server_templates',
    RightScript: 'right_scripts',
  }[kind];
  const parentsOf = async ({ id }: Data): Promise<string[]> =>
    (await api.dataSource.query(`SELECT parent_ids FROM ${TABLE} WHERE id = $1`, [id.slice(4)]))[0]
      .parent_ids;

  async function merged(): Promise<{ head: Data; one: Data; theirs: Data }> {
    const head = await create(account, kind, place);
    const one = await commit(account, kind, head);
    const copy = await describeAs(account, kind, await clone(account, kind, one), 'from the clone');
    const theirs = await commit(account, kind, copy, 'theirs');
    const into = await merge(account, kind, head, theirs);
    expect(into).toMatchObject({ description: 'from the clone', version: 2 });
    return { head: into, one, theirs };
  }

  test('undoes it, and forgets it: the same merge proposes the same again', async () => {
    const { head, one, theirs } = await merged();
    expect(await parentsOf(head)).toEqual([one.id.slice(4), theirs.id.slice(4)]);
    const restored = await restore(account, kind, head, one);
    expect(restored).toMatchObject({ description: null, version: 3 });
    expect(await parentsOf(head)).toEqual([one.id.slice(4)]);
    const again = await merge(account, kind, restored, theirs);
    expect(again).toMatchObject({ description: 'from the clone', version: 4 });
    // What was restored equals revision 1: there was nothing to commit first.
    expect(await revisionsOf(account, kind, head)).toHaveLength(1);
  });

  test('forgets also a merge that changed nothing; the version stays, and that is recorded', async () => {
    const head = await create(account, kind, place);
    const one = await commit(account, kind, head);
    const theirs = await commit(account, kind, await clone(account, kind, one), 'only another name');
    const into = await merge(account, kind, head, theirs);
    expect(into.version).toBe(1);
    expect(await parentsOf(head)).toEqual([one.id.slice(4), theirs.id.slice(4)]);
    const before = await auditOf(account);
    expect(await restore(account, kind, into, one)).toMatchObject({ version: 1 });
    expect(await parentsOf(head)).toEqual([one.id.slice(4)]);
    expect((await auditOf(account)).slice(before.length)).toEqual([
      { action: `${fieldOf(kind)}.restore`, changes: { revision: 1, contentChanged: false } },
    ]);
  });

  test('a merge that was committed is not forgotten', async () => {
    const { head, one, theirs } = await merged();
    const two = await commit(account, kind, head, 'merged');
    expect(await parentsOf(two)).toEqual([one.id.slice(4), theirs.id.slice(4)]);
    const restored = await restore(account, kind, head, one);
    expect(await parentsOf(restored)).toEqual([two.id.slice(4)]);
    expect(await merge(account, kind, restored, theirs)).toMatchObject({
      version: restored.version,
      description: null,
    });
  });
});

describe('everything comes back', () => {
  test('to a MultiCloud Image: settings that were added, removed and changed, and who made them; matchers and their order', async () => {
    const cloud = await catalog.cloud({ accountId: account.key });
    await catalog.image(cloud, { fingerprint: account.key });
    await catalog.instanceType(cloud, { name: 'large' });
    const [changed, removed, added] = [place, await catalog.place(), await catalog.place()];
    const kernel = await catalog.image(changed.cloud, { imageType: 'KERNEL' });
    const another = await catalog.image(changed.cloud);
    let head = await done(account, 'createMultiCloudImage', {
      name: 'full',
      description: 'all of it',
      settings: [{ ...changed.setting, kernelImageId: kernel.id, userData: 'mine' }, removed.setting],
    });
    const edit = async (name: string, input: object): Promise<void> => {
      head = await done(account, name, {
        multiCloudImageId: head.id,
        expectedVersion: head.version,
        ...input,
      });
    };
    const addMatcher = (fingerprint: string, userData: string) =>
      edit('addMultiCloudImageMatcher', {
        fingerprint,
        userData,
        pick: 'NEWEST',
        instanceTypes: ['large', 'small'],
      });
    for (const fingerprint of ['b', account.key, 'a']) await addMatcher(fingerprint, 'made');
    await edit('rematchMultiCloudImage', {});
    const content = await contentOf(account, 'MultiCloudImage', head);
    expect(content.settings).toHaveLength(3);
    const one = await commit(account, 'MultiCloudImage', head);

    const made = head.settings.find(({ madeBy }: Data) => madeBy === 'MATCHER');
    const [, kept] = head.matchers;
    await edit('setMultiCloudImageSetting', { ...changed.setting, imageId: another.id });
    await edit('removeMultiCloudImageSetting', { cloudId: removed.cloud.id });
    await edit('setMultiCloudImageSetting', added.setting);
    // By hand from now on, and another: both come back.
    await edit('setMultiCloudImageSetting', {
      cloudId: made.cloud.id,
      imageId: made.image.id,
      instanceTypeId: made.instanceType.id,
    });
    for (const matcher of [head.matchers[0], head.matchers[2]])
      await edit('removeMultiCloudImageMatcher', { matcherId: matcher.id });
    await addMatcher('c', 'another');
    await addMatcher('a', 'another');
    expect(head.settings.map(({ madeBy }: Data) => madeBy)).toEqual(['HAND', 'HAND', 'HAND']);

    const restored = await restore(account, 'MultiCloudImage', head, one);
    expect(restored.version).toBe(head.version + 1);
    expect(await contentOf(account, 'MultiCloudImage', head)).toEqual(content);
    const { matchers } = await read(account, 'multiCloudImage', head.id);
    expect(matchers[1].id).toBe(kept.id);
  });

  test('to a MultiCloud Image: two matchers that look for the same, in their order', async () => {
    let head = await create(account, 'MultiCloudImage', place);
    const addMatcher = async (userData: string): Promise<void> => {
      head = await done(account, 'addMultiCloudImageMatcher', {
        multiCloudImageId: head.id,
        expectedVersion: head.version,
        fingerprint: 'same',
        userData,
        pick: 'NEWEST',
        instanceTypes: ['large'],
      });
    };
    await addMatcher('first');
    await addMatcher('second');
    const content = await contentOf(account, 'MultiCloudImage', head);
    const one = await commit(account, 'MultiCloudImage', head);
    head = await done(account, 'removeMultiCloudImageMatcher', {
      multiCloudImageId: head.id,
      expectedVersion: head.version,
      matcherId: head.matchers[0].id,
    });
    await addMatcher('third');
    await restore(account, 'MultiCloudImage', head, one);
    expect(await contentOf(account, 'MultiCloudImage', head)).toEqual(content);
  });

  test('to a ServerTemplate: pins, the default, and the scripts of each phase in their order', async () => {
    const mci = (name: string) => create(account, 'MultiCloudImage', place, name);
    const script = (name: string) => create(account, 'RightScript', place, name);
    const [repinned, removed, added] = [await mci('repinned'), await mci('removed'), await mci('added')];
    const [first, second, third, fourth] = [
      await script('1'),
      await script('2'),
      await script('3'),
      await script('4'),
    ];
    const repinnedOne = await commit(account, 'MultiCloudImage', repinned);
    const secondOne = await commit(account, 'RightScript', second);
    let head = await done(account, 'createServerTemplate', {
      name: 'web',
      multiCloudImageIds: [removed.id, repinnedOne.id],
    });
    const edit = async (name: string, input: object): Promise<void> => {
      head = await done(account, name, {
        serverTemplateId: head.id,
        expectedVersion: head.version,
        ...input,
      });
    };
    for (const attached of [first, secondOne, third])
      await edit('attachScript', { rightScriptId: attached.id, phase: 'BOOT' });
    await edit('attachScript', { rightScriptId: first.id, phase: 'DECOMMISSION' });
    const content = await contentOf(account, 'ServerTemplate', head);
    const one = await commit(account, 'ServerTemplate', head);

    await edit('addServerTemplateMultiCloudImage', { multiCloudImageId: added.id, makeDefault: true });
    await edit('removeServerTemplateMultiCloudImage', { multiCloudImageId: removed.id });
    await edit('repinServerTemplateMultiCloudImage', { fromId: repinnedOne.id, toId: repinned.id });
    await edit('moveScript', { rightScriptId: third.id, phase: 'BOOT', position: 0 });
    await edit('detachScript', { rightScriptId: first.id, phase: 'BOOT' });
    await edit('repinScript', { fromId: secondOne.id, toId: second.id, phase: 'BOOT' });
    await edit('detachScript', { rightScriptId: first.id, phase: 'DECOMMISSION' });
    await edit('attachScript', { rightScriptId: fourth.id, phase: 'OPERATIONAL' });

    const restored = await restore(account, 'ServerTemplate', head, one);
    expect(restored.version).toBe(head.version + 1);
    const { multiCloudImages, ...others } = content;
    const after = await contentOf(account, 'ServerTemplate', head);
    expect(after).toMatchObject(others);
    // The order in which they were added is no content.
    expect(after.multiCloudImages).toHaveLength(2);
    expect(after.multiCloudImages).toEqual(expect.arrayContaining(multiCloudImages));
  });

  test('to a RightScript: the source', async () => {
    const head = await done(account, 'createRightScript', { name: 'say', source: 'a\r\nb' });
    const one = await commit(account, 'RightScript', head);
    const edited = await done(account, 'updateRightScript', {
      id: head.id,
      expectedVersion: head.version,
      source: 'another',
    });
    await restore(account, 'RightScript', edited, one);
    expect((await read(account, 'rightScript', head.id)).source).toBe('a\r\nb');
    expect((await readVersion(account, 'RightScript', head.id)).version).toBe(3);
  });
});
