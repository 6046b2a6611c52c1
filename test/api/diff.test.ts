import { randomUUID } from 'node:crypto';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type KnownImage, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { diff, DIFF, diffOfLineage, refusalOf } from '../kit/differences';
import { clone, commit, type Kind } from '../kit/version-control';

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

const MIRRORED: Record<string, string> = { ADDED: 'REMOVED', REMOVED: 'ADDED' };

/** Compares both ways, checks that one mirrors the other, and gives the one from `from` to `to`. */
async function bothWays(from: Data, to: Data): Promise<Data> {
  const forth = await diff(account, from, to);
  const back = await diff(account, to, from);
  expect(back.changes).toEqual(
    forth.changes.map(({ kind, before, after, ...change }: Data) => ({
      ...change,
      kind: MIRRORED[kind] ?? kind,
      before: after,
      after: before,
    })),
  );
  expect(forth).toMatchObject({ from: { id: from.id }, to: { id: to.id }, identical: false });
  return forth;
}

const edit = (name: string, head: Data, field: string, input: object): Promise<Data> =>
  done(account, name, { [field]: head.id, expectedVersion: head.version, ...input });
const update = (kind: Kind, head: Data, input: object) => edit(`update${kind}`, head, 'id', input);
const editMci = (name: string, head: Data, input: object) => edit(name, head, 'multiCloudImageId', input);
const editTemplate = (name: string, head: Data, input: object) => edit(name, head, 'serverTemplateId', input);

const script = (name: string, source = 'true'): Promise<Data> =>
  done(account, 'createRightScript', { name, source });

/** A cloud with two machine images and two types of known names. */
async function region(name: string): Promise<Place & { readonly newer: KnownImage; readonly larger: Data }> {
  const place = await catalog.place({
    cloud: { name: `AWS ${name}` },
    image: { name: 'coreos-42', resourceUid: `ami-${name}-42` },
    type: { name: 'm5.large' },
  });
  const newer = await catalog.image(place.cloud, { name: 'coreos-43', resourceUid: `ami-${name}-43` });
  const larger = await catalog.instanceType(place.cloud, { name: 'm5.xlarge' });
  return { ...place, newer, larger };
}

describe('R-6.6 differences of MultiCloud Images', () => {
  test('settings by cloud, matchers, tags, name and description', async () => {
    const [east, west, north] = [await region('us-east-1'), await region('us-west-2'), await region('north')];
    const kernel = await catalog.image(east.cloud, {
      name: 'vmlinuz',
      resourceUid: 'aki-1',
      imageType: 'KERNEL',
    });
    let head = await done(account, 'createMultiCloudImage', {
      name: 'Base',
      description: 'one\ntwo',
      tags: ['team:Owner=web', 'gone'],
      settings: [{ ...east.setting, userData: 'a\nb' }, west.setting],
    });
    head = await editMci('addMultiCloudImageMatcher', head, {
      namePattern: 'fedora-*',
      cpuArchitecture: 'x86_64',
      cloudType: 'amazon',
      pick: 'NEWEST',
      instanceTypes: ['m5.large', 't3.medium'],
    });
    const first = await commit(account, 'MultiCloudImage', head);
    head = await editMci('setMultiCloudImageSetting', head, {
      ...east.setting,
      imageId: east.newer.id,
      instanceTypeId: east.larger['id'],
      kernelImageId: kernel.id,
      userData: 'a\nc',
    });
    head = await editMci('removeMultiCloudImageSetting', head, { cloudId: west.cloud.id });
    head = await editMci('setMultiCloudImageSetting', head, { ...north.setting, userData: '#!/bin/sh' });
    head = await editMci('addMultiCloudImageMatcher', head, {
      fingerprint: 'abc',
      operatingSystem: 'Fedora',
      pick: 'UNIQUE',
      instanceTypes: ['large'],
      userData: 'x',
    });
    head = await editMci('removeMultiCloudImageMatcher', head, { matcherId: head.matchers[0].id });
    head = await update('MultiCloudImage', head, { name: 'Base 2', description: 'one\nthree' });
    await done(account, 'removeTags', { id: head.id, expectedVersion: head.version, tags: ['gone'] });
    await done(account, 'addTags', { id: head.id, expectedVersion: head.version + 1, tags: ['new'] });

    const found = await bothWays(first, head);
    const image = ({ id, resourceUid, name }: KnownImage) => ({ id, resourceUid, name });
    const type = ({ id, name }: Data) => ({ id, name });
    const nothing = { kernelImage: null, ramdiskImage: null, userData: null };
    const settings = [
      {
        path: ['settings', east.cloud.id],
        kind: 'MODIFIED',
        label: 'Setting for "AWS us-east-1"',
        before: { ...nothing, image: image(east.image), instanceType: type(east.type), userData: 'a\nb' },
        after: {
          ...nothing,
          image: image(east.newer),
          instanceType: type(east.larger),
          kernelImage: image(kernel),
          userData: 'a\nc',
        },
      },
      {
        path: ['settings', west.cloud.id],
        kind: 'REMOVED',
        label: 'Setting for "AWS us-west-2"',
        before: { ...nothing, image: image(west.image), instanceType: type(west.type) },
        after: null,
      },
      {
        path: ['settings', north.cloud.id],
        kind: 'ADDED',
        label: 'Setting for "AWS north"',
        before: null,
        after: {
          ...nothing,
          image: image(north.image),
          instanceType: type(north.type),
          userData: '#!/bin/sh',
        },
      },
    ].sort((left, right) => ((left.path[1] ?? '') < (right.path[1] ?? '') ? -1 : 1));
    const [fedora, fingerprint] = [
      JSON.stringify(['amazon', null, 'fedora-*', null, 'x86_64']),
      JSON.stringify([null, 'abc', null, 'Fedora', null]),
    ];
    const matchers = [
      {
        path: ['matchers', fedora],
        kind: 'REMOVED',
        label: 'Matcher for fedora-* on x86_64 in amazon',
        before: {
          value: { pick: 'NEWEST', instanceTypes: ['m5.large', 't3.medium'], userData: null },
          position: 0,
        },
        after: null,
      },
      {
        path: ['matchers', fingerprint],
        kind: 'ADDED',
        label: 'Matcher for the fingerprint abc with Fedora',
        before: null,
        after: { value: { pick: 'UNIQUE', instanceTypes: ['large'], userData: 'x' }, position: 0 },
      },
    ].sort((left, right) => ((left.path[1] ?? '') < (right.path[1] ?? '') ? -1 : 1));
    expect(found.changes).toEqual([
      { path: ['name'], kind: 'MODIFIED', before: 'Base', after: 'Base 2', label: 'Name' },
      {
        path: ['description'],
        kind: 'MODIFIED',
        before: 'one\ntwo',
        after: 'one\nthree',
        label: 'Description',
      },
      { path: ['tags', 'gone'], kind: 'REMOVED', before: 'gone', after: null, label: 'Tag "gone"' },
      { path: ['tags', 'new'], kind: 'ADDED', before: null, after: 'new', label: 'Tag "new"' },
      ...settings,
      ...matchers,
    ]);
    const TEXTS: Record<string, string> = {
      'Setting for "AWS us-east-1"': [
        '-image coreos-42 (ami-us-east-1-42)',
        '-instance type m5.large',
        '+image coreos-43 (ami-us-east-1-43)',
        '+instance type m5.xlarge',
        '+kernel vmlinuz (aki-1)',
        ' user data:',
        '   a',
        '-  b',
        '+  c',
      ].join('\n'),
      'Setting for "AWS us-west-2"': '-image coreos-42 (ami-us-west-2-42)\n-instance type m5.large',
      'Setting for "AWS north"':
        '+image coreos-42 (ami-north-42)\n+instance type m5.large\n+user data:\n+  #!/bin/sh',
      'Matcher for fedora-* on x86_64 in amazon':
        '-pick NEWEST\n-instance types m5.large, t3.medium\n-position 0',
      'Matcher for the fingerprint abc with Fedora':
        '+pick UNIQUE\n+instance types large\n+user data:\n+  x\n+position 0',
    };
    expect(found.text).toBe(
      [
        '--- Base [rev 1]',
        '+++ Base 2 [HEAD]',
        '@@ Name @@\n-Base\n+Base 2',
        '@@ Description @@\n@@ -1,2 +1,2 @@\n one\n-two\n+three',
        '@@ Tag "gone" @@\n-gone',
        '@@ Tag "new" @@\n+new',
        ...[...settings, ...matchers].map(({ label }) => `@@ ${label} @@\n${TEXTS[label]}`),
      ].join('\n'),
    );
  });

  test('user data that both have is told by its size; a description that only one has, by its lines', async () => {
    const place = await region('one');
    const head = await done(account, 'createMultiCloudImage', {
      name: 'M',
      settings: [{ ...place.setting, userData: 'grüße\n' }],
    });
    const first = await commit(account, 'MultiCloudImage', head);
    const changed = await editMci('setMultiCloudImageSetting', head, {
      ...place.setting,
      imageId: place.newer.id,
      userData: 'grüße\n',
    });
    const described = await update('MultiCloudImage', changed, { description: 'some\nlines' });
    expect((await diff(account, first, described)).text).toBe(
      `--- M [rev 1]
+++ M [HEAD]
@@ Description @@
+some
+lines
@@ Setting for "AWS one" @@
-image coreos-42 (ami-one-42)
+image coreos-43 (ami-one-43)
 instance type m5.large
 user data: 8 bytes`,
    );
  });

  test('the spelling of a tag is a change; the label is that of its key', async () => {
    const head = await done(account, 'createMultiCloudImage', {
      name: 'M',
      tags: ['Web'],
      settings: [(await region('tagged')).setting],
    });
    const first = await commit(account, 'MultiCloudImage', head);
    await done(account, 'removeTags', { id: head.id, expectedVersion: 1, tags: ['Web'] });
    await done(account, 'addTags', { id: head.id, expectedVersion: 2, tags: ['WEB'] });
    expect((await bothWays(first, head)).changes).toEqual([
      { path: ['tags', 'web'], kind: 'MODIFIED', before: 'Web', after: 'WEB', label: 'Tag "web"' },
    ]);
  });

  test('two matchers for the same thing are numbered', async () => {
    const matcher = { namePattern: 'x*', pick: 'NEWEST', instanceTypes: ['t'] };
    let head = await done(account, 'createMultiCloudImage', {
      name: 'M',
      settings: [(await region('matched')).setting],
    });
    head = await editMci('addMultiCloudImageMatcher', head, matcher);
    const first = await commit(account, 'MultiCloudImage', head);
    head = await editMci('addMultiCloudImageMatcher', head, { ...matcher, pick: 'UNIQUE' });
    expect((await bothWays(first, head)).changes).toEqual([
      {
        path: ['matchers', JSON.stringify([null, null, 'x*', null, null, 2])],
        kind: 'ADDED',
        label: 'Matcher for x* (number 2)',
        before: null,
        after: { value: { pick: 'UNIQUE', instanceTypes: ['t'], userData: null }, position: 1 },
      },
    ]);
  });
});

describe('R-6.6 differences of ServerTemplates', () => {
  test('pins, the default, and scripts by phase: added, removed, modified and moved', async () => {
    const place = await region('template');
    const mci = async (name: string) =>
      done(account, 'createMultiCloudImage', { name, settings: [place.setting] });
    const [base, other, added] = [await mci('Base'), await mci('Other'), await mci('Added')];
    const base1 = await commit(account, 'MultiCloudImage', base);
    const [a, b, c, d] = [await script('a'), await script('b'), await script('c'), await script('d')];
    const a1 = await commit(account, 'RightScript', a);
    let head = await done(account, 'createServerTemplate', {
      name: 'Web',
      multiCloudImageIds: [base.id, other.id],
    });
    for (const { id } of [a, b, c])
      head = await editTemplate('attachScript', head, { rightScriptId: id, phase: 'BOOT' });
    const first = await commit(account, 'ServerTemplate', head);
    const mcis = (name: string, input: object) => editTemplate(name, head, input);
    head = await mcis('repinServerTemplateMultiCloudImage', { fromId: base.id, toId: base1.id });
    head = await mcis('addServerTemplateMultiCloudImage', { multiCloudImageId: added.id, makeDefault: true });
    head = await mcis('removeServerTemplateMultiCloudImage', { multiCloudImageId: other.id });
    const scripts = (name: string, input: object) => editTemplate(name, head, { phase: 'BOOT', ...input });
    head = await scripts('moveScript', { rightScriptId: a.id, position: 2 });
    head = await scripts('repinScript', { fromId: a.id, toId: a1.id });
    head = await scripts('detachScript', { rightScriptId: b.id });
    head = await scripts('attachScript', { rightScriptId: d.id, phase: 'DECOMMISSION' });

    const found = await bothWays(first, head);
    const pin = ({ lineageId, name }: Data, kind: string, before: unknown, after: unknown) => ({
      path: ['multiCloudImages', lineageId],
      kind,
      before,
      after,
      label: `MultiCloud Image "${name}"`,
    });
    const pins = [
      pin(base, 'MODIFIED', { revision: 0 }, { revision: 1 }),
      pin(other, 'REMOVED', { revision: 0 }, null),
      pin(added, 'ADDED', null, { revision: 0 }),
    ].sort((left, right) => (left.path[1] < right.path[1] ? -1 : 1));
    const inPhase = ({ lineageId, name }: Data, phase = 'BOOT') => ({
      path: ['scripts', phase, lineageId],
      label: `Script "${name}" in ${phase}`,
    });
    // Of two scripts that swapped places, the one with the greater lineage counts as moved.
    const moved = a.lineageId > c.lineageId ? a : c;
    const move = (script: Data, from: number, to: number) => ({
      ...inPhase(script),
      kind: 'MOVED',
      before: { position: from },
      after: { position: to },
    });
    const moveOfA = moved === a ? [move(a, 0, 1)] : [];
    const moveOfC = moved === c ? [move(c, 2, 0)] : [];
    const repinned = {
      ...inPhase(a),
      kind: 'MODIFIED',
      before: { value: { revision: 0 } },
      after: { value: { revision: 1 } },
    };
    // By the lesser of their two places, then by lineage.
    const swapped =
      a.lineageId < c.lineageId ? [repinned, ...moveOfA, ...moveOfC] : [...moveOfC, repinned, ...moveOfA];
    expect(found.changes).toEqual([
      ...pins,
      {
        path: ['defaultMultiCloudImage'],
        kind: 'MODIFIED',
        before: { lineageId: base.lineageId, name: 'Base' },
        after: { lineageId: added.lineageId, name: 'Added' },
        label: 'Default MultiCloud Image',
      },
      ...swapped,
      {
        ...inPhase(b),
        kind: 'REMOVED',
        before: { value: { revision: 0 }, position: 1 },
        after: null,
      },
      {
        ...inPhase(d, 'DECOMMISSION'),
        kind: 'ADDED',
        before: null,
        after: { value: { revision: 0 }, position: 0 },
      },
    ]);
    const TEXTS: Record<string, string> = {
      [`MODIFIED ${pin(base, '', 0, 0).label}`]: '-HEAD\n+rev 1',
      [`REMOVED ${pin(other, '', 0, 0).label}`]: '-HEAD',
      [`ADDED ${pin(added, '', 0, 0).label}`]: '+HEAD',
      'MODIFIED Default MultiCloud Image': '-Base\n+Added',
      'MODIFIED Script "a" in BOOT': '-HEAD\n+rev 1',
      'MOVED Script "a" in BOOT': '~ moved from 0 to 1',
      'MOVED Script "c" in BOOT': '~ moved from 2 to 0',
      'REMOVED Script "b" in BOOT': '-HEAD\n-position 1',
      'ADDED Script "d" in DECOMMISSION': '+HEAD\n+position 0',
    };
    expect(found.text).toBe(
      [
        '--- Web [rev 1]',
        '+++ Web [HEAD]',
        ...found.changes.map(({ kind, label }: Data) => `@@ ${label} @@\n${TEXTS[`${kind} ${label}`]}`),
      ].join('\n'),
    );
  });

  test('one script inserted at the top is one change', async () => {
    let head = await done(account, 'createServerTemplate', {
      name: 'T',
      multiCloudImageIds: [
        (
          await done(account, 'createMultiCloudImage', {
            name: 'M',
            settings: [(await region('top')).setting],
          })
        ).id,
      ],
    });
    for (const name of ['a', 'b', 'c'])
      head = await editTemplate('attachScript', head, {
        rightScriptId: (await script(name)).id,
        phase: 'OPERATIONAL',
      });
    const first = await commit(account, 'ServerTemplate', head);
    const top = await script('top');
    head = await editTemplate('attachScript', head, {
      rightScriptId: top.id,
      phase: 'OPERATIONAL',
      position: 0,
    });
    expect((await bothWays(first, head)).changes).toEqual([
      {
        path: ['scripts', 'OPERATIONAL', top.lineageId],
        kind: 'ADDED',
        before: null,
        after: { value: { revision: 0 }, position: 0 },
        label: 'Script "top" in OPERATIONAL',
      },
    ]);
  });
});

describe('R-6.6 differences of RightScripts', () => {
  test('the source by line', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
    let head = await script('install', lines.join('\n'));
    const first = await commit(account, 'RightScript', head);
    const changed = lines.with(1, 'second').toSpliced(17, 1);
    head = await update('RightScript', head, { source: changed.join('\n') });
    const second = await commit(account, 'RightScript', head);
    const found = await bothWays(first, second);
    expect(found.changes).toEqual([
      {
        path: ['source'],
        kind: 'MODIFIED',
        before: lines.join('\n'),
        after: changed.join('\n'),
        label: 'Source',
      },
    ]);
    expect(found.text).toBe(`--- install [rev 1]
+++ install [rev 2]
@@ Source @@
@@ -1,5 +1,5 @@
 line 1
-line 2
+second
 line 3
 line 4
 line 5
@@ -15,6 +15,5 @@
 line 15
 line 16
 line 17
-line 18
 line 19
 line 20`);
  });

  test('a name with line breaks stays on its line', async () => {
    const head = await script('two\nlines');
    const renamed = await clone(account, 'RightScript', head, { name: '+++ one\r\n  line' });
    expect((await diff(account, head, renamed)).text).toBe(`--- two lines [HEAD]
+++ +++ one line [HEAD]
@@ Name @@
-two
-lines
++++ one\r
+  line`);
  });
});

describe('R-6.6 what is compared', () => {
  test.each<Kind>(['MultiCloudImage', 'ServerTemplate', 'RightScript'])(
    'a %s with itself, and with a revision of the same content: nothing',
    async (kind) => {
      const mci = await done(account, 'createMultiCloudImage', {
        name: 'M',
        settings: [(await region(kind)).setting],
      });
      const head =
        kind === 'MultiCloudImage'
          ? mci
          : kind === 'RightScript'
            ? await script('s')
            : await done(account, 'createServerTemplate', { name: 'T', multiCloudImageIds: [mci.id] });
      const first = await commit(account, kind, head);
      for (const to of [head, first])
        expect(await diff(account, head, to)).toEqual({
          from: { id: head.id, name: head.name, revision: 0 },
          to: { id: to.id, name: head.name, revision: to.revision },
          identical: true,
          changes: [],
          text: '',
        });
    },
  );

  test('versions of two lineages', async () => {
    const [left, right] = [await script('left', 'same'), await script('right', 'same')];
    expect((await bothWays(left, right)).changes).toEqual([
      { path: ['name'], kind: 'MODIFIED', before: 'left', after: 'right', label: 'Name' },
    ]);
  });

  test('a lineage of any kind: the newest revision against the one before, whatever HEAD is', async () => {
    const mci = await done(account, 'createMultiCloudImage', {
      name: 'M',
      settings: [(await region('lineage')).setting],
    });
    const template = await done(account, 'createServerTemplate', { name: 'T', multiCloudImageIds: [mci.id] });
    const heads: [Kind, Data][] = [
      ['MultiCloudImage', mci],
      ['ServerTemplate', template],
      ['RightScript', await script('s')],
    ];
    for (const [kind, created] of heads) {
      let head = created;
      const revisions: Data[] = [];
      for (const name of ['one', 'two', 'three']) {
        head = await update(kind, head, { name });
        revisions.push(await commit(account, kind, head));
      }
      await update(kind, head, { name: 'HEAD' });
      expect(await diffOfLineage(account, head.lineageId)).toEqual(
        await diff(account, revisions[1], revisions[2]),
      );
    }
  });

  test('a lineage with one revision, or none, has nothing to compare: null', async () => {
    const head = await script('s');
    expect(await diffOfLineage(account, head.lineageId)).toBeNull();
    await commit(account, 'RightScript', head);
    expect(await diffOfLineage(account, head.lineageId)).toBeNull();
  });

  test('deleted versions can still be compared', async () => {
    let head = await script('s', 'one');
    const first = await commit(account, 'RightScript', head);
    head = await update('RightScript', head, { source: 'two' });
    await done(account, 'deleteRightScript', { id: head.id });
    expect((await diff(account, first, head)).changes).toMatchObject([{ path: ['source'] }]);
  });
});

const UNSHARE = `mutation($id: ID!, $accountIds: [ID!]) {
  shareCloudImage(input: { imageId: $id, removeAccountIds: $accountIds }) { userErrors { message } } }`;

describe('R-2.2 what the viewer does not see', () => {
  test('of an image that is shared no more only the uid is shown', async () => {
    const owner = await api.account();
    const place = await region('shared');
    const hidden = await catalog.image(place.cloud, {
      name: 'secret',
      resourceUid: 'ami-hidden',
      ownerAccountId: owner.key,
    });
    await catalog.share(hidden, account.key);
    const head = await done(account, 'createMultiCloudImage', { name: 'M', settings: [place.setting] });
    const first = await commit(account, 'MultiCloudImage', head);
    await editMci('setMultiCloudImageSetting', head, { ...place.setting, imageId: hidden.id });
    const shown = await diff(account, first, head);
    expect(shown.changes[0].after.image).toEqual({
      id: hidden.id,
      resourceUid: 'ami-hidden',
      name: 'secret',
    });
    const shared = await owner.query(UNSHARE, { id: hidden.id, accountIds: [account.id] });
    expect(shared.shareCloudImage.userErrors).toEqual([]);
    const found = await diff(account, first, head);
    expect(found.changes).toMatchObject([
      { before: { image: { id: place.image.id, name: 'coreos-42' } }, after: {} },
    ]);
    expect(found.changes[0].after.image).toEqual({ id: null, resourceUid: 'ami-hidden', name: null });
    expect(found.text).toBe(`--- M [rev 1]
+++ M [HEAD]
@@ Setting for "AWS shared" @@
-image coreos-42 (ami-shared-42)
+image ami-hidden
 instance type m5.large`);
    expect(JSON.stringify(found)).not.toContain('secret');
    expect(JSON.stringify(found)).not.toContain(hidden.key);
  });

  test('another account sees no version, whichever side it is', async () => {
    const head = await script('s', 'one');
    const first = await commit(account, 'RightScript', head);
    await commit(account, 'RightScript', await update('RightScript', head, { source: 'two' }));
    const stranger = await api.account();
    const theirs = await done(stranger, 'createRightScript', { name: 'x', source: 'x' });
    expect(await diff(stranger, first, head)).toBeNull();
    expect(await diff(stranger, theirs, head)).toBeNull();
    expect(await diff(stranger, head, theirs)).toBeNull();
    expect(await diffOfLineage(stranger, head.lineageId)).toBeNull();
    expect(await diffOfLineage(stranger, randomUUID())).toBeNull();
    expect(await diffOfLineage(account, head.lineageId)).not.toBeNull();
  });
});

describe('arguments', () => {
  const script1 = `scr_${randomUUID()}`;
  const mci1 = `mci_${randomUUID()}`;
  const lineageId = randomUUID();
  const BOTH_NEEDED = 'give `fromId` and `toId`, two versions to compare, or `lineageId` alone.';

  test.each([
    [{}, 'fromId', `\`fromId\` is missing: ${BOTH_NEEDED}`],
    [{ fromId: script1 }, 'toId', `\`toId\` is missing: ${BOTH_NEEDED}`],
    [{ toId: script1 }, 'fromId', `\`fromId\` is missing: ${BOTH_NEEDED}`],
    [
      { fromId: script1, lineageId },
      'lineageId',
      'Give `lineageId` alone, or leave it out to compare `fromId` with `toId`.',
    ],
    [
      { fromId: script1, toId: mci1 },
      'toId',
      '`toId` is the id of a MultiCloud Image, but `fromId` that of a RightScript: pass two versions of one kind.',
    ],
    [
      { fromId: 'nonsense', toId: mci1 },
      'fromId',
      '"nonsense" is not an id of this graph: pass the id of a MultiCloud Image, ServerTemplate, RightScript.',
    ],
    [
      { fromId: mci1, toId: `cld_${lineageId}` },
      'toId',
      `"cld_${lineageId}" is the id of a Cloud: pass the id of a MultiCloud Image, ServerTemplate, RightScript.`,
    ],
    [
      { lineageId: mci1 },
      'lineageId',
      `"${mci1}" is not the id of a lineage: pass a \`lineageId\` that a query returned.`,
    ],
  ])('%j: refused at %s', async (variables, field, message) => {
    expect(refusalOf(await api.request(account.token, DIFF, variables))).toEqual({
      message,
      reason: 'INVALID',
      argumentPath: [field],
    });
  });
});
