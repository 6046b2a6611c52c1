import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done, read } from '../kit/components';
import { storedRows } from '../kit/stored-rows';
import { KINDS, clone, commit, fieldOf, merge, readVersion, tryTo, type Kind } from '../kit/version-control';
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

/** A clone that must be refused for one reason, and change no row of anything. */
async function refusedClone(kind: Kind, input: object, who = account): Promise<Data> {
  const before = await storedRows(api.dataSource);
  const { component, userErrors } = await tryTo(who, 'clone', kind, input);
  expect(userErrors).toHaveLength(1);
  expect(component).toBeNull();
  expect(await storedRows(api.dataSource)).toEqual(before);
  return userErrors[0];
}

const makeDefault = (template: Data, mci: Data): Promise<Data> =>
  done(account, 'setDefaultMultiCloudImage', {
    serverTemplateId: template.id,
    expectedVersion: template.version,
    multiCloudImageId: mci.id,
  });

const remove = (kind: Kind, { id }: { id: string }): Promise<Data> => done(account, `delete${kind}`, { id });

describe.each(KINDS)('R-6.4: a clone of a %s', (kind) => {
  test('of a revision is HEAD of a new lineage, with its content and no revisions', async () => {
    const head = await create(account, kind, place, 'base v8');
    const described = await describeAs(account, kind, head, 'about it');
    const one = await commit(account, kind, described);
    const content = await contentOf(account, kind, one);
    await describeAs(account, kind, described, 'moved on');
    const copy = await clone(account, kind, one);
    expect(copy).toEqual({
      id: expect.any(String),
      lineageId: expect.any(String),
      name: 'base v9',
      description: 'about it',
      tags: [],
      revision: 0,
      version: 1,
      isHead: true,
      isSnapshot: false,
      editable: true,
      commitMessage: null,
      committedAt: null,
      committedBy: null,
      clonedFrom: { id: one.id },
    });
    expect(copy.lineageId).not.toBe(head.lineageId);
    expect(await contentOf(account, kind, copy)).toEqual({ ...content, name: 'base v9' });
    expect(await revisionsOf(account, kind, copy)).toEqual([]);
    expect(await historyOf(account, copy)).toEqual([
      { event: 'CLONED', message: null, component: { id: copy.id }, parents: [{ id: one.id }] },
    ]);
  });

  test('R-2.4: one audit entry', async () => {
    const head = await create(account, kind, place);
    const one = await commit(account, kind, head);
    const before = await auditOf(account);
    await clone(account, kind, one);
    expect((await auditOf(account)).slice(before.length)).toEqual([
      {
        action: `${fieldOf(kind)}.clone`,
        changes: { clonedFromId: one.id, takenFromId: one.id, name: 'one v2' },
      },
    ]);
  });

  test('R-5.5, R-6.8: the snapshot of a deleted HEAD is as deleted as the HEAD', async () => {
    const head = await create(account, kind, place);
    await done(account, `delete${kind}`, { id: head.id });
    const copy = await clone(account, kind, head);
    expect((await read(account, fieldOf(kind), copy.id)).deletedAt).toBeNull();
    const [kept] = (await auditOf(account)).slice(-1).map(({ changes }) => changes.takenFromId);
    expect(kept).not.toBe(head.id);
    const snapshot = await read(account, fieldOf(kind), kept);
    expect(snapshot.deletedAt).toBe((await read(account, fieldOf(kind), head.id)).deletedAt);
  });

  test('is another component: neither sees what becomes of the other', async () => {
    const head = await create(account, kind, place);
    const copy = await clone(account, kind, head);
    const ofHead = await contentOf(account, kind, head);
    const edited = await describeAs(account, kind, copy, 'mine');
    await commit(account, kind, edited);
    expect(await contentOf(account, kind, head)).toEqual(ofHead);
    expect(await revisionsOf(account, kind, head)).toEqual([]);
    expect((await readVersion(account, kind, head.id)).version).toBe(1);
    await describeAs(account, kind, head, 'yours');
    expect(await readVersion(account, kind, copy.id)).toMatchObject({ description: 'mine', version: 2 });
  });

  test('takes the first name that is free', async () => {
    const head = await create(account, kind, place, 'base v8');
    await clone(account, kind, head, { name: 'base v10' });
    const names = [];
    for (let count = 0; count < 3; count += 1) names.push((await clone(account, kind, head)).name);
    expect(names).toEqual(['base v9', 'base v11', 'base v12']);
  });

  test('a name is taken by live HEADs of this kind in this account only', async () => {
    const head = await create(account, kind, place);
    await create(await api.account(), kind, place, 'one v2');
    for (const each of KINDS.filter((other) => other !== kind))
      await done(account, `create${each}`, {
        name: 'one v2',
        ...(each === 'RightScript' && { source: 'true' }),
      });
    await remove(kind, await clone(account, kind, head, { name: 'one v2' }));
    const renamed = await clone(account, kind, head, { name: 'one v3' });
    await commit(account, kind, renamed);
    await done(account, `update${kind}`, { id: renamed.id, expectedVersion: 1, name: 'another' });
    expect((await clone(account, kind, head)).name).toBe('one v2');
    expect((await clone(account, kind, head)).name).toBe('one v3');
  });

  test('counts on over more names than one look finds', async () => {
    const head = await create(account, kind, place);
    await api.dataSource.query(
      `INSERT INTO right_scripts (id, account_id, lineage_id, revision, name, source, created_at, updated_at)
       SELECT gen_random_uuid(), $1, gen_random_uuid(), 0, 'one v' || number, 'true', now(), now()
       FROM generate_series(2, 250) AS number`,
      [account.key],
    );
    expect((await clone(account, kind, head)).name).toBe(kind === 'RightScript' ? 'one v251' : 'one v2');
  });

  test('takes a given name, even a taken one, and a given description', async () => {
    const head = await describeAs(account, kind, await create(account, kind, place), 'about it');
    expect(await clone(account, kind, head, { name: 'one' })).toMatchObject({
      name: 'one',
      description: 'about it',
    });
    expect(await clone(account, kind, head, { description: 'another' })).toMatchObject({
      name: 'one v2',
      description: 'another',
    });
    expect(await clone(account, kind, head, { description: null })).toMatchObject({
      name: 'one v3',
      description: null,
    });
    const { component } = await tryTo(account, 'clone', kind, { id: head.id, name: null });
    expect(component.name).toBe('one v4');
  });

  test.each([
    [{ name: ' ' }, 'name', '`name` is empty: give a name.'],
    [{ name: 'x'.repeat(256) }, 'name', '`name` has 256 characters; at most 255 are allowed.'],
    [
      { description: 'x'.repeat(65_537) },
      'description',
      '`description` has 65537 characters; at most 65536 are allowed.',
    ],
  ])('refuses a name or description that can not be (%#)', async (fields, field, message) => {
    const head = await create(account, kind, place);
    expect(await refusedClone(kind, { id: head.id, ...fields })).toMatchObject({
      code: 'INVALID',
      message,
      path: ['input', field],
    });
  });

  test('a name as long as can be is cut for its number, without half a character', async () => {
    const head = await create(account, kind, place, `x${'😀'.repeat(127)}`);
    const copy = await clone(account, kind, head);
    expect(copy.name).toBe(`x${'😀'.repeat(125)} v2`);
    const one = await commit(account, kind, copy);
    // The hash that was kept is that of the name that was stored.
    expect((await clone(account, kind, one)).name).toBe(`x${'😀'.repeat(125)} v3`);
  });

  test('R-2.2: what another account has is NOT_FOUND, as what does not exist', async () => {
    const head = await create(account, kind, place);
    const one = await commit(account, kind, head);
    const other = await api.account();
    const foreign = await refusedClone(kind, { id: one.id }, other);
    expect(foreign).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'id'] });
    expect(await refusedClone(kind, { id: head.id }, other)).toEqual(foreign);
    const absent = `${head.id.slice(0, 4)}00000000-0000-4000-8000-000000000000`;
    expect(await refusedClone(kind, { id: absent })).toEqual(foreign);
  });

  test('an id of another kind is refused', async () => {
    const other = await create(account, kind === 'RightScript' ? 'MultiCloudImage' : 'RightScript', place);
    expect(await refusedClone(kind, { id: other.id })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'id'],
    });
  });

  test('clonedFrom stays for ever: in its revisions, and when the source is deleted', async () => {
    const head = await create(account, kind, place);
    const one = await commit(account, kind, head);
    const ofRevision = await clone(account, kind, one);
    const ofHead = await clone(account, kind, head);
    const committed = await commit(account, kind, ofRevision);
    await remove(kind, head);
    for (const [version, source] of [
      [ofRevision, one],
      [committed, one],
      [ofHead, head],
    ])
      expect((await readVersion(account, kind, version.id)).clonedFrom).toEqual({ id: source.id });
    expect((await clone(account, kind, committed)).clonedFrom).toEqual({ id: committed.id });
  });

  test('R-5.5: of what was deleted brings it back', async () => {
    const head = await create(account, kind, place);
    const one = await commit(account, kind, head);
    const content = await contentOf(account, kind, head);
    await remove(kind, head);
    for (const deleted of [head, one]) {
      const back = await clone(account, kind, deleted, { name: 'one' });
      expect(back).toMatchObject({ editable: true, clonedFrom: { id: deleted.id } });
      expect(await contentOf(account, kind, back)).toEqual(content);
      expect((await read(account, fieldOf(kind), back.id)).deletedAt).toBeNull();
    }
    // What was deleted stays deleted.
    expect((await read(account, fieldOf(kind), head.id)).deletedAt).not.toBeNull();
  });

  test('of a snapshot is possible, too', async () => {
    const head = await create(account, kind, place);
    // Real ones: the clone took it, and its own history names it.
    const first = await clone(account, kind, head);
    const [{ parents }] = await historyOf(account, first);
    const [snapshot] = parents;
    expect(snapshot.id).not.toBe(head.id);
    const second = await clone(account, kind, snapshot);
    expect(second).toMatchObject({ name: 'one v3', clonedFrom: { id: snapshot.id } });
    expect((await historyOf(account, second))[0]?.parents).toEqual([snapshot]);
  });
});

describe.each(KINDS)('R-6.8: a clone of a HEAD of a %s', (kind) => {
  const ORIGINS = `SELECT parent_ids FROM ${{ MultiCloudImage: 'multi_cloud_images', ServerTemplate: 'server_templates', RightScript: 'right_scripts' }[kind]} WHERE id = $1`;
  const parentsOf = async ({ id }: Data): Promise<string[]> =>
    (await api.dataSource.query(ORIGINS, [id.slice(4)]))[0].parent_ids;

  test('keeps a snapshot of what it took: merging later brings only the later edits', async () => {
    const head = await create(account, kind, place);
    const before = await describeAs(account, kind, head, 'line 1\nline 2\nline 3\n');
    const copy = await clone(account, kind, before);
    const ours = await describeAs(account, kind, copy, 'line 1 of mine\nline 2\nline 3\n');
    const theirs = await describeAs(account, kind, before, 'line 1\nline 2\nline 3 of theirs\n');
    const merged = await merge(account, kind, ours, theirs);
    expect(merged.description).toBe('line 1 of mine\nline 2\nline 3 of theirs\n');
  });

  test('the snapshot is no revision, and in no list', async () => {
    const head = await create(account, kind, place);
    await clone(account, kind, head);
    expect(await revisionsOf(account, kind, head)).toEqual([]);
    const plural = `${fieldOf(kind)}s`;
    const data = await account.query(
      `{ ${plural}(filter: { versions: ALL }) { totalCount edges { node { name isSnapshot } } } }`,
    );
    expect(data[plural].edges.map(({ node }: Data) => node)).toEqual([
      { name: 'one', isSnapshot: false },
      { name: 'one v2', isSnapshot: false },
    ]);
    expect(await commit(account, kind, head)).toMatchObject({ revision: 1, version: 1 });
  });

  test('that equals the revision or snapshot that it last became takes no new snapshot', async () => {
    const head = await create(account, kind, place);
    const [first, second] = [await clone(account, kind, head), await clone(account, kind, head)];
    expect(await parentsOf(first)).toHaveLength(1);
    expect(await parentsOf(second)).toEqual(await parentsOf(first));
    const one = await commit(account, kind, head);
    expect(await parentsOf(await clone(account, kind, head))).toEqual([one.id.slice(4)]);
    const edited = await describeAs(account, kind, head, 'more');
    const ofEdited = await parentsOf(await clone(account, kind, edited));
    expect(ofEdited).not.toContain(one.id.slice(4));
    expect(await parentsOf(head)).toEqual([one.id.slice(4), ...ofEdited]);
    expect((await readVersion(account, kind, head.id)).version).toBe(edited.version);
  });
});

describe('the content of a clone', () => {
  test('of a MultiCloud Image: settings, whoever made them, and matchers in their order', async () => {
    const cloud = await catalog.cloud({ accountId: account.key });
    await catalog.image(cloud, { fingerprint: account.key });
    await catalog.instanceType(cloud, { name: 'large' });
    const kernel = await catalog.image(place.cloud, { imageType: 'KERNEL' });
    const ramdisk = await catalog.image(place.cloud, { imageType: 'RAMDISK' });
    let head = await done(account, 'createMultiCloudImage', {
      name: 'full',
      tags: ['x:y=z', 'b', 'a'],
      settings: [
        { ...place.setting, kernelImageId: kernel.id, ramdiskImageId: ramdisk.id, userData: 'mine' },
      ],
    });
    for (const fingerprint of ['second', account.key, 'first'])
      head = await done(account, 'addMultiCloudImageMatcher', {
        multiCloudImageId: head.id,
        expectedVersion: head.version,
        fingerprint,
        cloudType: 'amazon',
        pick: 'UNIQUE',
        instanceTypes: ['large', 'small'],
        userData: 'made',
      });
    head = await done(account, 'rematchMultiCloudImage', {
      multiCloudImageId: head.id,
      expectedVersion: head.version,
    });
    const content = await contentOf(account, 'MultiCloudImage', head);
    expect(content.settings.map(({ madeBy }: Data) => madeBy).toSorted()).toEqual(['HAND', 'MATCHER']);
    expect(content.matchers.map(({ fingerprint }: Data) => fingerprint)).toEqual([
      'second',
      account.key,
      'first',
    ]);
    const one = await commit(account, 'MultiCloudImage', head);
    for (const source of [head, one]) {
      const copy = await clone(account, 'MultiCloudImage', source, { name: 'full' });
      expect(await contentOf(account, 'MultiCloudImage', copy)).toEqual(content);
      const { settings, matchers } = await read(account, 'multiCloudImage', copy.id);
      const ids = [...settings, ...matchers].map(({ id }: Data) => id);
      for (const { id } of [...head.settings, ...head.matchers]) expect(ids).not.toContain(id);
    }
  });

  test('of a ServerTemplate: pins as they are, the default, scripts in their order', async () => {
    const [mci, other] = [
      await create(account, 'MultiCloudImage', place, 'mci'),
      await create(account, 'MultiCloudImage', place, 'other'),
    ];
    const mciOne = await commit(account, 'MultiCloudImage', mci);
    const scripts = [
      await create(account, 'RightScript', place, 'c'),
      await create(account, 'RightScript', place, 'a'),
      await create(account, 'RightScript', place, 'b'),
    ];
    let template = await done(account, 'createServerTemplate', {
      name: 'web',
      multiCloudImageIds: [mciOne.id, other.id],
    });
    template = await makeDefault(template, other);
    for (const phase of ['BOOT', 'OPERATIONAL', 'DECOMMISSION'])
      for (const script of phase === 'BOOT' ? scripts : scripts.toReversed())
        template = await done(account, 'attachScript', {
          serverTemplateId: template.id,
          expectedVersion: template.version,
          rightScriptId: script.id,
          phase,
        });
    const content = await contentOf(account, 'ServerTemplate', template);
    expect(content.defaultMultiCloudImage).toEqual({ id: other.id });
    expect(content.multiCloudImages).toHaveLength(2);
    expect(content.scripts).toHaveLength(9);
    const one = await commit(account, 'ServerTemplate', template);
    for (const source of [template, one])
      expect(
        await contentOf(
          account,
          'ServerTemplate',
          await clone(account, 'ServerTemplate', source, { name: 'web' }),
        ),
      ).toEqual(content);
  });

  test('of a RightScript: the source, to the byte', async () => {
    const source = '#!/bin/sh -e\n\techo "grüße" \r\n\n';
    const head = await done(account, 'createRightScript', { name: 'say', source });
    const copy = await clone(account, 'RightScript', head);
    expect((await read(account, 'rightScript', copy.id)).source).toBe(source);
  });
});

describe('R-5.5: resurrecting a ServerTemplate', () => {
  /** A deleted template that pins deleted things at HEAD and at revisions, and one that lives. */
  async function deletedTemplate() {
    const [atHead, atRevision, living] = [
      await create(account, 'MultiCloudImage', place, 'at HEAD'),
      await create(account, 'MultiCloudImage', place, 'at revision'),
      await create(account, 'MultiCloudImage', place, 'living'),
    ];
    const [script, livingScript] = [
      await create(account, 'RightScript', place, 'script'),
      await create(account, 'RightScript', place, 'living script'),
    ];
    const revision = await commit(account, 'MultiCloudImage', atRevision);
    await describeAs(account, 'MultiCloudImage', atRevision, 'not pinned');
    let template = await done(account, 'createServerTemplate', {
      name: 'web',
      multiCloudImageIds: [living.id, atHead.id, revision.id],
    });
    template = await makeDefault(template, revision);
    for (const [phase, attached] of [
      ['BOOT', livingScript],
      ['BOOT', script],
      ['DECOMMISSION', script],
    ])
      template = await done(account, 'attachScript', {
        serverTemplateId: template.id,
        expectedVersion: template.version,
        rightScriptId: attached.id,
        phase,
      });
    await remove('ServerTemplate', template);
    for (const mci of [atHead, atRevision]) await remove('MultiCloudImage', mci);
    await remove('RightScript', script);
    return { template, atHead, revision, living, script, livingScript };
  }

  const cloneTemplate = (id: string): Promise<Data> => tryTo(account, 'clone', 'ServerTemplate', { id });

  test('brings deleted pins back as new private components, pinned at HEAD in the same places', async () => {
    const { template, atHead, revision, living, script, livingScript } = await deletedTemplate();
    const { component, resurrected, userErrors } = await cloneTemplate(template.id);
    expect(userErrors).toEqual([]);
    expect(component).toMatchObject({ name: 'web v2', version: 1, clonedFrom: { id: template.id } });
    const byName = new Map<string, Data>(resurrected.map((back: Data) => [back.name, back]));
    expect([...byName.keys()].toSorted()).toEqual(['at HEAD v2', 'at revision v2', 'script v2']);
    const [newHead, newRevision, newScript] = [
      byName.get('at HEAD v2'),
      byName.get('at revision v2'),
      byName.get('script v2'),
    ];
    expect(await contentOf(account, 'ServerTemplate', component)).toMatchObject({
      multiCloudImages: [
        { isDefault: true, multiCloudImage: { id: newRevision.id } },
        { isDefault: false, multiCloudImage: { id: living.id } },
        { isDefault: false, multiCloudImage: { id: newHead.id } },
      ],
      defaultMultiCloudImage: { id: newRevision.id },
      scripts: [
        { phase: 'BOOT', position: 0, rightScript: { id: livingScript.id } },
        { phase: 'BOOT', position: 1, rightScript: { id: newScript.id } },
        { phase: 'DECOMMISSION', position: 0, rightScript: { id: newScript.id } },
      ],
    });
    for (const [kind, back, source] of [
      ['MultiCloudImage', newHead, atHead],
      ['MultiCloudImage', newRevision, revision],
      ['RightScript', newScript, script],
    ] as const) {
      expect(await readVersion(account, kind, back.id)).toMatchObject({
        revision: 0,
        isHead: true,
        editable: true,
        clonedFrom: { id: source.id },
      });
      expect({ ...(await contentOf(account, kind, back)), name: source.name }).toEqual(
        await contentOf(account, kind, source),
      );
      expect(await historyOf(account, back)).toMatchObject([{ event: 'CLONED' }]);
    }
  });

  test('R-2.4: one audit entry names all that came back', async () => {
    const { template, atHead, revision, script } = await deletedTemplate();
    const before = await auditOf(account);
    const { component, resurrected } = await cloneTemplate(template.id);
    const idOf = (name: string) => resurrected.find((back: Data) => back.name === name).id;
    expect((await auditOf(account)).slice(before.length)).toEqual([
      {
        action: 'serverTemplate.clone',
        changes: {
          clonedFromId: template.id,
          takenFromId: expect.stringMatching(/^stp_/),
          name: component.name,
          resurrected: expect.arrayContaining([
            { fromId: atHead.id, headId: idOf('at HEAD v2') },
            { fromId: revision.id, headId: idOf('at revision v2') },
            { fromId: script.id, headId: idOf('script v2') },
          ]),
        },
      },
    ]);
  });

  test('what came back can be edited, and committed with the template', async () => {
    const { template } = await deletedTemplate();
    const { component, resurrected } = await cloneTemplate(template.id);
    const { dependencies, userErrors } = await tryTo(account, 'commit', 'ServerTemplate', {
      id: component.id,
      expectedVersion: component.version,
      message: 'back again',
      commitHeadDependencies: true,
    });
    expect(userErrors).toEqual([]);
    // Two that live were pinned at HEAD, too.
    expect(dependencies).toHaveLength(resurrected.length + 2);
    const again = await tryTo(account, 'commit', 'ServerTemplate', {
      id: component.id,
      expectedVersion: component.version + 1,
      message: 'nothing',
      commitHeadDependencies: true,
    });
    expect(again.userErrors).toMatchObject([{ code: 'NOTHING_TO_COMMIT' }]);
  });

  test('a live template brings nothing back', async () => {
    const template = await create(account, 'ServerTemplate', place);
    const { resurrected, component } = await cloneTemplate(template.id);
    expect(resurrected).toEqual([]);
    expect((await contentOf(account, 'ServerTemplate', component)).multiCloudImages).toEqual(
      template.multiCloudImages,
    );
  });

  test('two templates that shared a deleted MultiCloud Image each get one of their own', async () => {
    const shared = await create(account, 'MultiCloudImage', place, 'shared');
    const templates = [];
    for (const name of ['first', 'second'])
      templates.push(await done(account, 'createServerTemplate', { name, multiCloudImageIds: [shared.id] }));
    for (const template of templates) await remove('ServerTemplate', template);
    await remove('MultiCloudImage', shared);
    const backs = [];
    for (const template of templates) backs.push((await cloneTemplate(template.id)).resurrected);
    expect(backs).toMatchObject([[{ name: 'shared v2' }], [{ name: 'shared v3' }]]);
    for (const [back] of backs)
      expect((await readVersion(account, 'MultiCloudImage', back.id)).clonedFrom).toEqual({ id: shared.id });
  });

  test('a clone of a revision pins what that revision pinned', async () => {
    const mci = await create(account, 'MultiCloudImage', place, 'mci');
    const template = await done(account, 'createServerTemplate', {
      name: 'web',
      multiCloudImageIds: [mci.id],
    });
    const { component: one, dependencies } = await tryTo(account, 'commit', 'ServerTemplate', {
      id: template.id,
      expectedVersion: template.version,
      message: 'first',
      commitHeadDependencies: true,
    });
    await remove('ServerTemplate', template);
    await remove('MultiCloudImage', mci);
    const { component, resurrected } = await cloneTemplate(one.id);
    expect(resurrected).toMatchObject([{ name: 'mci v2', revision: 0 }]);
    expect((await readVersion(account, 'MultiCloudImage', resurrected[0].id)).clonedFrom).toEqual({
      id: dependencies[0].id,
    });
    expect((await contentOf(account, 'ServerTemplate', component)).multiCloudImages).toEqual([
      { isDefault: true, multiCloudImage: { id: resurrected[0].id } },
    ]);
  });

  test('a snapshot of a template brings back what was deleted since', async () => {
    const mci = await create(account, 'MultiCloudImage', place, 'mci');
    const template = await done(account, 'createServerTemplate', {
      name: 'web',
      multiCloudImageIds: [mci.id],
    });
    const copy = await clone(account, 'ServerTemplate', template);
    const [{ parents }] = await historyOf(account, copy);
    await remove('ServerTemplate', template);
    await remove('ServerTemplate', copy);
    await remove('MultiCloudImage', mci);
    const { resurrected, userErrors } = await cloneTemplate(parents[0].id);
    expect(userErrors).toEqual([]);
    expect(resurrected).toMatchObject([{ name: 'mci v2' }]);
  });
});
