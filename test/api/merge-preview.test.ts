import { toGlobalId } from '../../src/domain/global-id';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type KnownImage, type Place } from '../kit/catalog';
import { auditOf, done } from '../kit/components';
import { askForPreview, diff, mergePreview, refusalOf, type PreviewOptions } from '../kit/differences';
import { clone, commit, fieldOf, merge, readVersion, type Kind } from '../kit/version-control';

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

const edit = (name: string, head: Data, field: string, input: object): Promise<Data> =>
  done(account, name, { [field]: head.id, expectedVersion: head.version, ...input });
const update = (kind: Kind, head: Data, input: object) => edit(`update${kind}`, head, 'id', input);
const setting = (head: Data, input: object) =>
  edit('setMultiCloudImageSetting', head, 'multiCloudImageId', input);
const inTemplate = (name: string, head: Data, input: object) => edit(name, head, 'serverTemplateId', input);

const script = (name: string, source = 'true'): Promise<Data> =>
  done(account, 'createRightScript', { name, source });

async function placeWithNewer(name: string): Promise<Place & { readonly newer: KnownImage }> {
  const place = await catalog.place({ cloud: { name }, image: { name: 'old' }, type: { name: 'm5.large' } });
  return { ...place, newer: await catalog.image(place.cloud, { name: 'new' }) };
}

const mciOf = (name: string, ...settings: object[]): Promise<Data> =>
  done(account, 'createMultiCloudImage', { name, settings });

const CLEAN = { conflicts: [], violations: [], clean: true };
const NOTHING = { ...CLEAN, changes: [] };

/** Previews a merge that must be clean, does it, and checks that it changed HEAD as foretold. */
async function foretold(kind: Kind, into: Data, from: Data, options: PreviewOptions = {}): Promise<Data> {
  const audit = await auditOf(account);
  const preview = await mergePreview(account, into, from, options);
  expect(preview).toMatchObject(CLEAN);
  // Reading leaves no trace.
  expect([await readVersion(account, kind, into.id), await auditOf(account)]).toMatchObject([
    { version: into.version },
    audit,
  ]);
  const before = await clone(account, kind, into, { name: into.name });
  await merge(account, kind, into, from, options);
  expect(preview.changes).toEqual((await diff(account, before, into)).changes);
  // merging again finds nothing.
  expect(await mergePreview(account, into, from)).toMatchObject(NOTHING);
  return preview;
}

describe('R-6.7 the preview of a merge is what the merge then does', () => {
  test('of settings, into a clone that changed others', async () => {
    const [one, two, three] = [
      await placeWithNewer('one'),
      await placeWithNewer('two'),
      await placeWithNewer('3'),
    ];
    const source = await mciOf('source', one.setting, two.setting);
    const first = await commit(account, 'MultiCloudImage', source);
    const head = await clone(account, 'MultiCloudImage', first);
    const ours = await setting(head, { ...one.setting, imageId: one.newer.id });
    const theirs = await setting(source, { ...two.setting, imageId: two.newer.id });
    const more = await setting(theirs, three.setting);
    const described = await update('MultiCloudImage', more, { name: 'renamed', description: 'theirs' });
    const preview = await foretold('MultiCloudImage', ours, described);
    expect(preview.base).toEqual({ id: first.id, name: 'source', revision: 1 });
    // Across lineages the name stays.
    expect(preview.changes.map(({ kind, label }: Data) => `${kind} ${label}`).sort()).toEqual([
      'ADDED Setting for "3"',
      'MODIFIED Description',
      'MODIFIED Setting for "two"',
    ]);
  });

  test('of a script, by line, from a revision of the same lineage', async () => {
    const head = await script('s', 'a\nb\nc\nd\ne');
    const first = await commit(account, 'RightScript', head);
    const changed = await update('RightScript', head, { source: 'a\nb\nc\nd\nE' });
    const second = await commit(account, 'RightScript', changed);
    const other = await clone(account, 'RightScript', first);
    const ours = await update('RightScript', other, { source: 'A\nb\nc\nd\ne' });
    const preview = await foretold('RightScript', ours, second);
    expect(preview.changes).toEqual([
      {
        path: ['source'],
        kind: 'MODIFIED',
        before: 'A\nb\nc\nd\ne',
        after: 'A\nb\nc\nd\nE',
        label: 'Source',
      },
    ]);
  });

  test('of pins and scripts of a template', async () => {
    const place = await placeWithNewer('template');
    const [base, other] = [await mciOf('Base', place.setting), await mciOf('Other', place.setting)];
    const [a, b] = [await script('a'), await script('b')];
    const template = await done(account, 'createServerTemplate', {
      name: 'T',
      multiCloudImageIds: [base.id],
    });
    const source = await inTemplate('attachScript', template, { rightScriptId: a.id, phase: 'BOOT' });
    const head = await clone(account, 'ServerTemplate', await commit(account, 'ServerTemplate', source));
    const theirs = await inTemplate('addServerTemplateMultiCloudImage', source, {
      multiCloudImageId: other.id,
    });
    const ours = await inTemplate('attachScript', head, { rightScriptId: b.id, phase: 'BOOT', position: 0 });
    const preview = await foretold('ServerTemplate', ours, theirs);
    expect(preview.changes).toEqual([
      {
        path: ['multiCloudImages', other.lineageId],
        kind: 'ADDED',
        before: null,
        after: { revision: 0 },
        label: 'MultiCloud Image "Other"',
      },
    ]);
  });

  test('what HEAD comes from already: nothing', async () => {
    const head = await script('s');
    const first = await commit(account, 'RightScript', head);
    const changed = await update('RightScript', head, { source: 'more' });
    for (const from of [first, head])
      expect(await mergePreview(account, changed, from)).toMatchObject(NOTHING);
  });
});

/** Two clones of one script whose lines 2 and 4 both changed, and their sources. */
async function conflictingScripts(): Promise<{ base: Data; ours: Data; theirs: Data }> {
  const source = await script('s', '1\n2\n3\n4\n5');
  const base = await commit(account, 'RightScript', source);
  const head = await clone(account, 'RightScript', base);
  return {
    base,
    ours: await update('RightScript', head, { source: '1\nours\n3\n4 ours\n5' }),
    theirs: await update('RightScript', source, { source: '1\ntheirs\n3\n5' }),
  };
}

describe('R-6.7 conflicts', () => {
  test('lines of a text, and what resolutions make of them', async () => {
    const { base, ours, theirs } = await conflictingScripts();
    const conflicts = [
      {
        path: ['source', '2'],
        label: 'Source, from line 2',
        base: '2',
        ours: 'ours',
        theirs: 'theirs',
      },
      { path: ['source', '4'], label: 'Source, from line 4', base: '4', ours: '4 ours', theirs: null },
    ];
    expect(await mergePreview(account, ours, theirs)).toEqual({
      base: { id: base.id, name: 's', revision: 1 },
      changes: [],
      conflicts,
      violations: [],
      clean: false,
    });
    const theirLine = { path: ['source', '2'], take: 'THEIRS' };
    const half = await mergePreview(account, ours, theirs, { resolutions: [theirLine] });
    expect(half).toMatchObject({ conflicts: [conflicts[1]], clean: false });
    expect(half.changes).toMatchObject([{ path: ['source'], after: '1\ntheirs\n3\n4 ours\n5' }]);
    const preview = await foretold('RightScript', ours, theirs, {
      resolutions: [theirLine, { path: ['source', '4'], take: 'BASE' }],
    });
    expect(preview.changes).toMatchObject([{ path: ['source'], after: '1\ntheirs\n3\n4\n5' }]);
  });

  test('a setting, with the images by name; one that is hidden by its uid only', async () => {
    const place = await placeWithNewer('cloud');
    const owner = await api.account();
    const hidden = await catalog.image(place.cloud, {
      name: 'secret',
      resourceUid: 'ami-hidden',
      ownerAccountId: owner.key,
    });
    await catalog.share(hidden, account.key);
    const source = await mciOf('m', place.setting);
    const base = await commit(account, 'MultiCloudImage', source);
    const head = await clone(account, 'MultiCloudImage', base);
    const ours = await setting(head, { ...place.setting, userData: 'ours' });
    const theirs = await setting(source, { ...place.setting, imageId: hidden.id });
    await api.dataSource.query('DELETE FROM cloud_image_shares WHERE cloud_image_id = $1', [hidden.key]);
    const instanceType = { id: place.type.id, name: 'm5.large' };
    const nothing = { kernelImage: null, ramdiskImage: null, userData: null };
    const image = { id: place.image.id, resourceUid: place.image.resourceUid, name: 'old' };
    const conflict = {
      path: ['settings', place.cloud.id],
      label: 'Setting for "cloud"',
      base: { ...nothing, image, instanceType },
      ours: { ...nothing, image, instanceType, userData: 'ours' },
      theirs: {
        ...nothing,
        image: { id: null, resourceUid: 'ami-hidden', name: null },
        instanceType,
      },
    };
    const preview = await mergePreview(account, ours, theirs);
    expect(preview).toMatchObject({ conflicts: [conflict], violations: [], clean: false });
    expect(await refusedMerge('MultiCloudImage', ours, theirs)).toMatchObject({
      __typename: 'MergeConflictError',
      code: 'MERGE_CONFLICT',
      path: ['input', 'resolutions'],
      conflicts: [conflict],
    });
    // Taking it over needs an image that is visible.
    const resolutions = [{ path: conflict.path, take: 'THEIRS' }];
    const resolved = await mergePreview(account, ours, theirs, { resolutions });
    expect(resolved).toMatchObject({
      conflicts: [],
      violations: [{ code: 'IMAGE_UNAVAILABLE', severity: 'BLOCKING', subject: null }],
      clean: false,
    });
    expect(await refusedMerge('MultiCloudImage', ours, theirs, { resolutions })).toMatchObject({
      __typename: 'MergeViolationError',
      code: 'MERGE_VIOLATION',
      violations: resolved.violations,
    });
    expect(JSON.stringify([preview, resolved])).not.toContain('secret');
    expect(JSON.stringify([preview, resolved])).not.toContain(hidden.key);
  });

  test('orders of scripts and of matchers, the default, a deleted pin', async () => {
    const place = await placeWithNewer('orders');
    const [m, n, o] = [
      await mciOf('M', place.setting),
      await mciOf('N', place.setting),
      await mciOf('O', place.setting),
    ];
    const scripts = [await script('a'), await script('b'), await script('c')] as const;
    let source = await done(account, 'createServerTemplate', {
      name: 'T',
      multiCloudImageIds: [m.id, n.id, o.id],
    });
    for (const { id } of scripts)
      source = await inTemplate('attachScript', source, { rightScriptId: id, phase: 'BOOT' });
    const base = await commit(account, 'ServerTemplate', source);
    const cloned = await clone(account, 'ServerTemplate', base);
    const change = async (head: Data, position: number, defaultMci: Data) => {
      const moved = await inTemplate('moveScript', head, {
        phase: 'BOOT',
        rightScriptId: scripts[0].id,
        position,
      });
      return inTemplate('setDefaultMultiCloudImage', moved, { multiCloudImageId: defaultMci.id });
    };
    const ours = await change(cloned, 1, n);
    const theirs = await change(source, 2, o);
    const named = (...components: Data[]) => components.map(({ lineageId, name }) => ({ lineageId, name }));
    const [a, b, c] = scripts;
    const orderConflict = {
      path: ['scripts', 'BOOT', 'order'],
      label: 'Order of the scripts in BOOT',
      base: named(a, b, c),
      ours: named(b, a, c),
      theirs: named(b, c, a),
    };
    const [base1, ours1, theirs1] = named(m, n, o);
    const defaultConflict = {
      path: ['defaultMultiCloudImage'],
      label: 'Default MultiCloud Image',
      base: base1,
      ours: ours1,
      theirs: theirs1,
    };
    expect((await mergePreview(account, ours, theirs)).conflicts).toEqual([defaultConflict, orderConflict]);
    const resolutions = [
      { path: orderConflict.path, take: 'THEIRS' },
      { path: defaultConflict.path, take: 'OURS' },
    ];
    const preview = await foretold('ServerTemplate', ours, theirs, { resolutions });
    expect(preview.changes.map(({ kind, label }: Data) => `${kind} ${label}`)).toEqual([
      expect.stringMatching(/^MOVED Script "[ac]" in BOOT$/),
    ]);
  });

  test('the order of matchers is told by what they look for', async () => {
    const place = await placeWithNewer('matchers');
    const matcher = (namePattern: string) => ({ namePattern, pick: 'NEWEST', instanceTypes: ['t'] });
    const withMatchers = async (name: string, ...patterns: string[]) => {
      let head = await mciOf(name, place.setting);
      for (const pattern of patterns)
        head = await edit('addMultiCloudImageMatcher', head, 'multiCloudImageId', matcher(pattern));
      return head;
    };
    const ours = await withMatchers('m', 'x*', 'y*');
    const theirs = await withMatchers('m', 'y*', 'x*');
    const criteria = (namePattern: string) => ({
      cloudType: null,
      fingerprint: null,
      namePattern,
      operatingSystem: null,
      cpuArchitecture: null,
    });
    // Without a common ancestor every difference is a conflict, and nothing has a base.
    expect(await mergePreview(account, ours, theirs)).toEqual({
      base: null,
      changes: [],
      conflicts: [
        {
          path: ['matchers', 'order'],
          label: 'Order of the matchers',
          base: null,
          ours: [criteria('x*'), criteria('y*')],
          theirs: [criteria('y*'), criteria('x*')],
        },
      ],
      violations: [],
      clean: false,
    });
  });
});

describe('R-6.7 the base', () => {
  test('`baseId` overrides it, and makes a merge of strangers possible', async () => {
    const [left, right] = [await script('left', 'a\nb\nc\nd!'), await script('right', 'a!\nb\nc\nd')];
    const base = await commit(account, 'RightScript', await script('base', 'a\nb\nc\nd'));
    const without = await mergePreview(account, left, right);
    expect(without).toMatchObject({
      base: null,
      conflicts: [{ path: ['source'], base: null, ours: 'a\nb\nc\nd!', theirs: 'a!\nb\nc\nd' }],
    });
    const preview = await foretold('RightScript', left, right, { baseId: base.id });
    expect(preview.base).toEqual({ id: base.id, name: 'base', revision: 1 });
    expect(preview.changes).toMatchObject([{ after: 'a!\nb\nc\nd!' }]);
  });
});

describe('R-6.7 violations', () => {
  test('are shown beside conflicts, of the content with ours in their place', async () => {
    const place = await placeWithNewer('v');
    const [m, n] = [await mciOf('M', place.setting), await mciOf('N', place.setting)];
    const source = await done(account, 'createServerTemplate', {
      name: 'T',
      multiCloudImageIds: [m.id, n.id],
    });
    const base = await commit(account, 'ServerTemplate', source);
    const cloned = await clone(account, 'ServerTemplate', base);
    const defaulted = await inTemplate('setDefaultMultiCloudImage', cloned, { multiCloudImageId: n.id });
    const ours = await update('ServerTemplate', defaulted, { description: 'ours' });
    const removed = await inTemplate('removeServerTemplateMultiCloudImage', source, {
      multiCloudImageId: n.id,
    });
    const theirs = await update('ServerTemplate', removed, { description: 'theirs' });
    expect(await mergePreview(account, ours, theirs)).toMatchObject({
      conflicts: [{ path: ['description'], label: 'Description', ours: 'ours', theirs: 'theirs' }],
      violations: [{ code: 'NO_DEFAULT_MCI', severity: 'BLOCKING' }],
      clean: false,
    });
    const resolutions = [{ path: ['description'], take: 'OURS' }];
    const resolved = await mergePreview(account, ours, theirs, { resolutions });
    expect(resolved).toMatchObject({ conflicts: [], violations: [{ code: 'NO_DEFAULT_MCI' }], clean: false });
    expect(await refusedMerge('ServerTemplate', ours, theirs, { resolutions })).toMatchObject({
      code: 'MERGE_VIOLATION',
      violations: resolved.violations,
    });
  });
});

/** Tries a merge that must be refused, and gives the reason. */
async function refusedMerge(kind: Kind, into: Data, from: Data, options: object = {}): Promise<Data> {
  const source = `mutation($input: MergeComponentInput!) { merge${kind}(input: $input) { ${fieldOf(kind)} { id }
    userErrors { __typename message code path
      ... on MergeConflictError { conflicts { path label base ours theirs } }
      ... on MergeViolationError { violations { code severity message subject { id } } } } } }`;
  const input = { intoId: into.id, expectedVersion: into.version, fromId: from.id, ...options };
  const payload = (await account.query(source, { input }))[`merge${kind}`];
  expect(payload).toEqual({ [fieldOf(kind)]: null, userErrors: [expect.anything()] });
  return payload.userErrors[0];
}

describe('what is refused', () => {
  /** Why a preview is refused, and that the merge is refused for the same reason. */
  async function refusedAlike(kind: Kind, into: Data, from: Data, options: PreviewOptions = {}) {
    const variables = { intoId: into.id, fromId: from.id, ...options };
    const refusal = refusalOf(await askForPreview(api, account, variables));
    const { message, code, path } = await refusedMerge(kind, into, from, options);
    expect(refusal).toEqual({ message, reason: code, argumentPath: path.slice(1) });
    return refusal;
  }

  test('into a revision, a snapshot, or a deleted HEAD', async () => {
    const head = await script('s');
    const first = await commit(account, 'RightScript', head);
    expect(await refusedAlike('RightScript', first, head)).toMatchObject({
      reason: 'NOT_EDITABLE',
      argumentPath: ['intoId'],
    });
    const unsaved = await script('unsaved');
    await clone(account, 'RightScript', unsaved);
    const [snapshot] = await api.dataSource.query(
      'SELECT id, version FROM right_scripts WHERE snapshot AND lineage_id = $1',
      [unsaved.lineageId],
    );
    const kept = { id: toGlobalId('RightScript', snapshot.id), version: snapshot.version };
    expect(await refusedAlike('RightScript', kept, head)).toMatchObject({
      reason: 'NOT_EDITABLE',
      message: expect.stringMatching(/^This is the content of a HEAD/),
    });
    await done(account, 'deleteRightScript', { id: head.id });
    expect(await refusedAlike('RightScript', head, unsaved)).toMatchObject({
      reason: 'NOT_EDITABLE',
      message: 'The RightScript was deleted: clone it to bring it back, and edit the clone.',
    });
  });

  test('resolutions of what is no conflict, twice the same, or of a base that there is not', async () => {
    const { ours, theirs } = await conflictingScripts();
    const stale = { path: ['source', '3'], take: 'OURS' };
    expect(await refusedAlike('RightScript', ours, theirs, { resolutions: [stale] })).toMatchObject({
      reason: 'INVALID',
      argumentPath: ['resolutions', '0', 'path'],
    });
    // Also where there is nothing to merge.
    expect(await refusedAlike('RightScript', ours, ours, { resolutions: [stale] })).toMatchObject({
      argumentPath: ['resolutions', '0', 'path'],
    });
    const twice = { path: ['source', '2'], take: 'OURS' };
    expect(await refusedAlike('RightScript', ours, theirs, { resolutions: [twice, twice] })).toMatchObject({
      argumentPath: ['resolutions', '1', 'path'],
    });
    const stranger = await script('x');
    const baseless = [{ path: ['source'], take: 'BASE' }];
    expect(await refusedAlike('RightScript', ours, stranger, { resolutions: baseless })).toMatchObject({
      argumentPath: ['resolutions', '0', 'take'],
    });
  });

  test('R-6.8 a HEAD whose uncommitted work may not be committed', async () => {
    const place = await placeWithNewer('u');
    const from = await mciOf('m', place.setting);
    const into = await done(account, 'createMultiCloudImage', { name: 'm' });
    const violation = {
      code: 'UNCOMMITTABLE',
      severity: 'BLOCKING',
      message:
        'HEAD has uncommitted work, which the merge commits first so that it can be undone, but: ' +
        'A MultiCloud Image needs at least one setting to be committed (R-4.4): add one with `setMultiCloudImageSetting`, or restore a revision first.',
      subject: { id: into.id },
    };
    // There is no common ancestor. It is told beside the conflicts, and when they are resolved.
    const { conflicts, violations } = await mergePreview(account, into, from);
    const resolutions = conflicts.map(({ path }: Data) => ({ path, take: 'THEIRS' }));
    expect([resolutions.length, violations]).toEqual([1, [violation]]);
    const resolved = await mergePreview(account, into, from, { resolutions });
    expect(resolved).toMatchObject({ conflicts: [], violations: [violation], clean: false });
    expect(await refusedMerge('MultiCloudImage', into, from, { resolutions })).toMatchObject({
      message: violation.message,
      code: 'INVALID',
      path: ['input', 'intoId'],
    });
  });

  test('ids of two kinds', async () => {
    const ours = await script('s');
    const mci = await done(account, 'createMultiCloudImage', { name: 'm' });
    const other =
      'is the id of a MultiCloud Image, but `intoId` that of a RightScript: pass two versions of one kind.';
    for (const [field, variables] of [
      ['fromId', { intoId: ours.id, fromId: mci.id }],
      ['baseId', { intoId: ours.id, fromId: ours.id, baseId: mci.id }],
    ] as const)
      expect(refusalOf(await askForPreview(api, account, variables))).toEqual({
        message: `\`${field}\` ${other}`,
        reason: 'INVALID',
        argumentPath: [field],
      });
  });
});

test('R-2.2 null when anything named is not visible', async () => {
  const [ours, theirs] = [await script('a'), await script('b')];
  const stranger = await api.account();
  const foreign = await done(stranger, 'createRightScript', { name: 'x', source: 'x' });
  expect(await mergePreview(account, ours, theirs, { baseId: foreign.id })).toBeNull();
  expect(await mergePreview(account, ours, foreign)).toBeNull();
  expect(await mergePreview(account, foreign, ours)).toBeNull();
  expect(await mergePreview(account, ours, theirs)).not.toBeNull();
});
