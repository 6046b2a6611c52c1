import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done } from '../kit/components';
import { insertSnapshot } from '../kit/revisions';
import { storedRows } from '../kit/stored-rows';
import {
  KINDS,
  commit,
  fieldOf,
  readVersion,
  restore,
  tryTo,
  versionControlSource,
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

const inputFor = (kind: Kind, head: Data, more: object = {}): object => ({
  id: head.id,
  expectedVersion: head.version,
  message: 'A commit',
  ...(kind === 'ServerTemplate' && { commitHeadDependencies: false }),
  ...more,
});

/** A commit that must be refused for one reason, and change no row of anything. */
async function refusedCommit(kind: Kind, head: Data, more: object = {}, who = account): Promise<Data> {
  const before = await storedRows(api.dataSource);
  const { component, userErrors } = await tryTo(who, 'commit', kind, inputFor(kind, head, more));
  expect(userErrors).toHaveLength(1);
  expect(component).toBeNull();
  expect(await storedRows(api.dataSource)).toEqual(before);
  return userErrors[0];
}

const actionsOf = async (): Promise<string[]> => (await auditOf(account)).map(({ action }) => action);

describe.each(KINDS)('R-6.2: a commit of a %s', (kind) => {
  test('is revision 1, with message, author and time; HEAD stays as it is', async () => {
    const head = await create(account, kind, place);
    const edited = await describeAs(account, kind, head, 'about it');
    const content = await contentOf(account, kind, edited);
    const one = await commit(account, kind, edited, 'The first\nof many');
    expect(one).toEqual({
      id: expect.any(String),
      lineageId: head.lineageId,
      name: 'one',
      description: 'about it',
      tags: [],
      revision: 1,
      version: 2,
      isHead: false,
      isSnapshot: false,
      editable: false,
      commitMessage: 'The first\nof many',
      committedAt: expect.any(String),
      committedBy: { name: `User of ${account.name}` },
      clonedFrom: null,
    });
    expect(one.id).not.toBe(head.id);
    expect(await readVersion(account, kind, head.id)).toMatchObject({
      revision: 0,
      version: 2,
      isHead: true,
      editable: true,
      commitMessage: null,
      committedAt: null,
      committedBy: null,
    });
    expect(await contentOf(account, kind, head)).toEqual(content);
    expect(await contentOf(account, kind, one)).toEqual(content);
  });

  test('R-2.4: one audit entry, and one entry in the history', async () => {
    const head = await create(account, kind, place);
    const before = await auditOf(account);
    const one = await commit(account, kind, head, 'first');
    expect((await auditOf(account)).slice(before.length)).toEqual([
      { action: `${fieldOf(kind)}.commit`, changes: { revision: 1, message: 'first' } },
    ]);
    expect(await historyOf(account, head)).toEqual([
      { event: 'CREATED', message: null, component: { id: head.id }, parents: [] },
      { event: 'COMMITTED', message: 'first', component: { id: one.id }, parents: [] },
    ]);
  });

  test('what is committed stays when HEAD moves on; the next number is the greatest and one', async () => {
    const head = await create(account, kind, place);
    const one = await commit(account, kind, head);
    const ofOne = await contentOf(account, kind, one);
    const edited = await describeAs(account, kind, head, 'moved on');
    const two = await commit(account, kind, edited, 'second');
    expect(two).toMatchObject({ revision: 2, version: 2, description: 'moved on' });
    const restored = await restore(account, kind, edited, one);
    const three = await commit(account, kind, await describeAs(account, kind, restored, 'again'), 'third');
    expect(three.revision).toBe(3);
    expect(await contentOf(account, kind, one)).toEqual(ofOne);
    expect((await revisionsOf(account, kind, head)).map(({ commitMessage }) => commitMessage)).toEqual([
      'A commit',
      'second',
      'third',
    ]);
  });

  test('R-6.2: nothing changed: NOTHING_TO_COMMIT', async () => {
    const head = await create(account, kind, place);
    await commit(account, kind, head);
    expect(await refusedCommit(kind, head)).toMatchObject({
      code: 'NOTHING_TO_COMMIT',
      message: expect.stringMatching(/^Nothing changed since revision 1 of the .*: use that revision\.$/),
      path: ['input', 'id'],
    });
  });

  test('R-6.9: an edit and its reverse are nothing to commit; the version rose twice', async () => {
    const head = await create(account, kind, place);
    await commit(account, kind, head);
    const there = await describeAs(account, kind, head, 'there');
    const back = await describeAs(account, kind, there, null);
    expect(back.version).toBe(3);
    expect(await refusedCommit(kind, back)).toMatchObject({ code: 'NOTHING_TO_COMMIT' });
  });

  test('only the newest revision counts: what equals an older one is committed', async () => {
    const head = await create(account, kind, place);
    await commit(account, kind, head);
    const there = await describeAs(account, kind, head, 'there');
    await commit(account, kind, there);
    const back = await describeAs(account, kind, there, null);
    expect(await commit(account, kind, back)).toMatchObject({ revision: 3, description: null });
  });

  test('R-6.9: tags in another order are no change, in another spelling they are', async () => {
    const head = await create(account, kind, place);
    const tags = (name: string, expectedVersion: number, ...given: string[]) =>
      done(account, name, { id: head.id, expectedVersion, tags: given });
    await tags('addTags', 1, 'a:b=1', 'Blue');
    await commit(account, kind, { ...head, version: 2 });
    await tags('removeTags', 2, 'a:b=1');
    await tags('addTags', 3, 'a:b=1');
    const reordered = await readVersion(account, kind, head.id);
    expect(reordered).toMatchObject({ tags: ['Blue', 'a:b=1'], version: 4 });
    expect(await refusedCommit(kind, reordered)).toMatchObject({ code: 'NOTHING_TO_COMMIT' });
    await tags('removeTags', 4, 'Blue');
    await tags('addTags', 5, 'blue');
    const two = await commit(account, kind, { ...head, version: 6 });
    expect(two).toMatchObject({ revision: 2, tags: ['a:b=1', 'blue'] });
  });

  test('R-6.9: another version than the expected one is STALE, with the current one', async () => {
    const head = await create(account, kind, place);
    await describeAs(account, kind, head, 'meanwhile');
    for (const expectedVersion of [1, 3])
      expect(await refusedCommit(kind, { ...head, version: expectedVersion })).toMatchObject({
        __typename: 'StaleVersionError',
        code: 'STALE',
        path: ['input', 'expectedVersion'],
        currentVersion: 2,
      });
  });

  test('R-6.1: a revision, a snapshot and a deleted HEAD are NOT_EDITABLE', async () => {
    const head = await create(account, kind, place);
    const one = await commit(account, kind, head);
    const snapshot = { id: await insertSnapshot(api.dataSource, kind, head.id), version: 1 };
    for (const version of [one, snapshot])
      expect(await refusedCommit(kind, version)).toMatchObject({
        code: 'NOT_EDITABLE',
        path: ['input', 'id'],
      });
    const edited = await describeAs(account, kind, head, 'changed');
    await done(account, `delete${kind}`, { id: head.id });
    expect(await refusedCommit(kind, edited)).toMatchObject({
      code: 'NOT_EDITABLE',
      message: expect.stringContaining('clone it to bring it back'),
    });
  });

  test('R-2.2: what another account has is NOT_FOUND, as what does not exist', async () => {
    const head = await create(account, kind, place);
    const other = await api.account();
    const foreign = await refusedCommit(kind, head, {}, other);
    expect(foreign).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'id'] });
    const absent = { ...head, id: `${head.id.slice(0, 4)}00000000-0000-4000-8000-000000000000` };
    expect(await refusedCommit(kind, absent)).toEqual(foreign);
  });

  test.each([
    ['an empty', '', '`message` is empty: say what the commit is about.'],
    ['a blank', ' \n ', '`message` is empty: say what the commit is about.'],
    ['too long a', 'x'.repeat(10_001), '`message` has 10001 characters; at most 10000 are allowed.'],
  ])('R-6.2: %s message is refused', async (_what, message, refusal) => {
    const head = await create(account, kind, place);
    expect(await refusedCommit(kind, head, { message })).toMatchObject({
      code: 'INVALID',
      message: refusal,
      path: ['input', 'message'],
    });
  });

  test('R-6.2: a machine is no author', async () => {
    const head = await create(account, kind, place);
    const token = await account.tokenWith('DESIGNER');
    const answer = await api.request(token, versionControlSource('commit', kind), {
      input: inputFor(kind, head),
    });
    const payload = answer.data[`commit${kind}`];
    expect(payload.userErrors).toEqual([]);
    expect(payload[fieldOf(kind)]).toMatchObject({ revision: 1, committedBy: null });
    expect(await readVersion(account, kind, payload[fieldOf(kind)].id)).toMatchObject({ committedBy: null });
  });
});

describe('a commit of a MultiCloud Image', () => {
  const matcherInput = (mci: Data, fingerprint: string) => ({
    multiCloudImageId: mci.id,
    expectedVersion: mci.version,
    fingerprint,
    pick: 'NEWEST',
    instanceTypes: ['large'],
    userData: 'made',
  });

  test('R-4.4: needs a setting; a matcher is none', async () => {
    const mci = await done(account, 'createMultiCloudImage', { name: 'empty' });
    const refusal = {
      code: 'INVALID',
      message: expect.stringMatching(/needs at least one setting .*`setMultiCloudImageSetting`/),
      path: ['input', 'id'],
    };
    expect(await refusedCommit('MultiCloudImage', mci)).toMatchObject(refusal);
    const matched = await done(account, 'addMultiCloudImageMatcher', matcherInput(mci, 'none'));
    expect(await refusedCommit('MultiCloudImage', matched)).toMatchObject(refusal);
  });

  test('R-6.9: holds settings, whoever made them, and matchers; by whom is no content', async () => {
    const cloud = await catalog.cloud({ accountId: account.key });
    await catalog.image(cloud, { fingerprint: account.key });
    const type = await catalog.instanceType(cloud, { name: 'large' });
    const kernel = await catalog.image(place.cloud, { imageType: 'KERNEL' });
    const ramdisk = await catalog.image(place.cloud, { imageType: 'RAMDISK' });
    const created = await done(account, 'createMultiCloudImage', {
      name: 'full',
      tags: ['x:y=z'],
      settings: [
        { ...place.setting, kernelImageId: kernel.id, ramdiskImageId: ramdisk.id, userData: 'mine' },
      ],
    });
    const matching = await done(account, 'addMultiCloudImageMatcher', matcherInput(created, account.key));
    const head = await done(account, 'rematchMultiCloudImage', {
      multiCloudImageId: matching.id,
      expectedVersion: matching.version,
    });
    const content = await contentOf(account, 'MultiCloudImage', head);
    expect(content).toMatchObject({
      settings: expect.arrayContaining([
        expect.objectContaining({ madeBy: 'HAND', userData: 'mine', kernelImage: { id: kernel.id } }),
        expect.objectContaining({ madeBy: 'MATCHER', userData: 'made', instanceType: { id: type.id } }),
      ]),
      matchers: [{ fingerprint: account.key, pick: 'NEWEST', instanceTypes: ['large'], userData: 'made' }],
    });
    const one = await commit(account, 'MultiCloudImage', head);
    expect(await contentOf(account, 'MultiCloudImage', one)).toEqual(content);

    const made = head.settings.find(({ madeBy }: Data) => madeBy === 'MATCHER');
    const adopted = await done(account, 'setMultiCloudImageSetting', {
      multiCloudImageId: head.id,
      expectedVersion: head.version,
      cloudId: made.cloud.id,
      imageId: made.image.id,
      instanceTypeId: made.instanceType.id,
      userData: 'made',
    });
    expect(adopted.version).toBe(head.version);
    expect(adopted.settings.map(({ madeBy }: Data) => madeBy)).toEqual(['HAND', 'HAND']);
    expect(await refusedCommit('MultiCloudImage', adopted)).toMatchObject({ code: 'NOTHING_TO_COMMIT' });
    // Nor does it reach the revision.
    expect(await contentOf(account, 'MultiCloudImage', one)).toEqual(content);
  });
});

describe('a commit of a ServerTemplate', () => {
  test('R-5.3: needs a MultiCloud Image', async () => {
    const template = await done(account, 'createServerTemplate', { name: 'empty' });
    for (const commitHeadDependencies of [false, true])
      expect(await refusedCommit('ServerTemplate', template, { commitHeadDependencies })).toMatchObject({
        code: 'INVALID',
        message: expect.stringMatching(
          /needs at least one MultiCloud Image .*`addServerTemplateMultiCloudImage`/,
        ),
        path: ['input', 'id'],
      });
  });

  test('without its HEAD dependencies it pins HEADs, and is advised against', async () => {
    const template = await create(account, 'ServerTemplate', place);
    const [{ multiCloudImage: mci }] = template.multiCloudImages;
    const payload = await tryTo(account, 'commit', 'ServerTemplate', inputFor('ServerTemplate', template));
    expect(payload).toMatchObject({ userErrors: [], dependencies: [] });
    const one = payload.component;
    expect((await contentOf(account, 'ServerTemplate', one)).multiCloudImages).toEqual([
      { isDefault: true, multiCloudImage: { id: mci.id } },
    ]);
    const data = await account.query(
      'query($id: ID!) { serverTemplate(id: $id) { advisories { code severity } } }',
      { id: one.id },
    );
    expect(data.serverTemplate.advisories).toContainEqual({ code: 'HEAD_DEPENDENCY', severity: 'WARNING' });
    expect(await revisionsOf(account, 'MultiCloudImage', mci)).toEqual([]);
    // What HEAD of the MCI holds is no content of the template.
    await describeAs(account, 'MultiCloudImage', { ...mci, version: 1 }, 'changed');
    expect(await refusedCommit('ServerTemplate', template)).toMatchObject({ code: 'NOTHING_TO_COMMIT' });
  });
});

/** A template with everything that commitHeadDependencies meets. */
interface Loaded {
  readonly template: Data;
  /** HEADs, never committed. */
  readonly freshMci: Data;
  readonly freshScript: Data;
  /** HEADs that equal their revision 1. */
  readonly sameMci: Data;
  readonly sameMciOne: Data;
  readonly sameScript: Data;
  readonly sameScriptOne: Data;
  /** Pinned at revision 1; its HEAD moved on. */
  readonly pinnedMci: Data;
  readonly pinnedMciOne: Data;
}

async function loadedTemplate(): Promise<Loaded> {
  const mci = (name: string) => create(account, 'MultiCloudImage', place, name);
  const script = (name: string) => create(account, 'RightScript', place, name);
  const [freshMci, sameMci, pinnedMci] = [await mci('fresh'), await mci('same'), await mci('pinned')];
  const [freshScript, sameScript] = [await script('fresh script'), await script('same script')];
  const sameMciOne = await commit(account, 'MultiCloudImage', sameMci, 'before');
  const sameScriptOne = await commit(account, 'RightScript', sameScript, 'before');
  const pinnedMciOne = await commit(account, 'MultiCloudImage', pinnedMci, 'before');
  await describeAs(account, 'MultiCloudImage', pinnedMci, 'moved on');
  let template = await done(account, 'createServerTemplate', {
    name: 'web',
    multiCloudImageIds: [sameMci.id, freshMci.id, pinnedMciOne.id],
  });
  for (const [phase, attached] of [
    ['BOOT', freshScript],
    ['BOOT', sameScript],
    ['DECOMMISSION', freshScript],
  ])
    template = await done(account, 'attachScript', {
      serverTemplateId: template.id,
      expectedVersion: template.version,
      rightScriptId: attached.id,
      phase,
    });
  return {
    template,
    freshMci,
    freshScript,
    sameMci,
    sameMciOne,
    sameScript,
    sameScriptOne,
    pinnedMci,
    pinnedMciOne,
  };
}

const commitAll = (template: Data, message = 'all of it'): Promise<Data> =>
  tryTo(account, 'commit', 'ServerTemplate', {
    id: template.id,
    expectedVersion: template.version,
    message,
    commitHeadDependencies: true,
  });

describe('R-6.3: a commit with the HEADs that it pins', () => {
  test('commits those that changed, reuses the others, and pins all of them in the revision and in HEAD', async () => {
    const { template, freshMci, freshScript, sameMci, sameMciOne, sameScriptOne, pinnedMciOne } =
      await loadedTemplate();
    const { component: one, dependencies, userErrors } = await commitAll(template);
    expect(userErrors).toEqual([]);
    const byName = new Map<string, Data>(dependencies.map((made: Data) => [made.name, made]));
    expect(dependencies).toHaveLength(4);
    expect(byName.get('same')).toMatchObject({ id: sameMciOne.id, revision: 1 });
    expect(byName.get('same script')).toMatchObject({ id: sameScriptOne.id, revision: 1 });
    const [newMci, newScript] = [byName.get('fresh'), byName.get('fresh script')];
    expect(newMci).toMatchObject({ __typename: 'MultiCloudImage', revision: 1 });
    expect(newScript).toMatchObject({ __typename: 'RightScript', revision: 1 });

    const pins = {
      multiCloudImages: [
        { isDefault: true, multiCloudImage: { id: sameMciOne.id } },
        { isDefault: false, multiCloudImage: { id: newMci.id } },
        { isDefault: false, multiCloudImage: { id: pinnedMciOne.id } },
      ],
      defaultMultiCloudImage: { id: sameMciOne.id },
      scripts: [
        { phase: 'BOOT', position: 0, rightScript: { id: newScript.id } },
        { phase: 'BOOT', position: 1, rightScript: { id: sameScriptOne.id } },
        { phase: 'DECOMMISSION', position: 0, rightScript: { id: newScript.id } },
      ],
    };
    expect(await contentOf(account, 'ServerTemplate', one)).toMatchObject(pins);
    expect(await contentOf(account, 'ServerTemplate', template)).toMatchObject(pins);
    expect(await revisionsOf(account, 'MultiCloudImage', freshMci)).toMatchObject([
      { id: newMci.id, revision: 1, commitMessage: 'all of it' },
    ]);
    expect(await contentOf(account, 'RightScript', newScript)).toEqual(
      await contentOf(account, 'RightScript', freshScript),
    );
    expect(await revisionsOf(account, 'MultiCloudImage', sameMci)).toHaveLength(1);
    const data = await account.query('query($id: ID!) { serverTemplate(id: $id) { advisories { code } } }', {
      id: one.id,
    });
    expect(data.serverTemplate.advisories).not.toContainEqual({ code: 'HEAD_DEPENDENCY' });
  });

  test('R-6.9: pinning others changes HEAD, so its version rises by one; those of the dependencies stay', async () => {
    const { template, freshMci, freshScript } = await loadedTemplate();
    const { component: one } = await commitAll(template);
    const head = await readVersion(account, 'ServerTemplate', template.id);
    expect(head.version).toBe(template.version + 1);
    expect(one).toMatchObject({ revision: 1, version: head.version });
    expect((await readVersion(account, 'MultiCloudImage', freshMci.id)).version).toBe(freshMci.version);
    expect((await readVersion(account, 'RightScript', freshScript.id)).version).toBe(freshScript.version);
  });

  test('committing again is NOTHING_TO_COMMIT, with the dependencies or without', async () => {
    const { template } = await loadedTemplate();
    await commitAll(template);
    const head = await readVersion(account, 'ServerTemplate', template.id);
    for (const commitHeadDependencies of [true, false])
      expect(await refusedCommit('ServerTemplate', head, { commitHeadDependencies })).toMatchObject({
        code: 'NOTHING_TO_COMMIT',
      });
  });

  test('R-2.4: one audit entry with all that was done; one entry in the history of each component', async () => {
    const { template, freshMci, freshScript, sameMci, sameMciOne, sameScript, sameScriptOne, pinnedMci } =
      await loadedTemplate();
    const before = await auditOf(account);
    const { component: one, dependencies } = await commitAll(template);
    const idOf = (name: string) => dependencies.find((made: Data) => made.name === name).id;
    const entries = (await auditOf(account)).slice(before.length);
    expect(entries).toEqual([
      {
        action: 'serverTemplate.commit',
        changes: {
          revision: 1,
          message: 'all of it',
          dependencies: expect.arrayContaining([
            { headId: freshMci.id, revisionId: idOf('fresh'), revision: 1 },
            { headId: freshScript.id, revisionId: idOf('fresh script'), revision: 1 },
            { headId: sameMci.id, revisionId: sameMciOne.id, revision: 1 },
            { headId: sameScript.id, revisionId: sameScriptOne.id, revision: 1 },
          ]),
        },
      },
    ]);
    const last = async (component: Data) => (await historyOf(account, component)).at(-1);
    const committed = (id: string) => ({
      event: 'COMMITTED',
      message: 'all of it',
      component: { id },
      parents: [],
    });
    expect(await last(template)).toEqual(committed(one.id));
    expect(await last(freshMci)).toEqual(committed(idOf('fresh')));
    expect(await last(freshScript)).toEqual(committed(idOf('fresh script')));
    for (const untouched of [sameMci, sameScript, pinnedMci])
      expect(await last(untouched)).toMatchObject({ event: 'COMMITTED', message: 'before' });
  });

  test('the next number of a dependency is its greatest and one; its newest revision is reused', async () => {
    const mci = await create(account, 'MultiCloudImage', place);
    const one = await commit(account, 'MultiCloudImage', mci);
    const edited = await describeAs(account, 'MultiCloudImage', mci, 'second');
    const first = await done(account, 'createServerTemplate', {
      name: 'first',
      multiCloudImageIds: [mci.id],
    });
    const second = await done(account, 'createServerTemplate', {
      name: 'second',
      multiCloudImageIds: [mci.id],
    });
    const { dependencies: made } = await commitAll(first);
    expect(made).toMatchObject([{ revision: 2 }]);
    expect((await commitAll(second)).dependencies).toEqual(made);
    expect((await revisionsOf(account, 'MultiCloudImage', edited)).map(({ id }) => id)).toEqual([
      one.id,
      made[0].id,
    ]);
  });

  test('a HEAD that may not be committed refuses it all, naming it and the cure: HEAD_DEPENDENCY', async () => {
    const { template, freshMci } = await loadedTemplate();
    const empty = await done(account, 'createMultiCloudImage', { name: 'nothing in it' });
    const more = await done(account, 'addServerTemplateMultiCloudImage', {
      serverTemplateId: template.id,
      expectedVersion: template.version,
      multiCloudImageId: empty.id,
    });
    const error = await refusedCommit('ServerTemplate', more, { commitHeadDependencies: true });
    expect(error).toMatchObject({ code: 'HEAD_DEPENDENCY', path: ['input', 'commitHeadDependencies'] });
    expect(error.message).toMatch(
      /MultiCloud Image "nothing in it" .*needs at least one setting .*pin a committed/,
    );
    expect(await revisionsOf(account, 'MultiCloudImage', freshMci)).toEqual([]);
    expect(await actionsOf()).not.toContain('serverTemplate.commit');
    // The cure.
    await done(account, 'setMultiCloudImageSetting', {
      multiCloudImageId: empty.id,
      expectedVersion: 1,
      ...place.setting,
    });
    expect(await commitAll(more)).toMatchObject({ userErrors: [], component: { revision: 1 } });
  });

  test('a template that pins no HEAD is committed as it is', async () => {
    const mci = await create(account, 'MultiCloudImage', place);
    const one = await commit(account, 'MultiCloudImage', mci);
    const template = await done(account, 'createServerTemplate', {
      name: 'web',
      multiCloudImageIds: [one.id],
    });
    const payload = await commitAll(template);
    expect(payload).toMatchObject({
      userErrors: [],
      dependencies: [],
      component: { revision: 1, version: template.version },
    });
    expect((await readVersion(account, 'ServerTemplate', template.id)).version).toBe(template.version);
  });

  test('a dependency that went back to an older revision is a new one', async () => {
    const mci = await create(account, 'MultiCloudImage', place);
    const one = await commit(account, 'MultiCloudImage', mci);
    const edited = await describeAs(account, 'MultiCloudImage', mci, 'second');
    await commit(account, 'MultiCloudImage', edited);
    await restore(account, 'MultiCloudImage', edited, one);
    const template = await done(account, 'createServerTemplate', {
      name: 'web',
      multiCloudImageIds: [mci.id],
    });
    expect((await commitAll(template)).dependencies).toMatchObject([{ revision: 3 }]);
  });
});

describe('R-6.1: what was committed and changed behind the rules', () => {
  const TAMPER: Record<Kind, string> = {
    MultiCloudImage:
      "UPDATE multi_cloud_image_settings SET user_data = 'other' WHERE multi_cloud_image_id = $1",
    ServerTemplate:
      'UPDATE server_template_multi_cloud_images SET multi_cloud_image_id = (SELECT head.id FROM multi_cloud_images AS head WHERE head.lineage_id = mci_lineage_id AND revision = 0) WHERE server_template_id = $1',
    RightScript: "UPDATE right_scripts SET source = 'rm -rf /' WHERE id = $1",
  };

  const tamper = (kind: Kind, { id }: { id: string }): Promise<void> =>
    api.dataSource.transaction(async (manager) => {
      await manager.query('SET LOCAL session_replication_role = replica');
      await manager.query(TAMPER[kind], [id.slice(4)]);
    });

  /** A HEAD that moved on from its revision. */
  async function moved(kind: Kind): Promise<{ head: Data; one: Data }> {
    const head = await create(account, kind, place);
    const payload = await tryTo(
      account,
      'commit',
      kind,
      inputFor(kind, head, kind === 'ServerTemplate' ? { commitHeadDependencies: true } : {}),
    );
    const { version } = await readVersion(account, kind, head.id);
    return { head: await describeAs(account, kind, { ...head, version }, 'later'), one: payload.component };
  }

  test.each(KINDS)('the triggers refuse it: %s', async (kind) => {
    const { one } = await moved(kind);
    await expect(api.dataSource.query(TAMPER[kind], [one.id.slice(4)])).rejects.toThrow(
      /sealed|committed|never change/,
    );
  });

  test.each(KINDS)(
    'behind the triggers, the hash does: no restore, clone, merge or diff of a %s',
    async (kind) => {
      const { head, one } = await moved(kind);
      await tamper(kind, one);
      const before = await storedRows(api.dataSource);
      const attempts = [
        [
          versionControlSource('restore', kind),
          { input: { headId: head.id, expectedVersion: head.version, revisionId: one.id } },
        ],
        [versionControlSource('clone', kind), { input: { id: one.id } }],
        [
          versionControlSource('merge', kind),
          { input: { intoId: head.id, expectedVersion: head.version, fromId: one.id } },
        ],
        [
          'query($from: ID!, $to: ID!) { diff(fromId: $from, toId: $to) { identical } }',
          { from: one.id, to: head.id },
        ],
      ] as const;
      for (const [source, variables] of attempts) {
        const answer = await api.request(account.token, source, variables);
        expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL_SERVER_ERROR']);
      }
      expect(await storedRows(api.dataSource)).toEqual(before);
    },
  );
});
