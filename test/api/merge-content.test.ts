import { randomUUID } from 'node:crypto';
import { Cloud } from '../../src/entities/catalog/cloud';
import { CloudImage } from '../../src/entities/catalog/cloud-image';
import { InstanceType } from '../../src/entities/catalog/instance-type';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done, read } from '../kit/components';
import { mergePreview } from '../kit/differences';
import {
  allRows,
  clone,
  commit,
  conflictsOf,
  edit,
  fieldOf,
  lastMerge,
  merge,
  preview,
  readVersion,
  refusedMerge,
  tag,
  type Kind,
} from '../kit/version-control';

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

const of = (take: string, ...paths: string[]) => ({
  resolutions: paths.map((path) => ({ path: path.split('/'), take })),
});

const on = (kind: Kind) => ({
  read: ({ id }: Data) => read(account, fieldOf(kind), id),
  commit: (head: Data) => commit(account, kind, head),
  clone: (version: Data) => clone(account, kind, version, { name: 'copy' }),
  merge: (into: Data, from: Data, more?: object) => merge(account, kind, into, from, more),
  refuse: (into: Data, from: Data, more?: object) => refusedMerge(account, kind, into, from, more),
  /** What the merge changed in HEAD: paths and kinds. */
  changes: async (): Promise<string[]> =>
    (await lastMerge(account, kind)).changes.map(({ path, kind: how }: Data) => `${how} ${path.join('/')}`),
  /** A violation: said by the preview, and refused without a trace. */
  async violated(into: Data, from: Data, more: object = {}): Promise<Data[]> {
    const before = await allRows(api.dataSource);
    const error = await refusedMerge(account, kind, into, from, more);
    expect(error).toMatchObject({ __typename: 'MergeViolationError', code: 'MERGE_VIOLATION' });
    const previewed = await preview(account, into, from, more);
    expect(previewed).toMatchObject({ clean: false, conflicts: [] });
    expect(previewed.violations).toEqual(
      error.violations.map(({ code, message }: Data) => ({ code, message })),
    );
    expect(await allRows(api.dataSource)).toEqual(before);
    return error.violations;
  },
});

describe('MultiCloud Images', () => {
  const mci = on('MultiCloudImage');
  const create = (...places: Place[]): Promise<Data> =>
    done(account, 'createMultiCloudImage', {
      name: 'origin',
      settings: places.map(({ setting }) => setting),
    });
  const put = (head: Data, setting: object): Promise<Data> =>
    done(account, 'setMultiCloudImageSetting', {
      multiCloudImageId: head.id,
      expectedVersion: head.version,
      ...setting,
    });
  const drop = (head: Data, { cloud }: Place): Promise<Data> =>
    done(account, 'removeMultiCloudImageSetting', {
      multiCloudImageId: head.id,
      expectedVersion: head.version,
      cloudId: cloud.id,
    });
  /** Cloud, image, type, user data and maker of each setting. */
  const settingsOf = async (version: Data): Promise<unknown[]> =>
    (await mci.read(version)).settings
      .map(({ cloud, image, instanceType, userData, madeBy }: Data) => [
        cloud.id,
        image.id,
        instanceType.id,
        userData,
        madeBy,
      ])
      .sort();
  const setting = ({ cloud, image, type }: Place, madeBy = 'HAND') => [
    cloud.id,
    image.id,
    type.id,
    null,
    madeBy,
  ];

  /** A revision with these settings, its HEAD, and a clone of it. */
  async function fork(...places: Place[]) {
    const head = await create(...places);
    const one = await mci.commit(head);
    return { head, one, copy: await mci.clone(one) };
  }

  test('R-6.7: each cloud on its own: added, removed and changed on either side', async () => {
    const [stays, ours, theirs, both, added] = [
      await catalog.place(),
      await catalog.place(),
      await catalog.place(),
      await catalog.place(),
      await catalog.place(),
    ];
    const { head, copy } = await fork(stays, ours, theirs, both);
    const newer = await catalog.image(ours.cloud);
    const edited = await drop(await put(head, { ...ours.setting, imageId: newer.id }), both);
    const other = await put(await drop(await drop(copy, theirs), both), added.setting);
    const merged = await mci.merge(edited, other);
    expect(await settingsOf(merged)).toEqual(
      [setting(stays), [ours.cloud.id, newer.id, ours.type.id, null, 'HAND'], setting(added)].sort(),
    );
    expect(new Set(await mci.changes())).toEqual(
      new Set([`ADDED settings/${added.cloud.id}`, `REMOVED settings/${theirs.cloud.id}`]),
    );
  });

  test.each(['OURS', 'THEIRS', 'BASE'])('R-6.7: a setting is one atom; resolved by %s', async (take) => {
    const place = await catalog.place();
    const { head, copy } = await fork(place);
    const image = await catalog.image(place.cloud);
    const type = await catalog.instanceType(place.cloud);
    // One side changes the image, the other the type: never a mixture that nobody tested.
    const ours = await put(head, { ...place.setting, imageId: image.id });
    const theirs = await put(copy, { ...place.setting, instanceTypeId: type.id });
    const shown = (what: { image: Data; type: Data }) => ({
      image: { id: what.image.id, name: what.image.name, resourceUid: what.image.resourceUid },
      instanceType: { id: what.type.id, name: what.type.name },
      kernelImage: null,
      ramdiskImage: null,
      userData: null,
    });
    const path = `settings/${place.cloud.id}`;
    expect(conflictsOf(await mci.refuse(ours, theirs))).toEqual([
      [path, shown(place), shown({ image, type: place.type }), shown({ image: place.image, type })],
    ]);
    const merged = await mci.merge(ours, theirs, of(take, path));
    const expected = {
      OURS: setting({ ...place, image }),
      THEIRS: setting({ ...place, type }),
      BASE: setting(place),
    };
    expect(await settingsOf(merged)).toEqual([expected[take as 'OURS']]);
  });

  test('R-6.7: both sides the same change: nothing to do; removed against changed, and added differently: conflicts', async () => {
    const [same, removed, added] = [await catalog.place(), await catalog.place(), await catalog.place()];
    const { head, copy } = await fork(same, removed);
    const ours = await put(await put(await drop(head, removed), { ...same.setting, userData: 'x' }), {
      ...added.setting,
      userData: 'ours',
    });
    const theirs = await put(
      await put(await put(copy, { ...removed.setting, userData: 'theirs' }), {
        ...same.setting,
        userData: 'x',
      }),
      { ...added.setting, userData: 'theirs' },
    );
    const paths = [`settings/${removed.cloud.id}`, `settings/${added.cloud.id}`];
    const conflicts = conflictsOf(await mci.refuse(ours, theirs)) as [string, Data, Data, Data][];
    const data = conflicts.map(([path, ...sides]) => [path, ...sides.map((side) => side && side.userData)]);
    expect(new Set(data)).toEqual(
      new Set([
        [paths[0], null, null, 'theirs'],
        [paths[1], null, 'ours', 'theirs'],
      ]),
    );
    const merged = await mci.merge(ours, theirs, {
      resolutions: [
        { path: paths[0]?.split('/'), take: 'OURS' },
        { path: paths[1]?.split('/'), take: 'BASE' },
      ],
    });
    expect(await settingsOf(merged)).toEqual([[same.cloud.id, same.image.id, same.type.id, 'x', 'HAND']]);
  });

  test('R-6.9: how a setting was made comes along with it', async () => {
    const [matched, byHand] = [await catalog.place(), await catalog.place()];
    const { head, copy } = await fork(byHand);
    const withMatcher = await done(account, 'addMultiCloudImageMatcher', {
      multiCloudImageId: copy.id,
      expectedVersion: copy.version,
      namePattern: matched.image.name,
      pick: 'UNIQUE',
      instanceTypes: [matched.type.name],
    });
    const rematch = (version: number, id: string): Promise<Data> =>
      done(account, 'rematchMultiCloudImage', { multiCloudImageId: id, expectedVersion: version });
    const theirs = await rematch(withMatcher.version, copy.id);
    expect(await settingsOf(theirs)).toEqual([setting(byHand), setting(matched, 'MATCHER')].sort());
    const merged = await mci.merge(head, theirs);
    expect(await settingsOf(merged)).toEqual([setting(byHand), setting(matched, 'MATCHER')].sort());
    // So a rematch in the target goes on where the source stopped: the matcher came along, too.
    const again = await rematch(merged.version, merged.id);
    expect(again.version).toBe(merged.version);
    expect((await mci.read(merged)).matchers).toMatchObject([
      { namePattern: matched.image.name, pick: 'UNIQUE' },
    ]);
  });

  test('R-6.7: matchers by what they look for; their order is one more thing', async () => {
    const place = await catalog.place();
    const matcher = (head: Data, namePattern: string, pick = 'UNIQUE'): Promise<Data> =>
      done(account, 'addMultiCloudImageMatcher', {
        multiCloudImageId: head.id,
        expectedVersion: head.version,
        namePattern,
        pick,
        instanceTypes: ['large'],
      });
    const without = async (head: Data, namePattern: string): Promise<Data> =>
      done(account, 'removeMultiCloudImageMatcher', {
        multiCloudImageId: head.id,
        expectedVersion: head.version,
        matcherId: (await mci.read(head)).matchers.find((one: Data) => one.namePattern === namePattern).id,
      });
    const head = await matcher(await matcher(await matcher(await create(place), 'a*'), 'b*'), 'c*');
    const copy = await mci.clone(await mci.commit(head));
    const ours = await matcher(await matcher(await without(head, 'a*'), 'a*'), 'ours*');
    const theirs = await matcher(await matcher(await without(copy, 'b*'), 'b*', 'NEWEST'), 'theirs*');
    const key = (namePattern: string) => JSON.stringify([null, null, namePattern, null, null]);
    const { conflicts } = await mci.refuse(ours, theirs);
    expect(conflicts).toMatchObject([{ path: ['matchers', 'order'] }]);
    const merged = await mci.merge(ours, theirs, of('THEIRS', 'matchers/order'));
    expect(
      (await mci.read(merged)).matchers.map(({ namePattern, pick }: Data) => [namePattern, pick]),
    ).toEqual([
      ['a*', 'UNIQUE'],
      ['ours*', 'UNIQUE'],
      ['c*', 'UNIQUE'],
      ['b*', 'NEWEST'],
      ['theirs*', 'UNIQUE'],
    ]);
    expect(await mci.changes()).toContain(`MODIFIED matchers/${key('b*')}`);
  });

  test('R-6.8: what changes nothing, of what HEAD comes from, needs no commit before it', async () => {
    const place = await catalog.place();
    const { head, one } = await fork(place);
    const empty = await drop(head, place);
    const before = await allRows(api.dataSource);
    const more = { baseId: one.id };
    expect(await preview(account, empty, one, more)).toMatchObject({ clean: true, changes: [] });
    expect((await mci.merge(empty, one, more)).version).toBe(empty.version);
    expect(await allRows(api.dataSource)).toEqual(before);
  });

  test('R-4.1: 500 settings at most: a violation, which changes nothing', async () => {
    const place = await catalog.place();
    const { head, copy } = await fork(place);
    await insertPlaces('kubevirt', 300);
    await insertPlaces('vsphere', 200);
    const fill = async ({ id, version }: Data, cloudType: string): Promise<Data> => {
      const matching = await done(account, 'addMultiCloudImageMatcher', {
        multiCloudImageId: id,
        expectedVersion: version,
        cloudType,
        namePattern: 'crowd',
        pick: 'UNIQUE',
        instanceTypes: ['large'],
      });
      return done(account, 'rematchMultiCloudImage', {
        multiCloudImageId: id,
        expectedVersion: matching.version,
      });
    };
    const [ours, theirs] = [await fill(head, 'kubevirt'), await fill(copy, 'vsphere')];
    const [violation, ...others] = await mci.violated(ours, theirs);
    expect(others).toEqual([]);
    expect(violation).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: 'The merge would make 501 settings; at most 500 are allowed.',
    });
    const merged = await mci.merge(await drop(ours, place), theirs);
    expect((await mci.read(merged)).settings).toHaveLength(500);
  });

  test('R-2.2, R-4.1: an image that isn’t visible any more: a violation that names the cloud, or another resolution', async () => {
    const place = await catalog.place();
    const lender = await api.account();
    const lent = await catalog.image(place.cloud, { ownerAccountId: lender.key });
    await catalog.share(lent, account.key);
    const { head, copy } = await fork(place);
    const theirs = await put(copy, { ...place.setting, imageId: lent.id });
    const ours = await put(head, { ...place.setting, userData: 'ours' });
    const path = `settings/${place.cloud.id}`;
    await api.dataSource.query('DELETE FROM cloud_image_shares WHERE cloud_image_id = $1', [lent.key]);
    const [violation] = await mci.violated(ours, theirs, of('THEIRS', path));
    expect(violation).toEqual({
      code: 'IMAGE_UNAVAILABLE',
      severity: 'BLOCKING',
      message:
        `The setting for "${place.cloud.name}" can not be taken over, because of its image: it is not visible to this account. ` +
        'Choose another one. Change it where it comes from, or take another side if it is in conflict.',
    });
    expect((await mci.merge(ours, theirs, of('OURS', path))).version).toBe(ours.version);
  });

  test('R-6.7: of two bases of the same moment the one with the greater id', async () => {
    const place = await catalog.place();
    const head = await create(place);
    const copy = await mci.clone(await mci.commit(head));
    const [ours, theirs] = [await tagged(head, 'ours'), await tagged(copy, 'theirs')];
    // One transaction, so one time, makes both revisions.
    const template = await done(account, 'createServerTemplate', {
      name: 'both',
      multiCloudImageIds: [head.id, copy.id],
    });
    await commit(account, 'ServerTemplate', template, 'both', true);
    const latest = async ({ id }: Data): Promise<string> =>
      (await account.query('query($id: ID!) { multiCloudImage(id: $id) { latestRevision { id } } }', { id }))
        .multiCloudImage.latestRevision.id;
    const [two, copied] = [await latest(head), await latest(copy)];
    const crossed = await mci.merge(ours, { id: copied });
    await mci.merge(theirs, { id: two });
    await mci.merge(crossed, copy);
    expect((await lastMerge(account, 'MultiCloudImage')).baseId).toBe(two > copied ? two : copied);
  });

  const tagged = (head: Data, name: string) => tag(account, 'MultiCloudImage', head, name);

  /** Clouds of a type, each with an image `crowd` and an instance type `large`, for this account alone. */
  async function insertPlaces(cloudType: string, count: number): Promise<void> {
    const now = new Date();
    const clouds = Array.from({ length: count }, () => randomUUID());
    const { manager } = api.dataSource;
    const own = { ownerAccountId: account.key, createdAt: now, updatedAt: now, sourceId: null };
    await manager.insert(
      Cloud,
      clouds.map((id) => ({
        id,
        accountId: account.key,
        cloudType,
        region: id,
        name: id,
        displayName: id,
        createdAt: now,
      })),
    );
    await manager.insert(
      CloudImage,
      clouds.map((cloudId) => ({
        ...own,
        id: randomUUID(),
        cloudId,
        resourceUid: 'crowd',
        name: 'crowd',
        imageType: 'MACHINE' as const,
        cpuArchitecture: 'x86_64',
        lifecycle: 'AVAILABLE' as const,
        lifecycleHeld: false,
        agentEnabled: false,
      })),
    );
    await manager.insert(
      InstanceType,
      clouds.map((cloudId) => ({
        ...own,
        id: randomUUID(),
        cloudId,
        resourceUid: 'large',
        name: 'large',
        cpuArchitectures: ['x86_64'],
        offered: true,
      })),
    );
  }
});

describe('ServerTemplates', () => {
  const template = on('ServerTemplate');
  let images: Data[];
  let scripts: Data[];

  beforeEach(async () => {
    const place = await catalog.place();
    images = [];
    scripts = [];
    for (const name of ['m1', 'm2', 'm3'])
      images.push(await committed('MultiCloudImage', name, [place.setting]));
    for (const name of ['a', 'b', 'c', 'd', 'e']) scripts.push(await committed('RightScript', name));
  });

  /** HEAD of a component with revisions 1 and 2. */
  async function committed(kind: Kind, name: string, settings?: object[]): Promise<Data> {
    const content = settings === undefined ? { source: 'true' } : { settings };
    const head = await done(account, `create${kind}`, { name: 'earlier', ...content });
    const one = await commit(account, kind, head);
    const renamed = await edit(account, kind, head, { name });
    return { ...renamed, one, two: await commit(account, kind, renamed) };
  }

  const image = (name: string): Data => images.find((one) => one.name === name);
  const script = (name: string): Data => scripts.find((one) => one.name === name);
  const act = (head: Data, mutation: string, input: object): Promise<Data> =>
    done(account, mutation, { serverTemplateId: head.id, expectedVersion: head.version, ...input });

  /** A template that pins revision 1 of these MCIs, and attaches revision 1 of these scripts in BOOT. */
  async function fork(pins: string, attached = '') {
    let head: Data = await done(account, 'createServerTemplate', {
      name: 'origin',
      multiCloudImageIds: pins.split(' ').map((name) => image(name).one.id),
    });
    for (const name of attached) head = await attach(head, name);
    const one = await template.commit(head);
    return { head, one, copy: await template.clone(one) };
  }

  const attach = (head: Data, name: string, position?: number, phase = 'BOOT') =>
    act(head, 'attachScript', { phase, rightScriptId: script(name).one.id, position });
  const detach = (head: Data, name: string) =>
    act(head, 'detachScript', { phase: 'BOOT', rightScriptId: script(name).one.id });
  const move = (head: Data, name: string, position: number) =>
    act(head, 'moveScript', { phase: 'BOOT', rightScriptId: script(name).one.id, position });

  /** `a b2`: the scripts of BOOT by name, in order, with their revisions unless that is 1. */
  async function bootOf(head: Data): Promise<string> {
    const names = new Map(
      scripts.flatMap(({ name, one, two, id }) => [
        [one.id, name],
        [two.id, `${name}2`],
        [id, `${name}0`],
      ]),
    );
    return (await template.read(head)).scripts
      .filter(({ phase }: Data) => phase === 'BOOT')
      .map(({ rightScript }: Data) => names.get(rightScript.id))
      .join(' ');
  }

  /** `m1* m2`: the pinned MCIs by name, sorted, the default with a star, with their revisions unless that is 1. */
  async function pinsOf(head: Data): Promise<string> {
    const names = new Map(
      images.flatMap(({ name, one, two, id }) => [
        [one.id, name],
        [two.id, `${name}@2`],
        [id, `${name}@HEAD`],
      ]),
    );
    const { multiCloudImages } = await template.read(head);
    return multiCloudImages
      .map(
        ({ multiCloudImage, isDefault }: Data) => `${names.get(multiCloudImage.id)}${isDefault ? '*' : ''}`,
      )
      .sort()
      .join(' ');
  }

  const pin = (head: Data, version: Data, makeDefault = false) =>
    act(head, 'addServerTemplateMultiCloudImage', { multiCloudImageId: version.id, makeDefault });
  const repin = (head: Data, from: Data, to: Data) =>
    act(head, 'repinServerTemplateMultiCloudImage', { fromId: from.id, toId: to.id });
  const unpin = (head: Data, version: Data, newDefault?: Data) =>
    act(head, 'removeServerTemplateMultiCloudImage', {
      multiCloudImageId: version.id,
      newDefaultId: newDefault?.id,
    });
  const makeDefault = (head: Data, version: Data) =>
    act(head, 'setDefaultMultiCloudImage', { multiCloudImageId: version.id });

  describe('MultiCloud Images', () => {
    test('R-6.7: pins by lineage', async () => {
      const { head, copy } = await fork('m1 m2');
      const ours = await repin(head, image('m1').one, image('m1').two);
      const theirs = await pin(await unpin(copy, image('m2').one), image('m3'));
      const merged = await template.merge(ours, theirs);
      expect(await pinsOf(merged)).toBe('m1@2* m3@HEAD');
    });

    test('R-6.7: the same lineage at two revisions, or removed and repinned: conflicts that are resolved per pin', async () => {
      const { head, copy } = await fork('m1 m2 m3');
      const [m1, m2, m3] = [image('m1'), image('m2'), image('m3')];
      const ours = await repin(await unpin(await repin(head, m1.one, m1.two), m2.one), m3.one, m3.two);
      const theirs = await repin(await repin(await repin(copy, m1.one, m1), m2.one, m2.two), m3.one, m3.two);
      const paths = [m1, m2].map(({ lineageId }) => `multiCloudImages/${lineageId}`);
      expect(new Set(conflictsOf(await template.refuse(ours, theirs)))).toEqual(
        new Set([
          [paths[0], { revision: 1 }, { revision: 2 }, { revision: 0 }],
          [paths[1], { revision: 1 }, null, { revision: 2 }],
        ]),
      );
      const merged = await template.merge(ours, theirs, of('THEIRS', ...paths));
      expect(await pinsOf(merged)).toBe('m1@HEAD* m2@2 m3@2');
    });

    test('R-6.7: the default is one value', async () => {
      const { head, one, copy } = await fork('m1 m2 m3');
      const moved = await makeDefault(copy, image('m2').one);
      expect(await pinsOf(await template.merge(head, moved))).toBe('m1 m2* m3');
      const ours = await makeDefault(await template.clone(one), image('m3').one);
      expect(conflictsOf(await template.refuse(ours, moved))).toEqual([
        [
          'defaultMultiCloudImage',
          { lineageId: image('m1').lineageId, name: 'm1' },
          { lineageId: image('m3').lineageId, name: 'm3' },
          { lineageId: image('m2').lineageId, name: 'm2' },
        ],
      ]);
      const merged = await template.merge(ours, moved, of('BASE', 'defaultMultiCloudImage'));
      expect(await pinsOf(merged)).toBe('m1* m2 m3');
    });

    test('R-5.1: the default removed on one side and chosen on the other: a violation', async () => {
      const { head, copy } = await fork('m1 m2');
      const ours = await unpin(head, image('m2').one);
      const theirs = await makeDefault(copy, image('m2').one);
      const violations = await template.violated(ours, theirs);
      expect(violations).toMatchObject([{ code: 'NO_DEFAULT_MCI', severity: 'BLOCKING' }]);
      // Cured as the message says.
      const cured = await pin(await makeDefault(theirs, image('m1').one), image('m3').one);
      expect(await pinsOf(await template.merge(ours, cured))).toBe('m1* m3');
    });

    test('R-4.5: a pin of what was deleted: a violation that names it', async () => {
      const { head, copy } = await fork('m1', 'a');
      const [m2, b] = [image('m2'), script('b')];
      const two = await template.commit(await attach(await pin(copy, m2.one), 'b'));
      for (const [kind, { id }] of [
        ['ServerTemplate', copy],
        ['MultiCloudImage', m2],
        ['RightScript', b],
      ] as const)
        await done(account, `delete${kind}`, { id });
      const violations = await template.violated(head, two);
      const gone = (what: string) => ({
        code: 'COMPONENT_DELETED',
        severity: 'BLOCKING',
        message:
          `The merge would pin the ${what}, which is not in the local collection. ` +
          'Clone or import it, or take another side if this pin is in conflict.',
      });
      expect(violations).toEqual([
        gone('MultiCloud Image "earlier" [rev 1]'),
        gone('RightScript "earlier" [rev 1] in BOOT'),
      ]);
      expect((await mergePreview(account, head, two)).violations.map(({ subject }: Data) => subject)).toEqual(
        [{ id: m2.one.id }, { id: b.one.id }],
      );
    });
  });

  describe('scripts', () => {
    test('R-6.7: each by phase and lineage; one that is added follows its predecessor of its own side', async () => {
      const { head, copy } = await fork('m1', 'abc');
      const ours = await attach(await detach(head, 'b'), 'd', 1);
      const theirs = await attach(await attach(copy, 'e', 2), 'd', 0, 'DECOMMISSION');
      const merged = await template.merge(ours, theirs);
      // b, which e followed, is gone: e follows what stood before that.
      expect(await bootOf(merged)).toBe('a d e c');
      expect((await template.read(merged)).scripts.at(-1)).toMatchObject({
        phase: 'DECOMMISSION',
        position: 0,
        rightScript: { id: script('d').one.id },
      });
      expect(new Set(await template.changes())).toEqual(
        new Set([
          `ADDED scripts/BOOT/${script('e').lineageId}`,
          `ADDED scripts/DECOMMISSION/${script('d').lineageId}`,
        ]),
      );
    });

    test('R-6.7: both add in one place: ours first', async () => {
      const { head, copy } = await fork('m1', 'ab');
      const [ours, theirs] = [await attach(head, 'c', 1), await attach(await attach(copy, 'd', 1), 'e', 0)];
      expect(await bootOf(await template.merge(ours, theirs))).toBe('e a c d b');
    });

    test('R-6.7: if one side reordered, its order wins', async () => {
      const { head, copy } = await fork('m1', 'abc');
      const [ours, theirs] = [await attach(head, 'd', 1), await move(copy, 'c', 0)];
      expect(await bootOf(await template.merge(ours, theirs))).toBe('c a d b');
      expect(await template.changes()).toEqual([`MOVED scripts/BOOT/${script('c').lineageId}`]);
      expect(await bootOf(await template.merge(theirs, ours))).toBe('c a d b');
    });

    test('R-6.7: both in the same way: no conflict', async () => {
      const { head, copy } = await fork('m1', 'abc');
      const [ours, theirs] = [await move(head, 'c', 0), await move(await attach(copy, 'd'), 'c', 0)];
      expect(await bootOf(await template.merge(ours, theirs))).toBe('c a b d');
    });

    test.each([
      ['OURS', 'c a b d'],
      ['THEIRS', 'b d a c'],
      ['BASE', 'a b d c'],
    ])('R-6.7: both differently: one conflict, resolved by %s', async (take, order) => {
      const { head, copy } = await fork('m1', 'abc');
      const [ours, theirs] = [await move(head, 'c', 0), await attach(await move(copy, 'a', 1), 'd', 1)];
      const named = (names: string) =>
        [...names].map((name) => ({ lineageId: script(name).lineageId, name: name }));
      expect(conflictsOf(await template.refuse(ours, theirs))).toEqual([
        ['scripts/BOOT/order', named('abc'), named('cab'), named('bac')],
      ]);
      expect(await bootOf(await template.merge(ours, theirs, of(take, 'scripts/BOOT/order')))).toBe(order);
    });

    test('R-6.7: one script in two phases, at two revisions', async () => {
      const { head, copy } = await fork('m1');
      const theirs = await act(await attach(copy, 'a'), 'attachScript', {
        phase: 'OPERATIONAL',
        rightScriptId: script('a').two.id,
      });
      const merged = await template.merge(head, theirs);
      expect(
        (await template.read(merged)).scripts.map(({ phase, rightScript }: Data) => [phase, rightScript.id]),
      ).toEqual([
        ['BOOT', script('a').one.id],
        ['OPERATIONAL', script('a').two.id],
      ]);
    });

    test('R-6.7: repinned against detached, and attached at two revisions', async () => {
      const { head, copy } = await fork('m1', 'ab');
      const repinned = (version: Data) =>
        act(version, 'repinScript', {
          phase: 'BOOT',
          fromId: script('a').one.id,
          toId: script('a').two.id,
        });
      const attachTwo = (version: Data) =>
        act(version, 'attachScript', { phase: 'BOOT', rightScriptId: script('c').two.id });
      const ours = await attach(await detach(head, 'a'), 'c');
      const theirs = await attachTwo(await repinned(copy));
      const [a, c] = ['a', 'c'].map((name) => `scripts/BOOT/${script(name).lineageId}`);
      expect(new Set(conflictsOf(await template.refuse(ours, theirs)))).toEqual(
        new Set([
          [a, { value: { revision: 1 } }, null, { value: { revision: 2 } }],
          [c, null, { value: { revision: 1 } }, { value: { revision: 2 } }],
        ]),
      );
      const merged = await template.merge(ours, theirs, of('THEIRS', a ?? '', c ?? ''));
      expect(await bootOf(merged)).toBe('a2 b c2');
      const again = await template.merge(await template.clone(merged), ours, of('OURS'));
      expect(await bootOf(again)).toBe('a2 b c2');
    });
  });
});

describe('RightScripts', () => {
  const scripts = on('RightScript');
  const LINES = ['#!/bin/sh', 'set -e', 'echo one', 'echo two', 'echo three', 'echo four', 'exit 0', ''];
  const source = (...changed: [number, string][]): string =>
    changed.reduce((lines, [line, text]) => lines.with(line - 1, text), LINES).join('\n');
  const write = (head: Data, text: string) => edit(account, 'RightScript', head, { source: text });
  const sourceOf = async (version: Data): Promise<string> => (await scripts.read(version)).source;

  async function fork(text = source()) {
    const head = await done(account, 'createRightScript', { name: 'origin', source: text });
    const one = await scripts.commit(head);
    return { head, copy: await scripts.clone(one) };
  }

  test('R-6.7: by line: what each side changed, inserted and removed', async () => {
    const { head, copy } = await fork();
    const ours = await write(head, `${source([4, 'echo TWO'])}# the end\n`);
    const theirs = await write(copy, source([6, 'echo four\necho five']).replace('set -e\n', ''));
    const merged = await scripts.merge(ours, theirs);
    expect(await sourceOf(merged)).toBe(
      '#!/bin/sh\necho one\necho TWO\necho three\necho four\necho five\nexit 0\n# the end\n',
    );
    expect(await scripts.changes()).toEqual(['MODIFIED source']);
  });

  test('R-6.7: each region that both changed differently is a conflict of its own, at its line of the base', async () => {
    const { head, copy } = await fork();
    const ours = await write(head, source([3, 'echo ours'], [6, 'echo ours, too']));
    const theirs = await write(copy, source([2, 'set -eu'], [3, 'echo theirs'], [6, 'echo theirs, too']));
    const error = await scripts.refuse(ours, theirs);
    expect(conflictsOf(error)).toEqual([
      ['source/2', 'set -e\necho one', 'set -e\necho ours', 'set -eu\necho theirs'],
      ['source/6', 'echo four', 'echo ours, too', 'echo theirs, too'],
    ]);
    const merged = await scripts.merge(ours, theirs, {
      resolutions: [
        { path: ['source', '2'], take: 'THEIRS' },
        { path: ['source', '6'], take: 'BASE' },
      ],
    });
    expect(await sourceOf(merged)).toBe(source([2, 'set -eu'], [3, 'echo theirs']));
  });

  test('R-6.7: without a common ancestor a text is in conflict as a whole', async () => {
    const { head } = await fork();
    const stranger = await done(account, 'createRightScript', { name: 'other', source: 'true' });
    expect(conflictsOf(await scripts.refuse(head, stranger))).toEqual([['source', null, source(), 'true']]);
    expect(await sourceOf(await scripts.merge(head, stranger, of('THEIRS', 'source')))).toBe('true');
  });

  test('a source that becomes too long is a violation', async () => {
    const half = `${'x'.repeat(99)}\n`.repeat(1000);
    const { head, copy } = await fork(`# first\n${half}# last\n`);
    const ours = await write(head, `${half}# first\n${half}# last\n`);
    const theirs = await write(copy, `# first\n${half}# last\n${half}`);
    expect(await scripts.violated(ours, theirs)).toMatchObject([
      {
        code: 'LIMIT_EXCEEDED',
        message: 'The merge would make 300015 bytes of source; at most 262144 are allowed.',
      },
    ]);
  });

  test('R-10.1: so are more than 100 tags', async () => {
    const { head, copy } = await fork();
    const tags = (prefix: string) => Array.from({ length: 51 }, (_, index) => `${prefix}${index}`);
    const ours = await tag(account, 'RightScript', head, ...tags('o'));
    const theirs = await tag(account, 'RightScript', copy, ...tags('t'));
    expect(await scripts.violated(ours, theirs)).toMatchObject([
      { code: 'LIMIT_EXCEEDED', message: 'The merge would make 102 tags; at most 100 are allowed.' },
    ]);
  });

  test('R-6.7: tags stay in the order that HEAD has them, with what theirs adds behind', async () => {
    const head = await tag(
      account,
      'RightScript',
      await done(account, 'createRightScript', { name: 'origin', source: 'true' }),
      'z',
      'm',
    );
    const copy = await scripts.clone(await scripts.commit(head));
    const ours = await tag(account, 'RightScript', head, 'b');
    const merged = await scripts.merge(ours, await tag(account, 'RightScript', copy, 'y', 'a'));
    expect((await scripts.read(merged)).tags).toEqual(['z', 'm', 'b', 'y', 'a']);
  });

  test('R-6.7: more than 200 regions in conflict are one conflict, and can be resolved', async () => {
    const text = (mark: string) =>
      Array.from({ length: 201 }, (_, index) => `${mark} ${index}\nfixed ${index}`).join('\n');
    const { head, copy } = await fork(text('base'));
    const [ours, theirs] = [await write(head, text('ours')), await write(copy, text('theirs'))];
    expect(conflictsOf(await scripts.refuse(ours, theirs))).toEqual([
      ['source', text('base'), text('ours'), text('theirs')],
    ]);
    expect(await sourceOf(await scripts.merge(ours, theirs, of('THEIRS', 'source')))).toBe(text('theirs'));
  });

  test('R-6.7: a merge that leaves HEAD as it is keeps its version', async () => {
    const { head, copy } = await fork();
    const theirs = await write(copy, source([3, 'echo theirs']));
    const merged = await scripts.merge(head, theirs);
    const back = await scripts.merge(await readVersion(account, 'RightScript', copy.id), merged);
    expect(back.version).toBe(theirs.version);
    expect(await sourceOf(back)).toBe(await sourceOf(merged));
  });
});
