import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done, read } from '../kit/components';
import {
  allRows,
  clone,
  commit,
  conflictsOf,
  edit,
  fieldOf,
  historyOf,
  lastMerge,
  merge,
  preview,
  readVersion,
  refusedMerge,
  restore,
  tag,
  untag,
  type Kind,
} from '../kit/version-control';

let api: TestApi;
let account: TestAccount;
let place: Place;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

const createMci = (name = 'origin'): Promise<Data> =>
  done(account, 'createMultiCloudImage', { name, settings: [place.setting] });

interface KindToTest {
  readonly kind: Kind;
  readonly create: (name?: string) => Promise<Data>;
  /** What may not be committed; scripts always may. */
  readonly createEmpty: (() => Promise<Data>) | null;
}

const KINDS: KindToTest[] = [
  {
    kind: 'MultiCloudImage',
    create: createMci,
    createEmpty: () => done(account, 'createMultiCloudImage', { name: 'empty' }),
  },
  {
    kind: 'ServerTemplate',
    create: async (name = 'origin') =>
      done(account, 'createServerTemplate', { name, multiCloudImageIds: [(await createMci('pinned')).id] }),
    createEmpty: () => done(account, 'createServerTemplate', { name: 'empty' }),
  },
  {
    kind: 'RightScript',
    create: (name = 'origin') => done(account, 'createRightScript', { name, source: 'echo hello' }),
    createEmpty: null,
  },
];

const of = (take: string, ...paths: string[]) => ({
  resolutions: paths.map((path) => ({ path: path.split('/'), take })),
});

describe.each(KINDS)('merging a $kind', ({ kind, create, createEmpty }) => {
  const commitIt = (head: Data, message?: string) => commit(account, kind, head, message);
  const cloneIt = (version: Data, name = 'copy') => clone(account, kind, version, { name });
  const describeAs = (head: Data, description: string | null) => edit(account, kind, head, { description });
  const rename = (head: Data, name: string) => edit(account, kind, head, { name });
  const tagIt = (head: Data, ...tags: string[]) => tag(account, kind, head, ...tags);
  const untagIt = (head: Data, ...tags: string[]) => untag(account, kind, head, ...tags);
  const mergeIt = (into: Data, from: Data, more?: object) => merge(account, kind, into, from, more);
  const refuse = (into: Data, from: Data, more?: object) => refusedMerge(account, kind, into, from, more);
  const restoreTo = (head: Data, revision: Data) => restore(account, kind, head, revision);
  const now = ({ id }: Data) => readVersion(account, kind, id);
  const everything = (id: string) => read(account, fieldOf(kind), id);
  /** HEAD's tags, sorted: their order is no content. */
  const tagsOf = (head: Data): string[] => head.tags.toSorted();

  /** Two lineages with revision 1 as their common ancestor, each described in its own way, uncommitted. */
  async function inConflict() {
    const head = await create();
    const one = await commitIt(await describeAs(head, 'of both'));
    const copy = await describeAs(await cloneIt(one), 'of the copy');
    return { one, head: await describeAs(await now(head), 'of the origin'), copy };
  }

  /** Merges, and gives the base that was taken and the paths that changed. */
  async function mergeAndTell(into: Data, from: Data, more?: object) {
    const head = await mergeIt(into, from, more);
    const { baseId, changes } = await lastMerge(account, kind);
    return { head, baseId, changed: changes.map(({ path }: Data) => path.join('/')) };
  }

  describe('the base', () => {
    test('R-6.7: over revisions and clones: where the clone was taken, then what was merged last', async () => {
      const head = await create();
      const one = await commitIt(head);
      const copy = await cloneIt(one);
      const two = await commitIt(await tagIt(head, 'two'));
      const three = await commitIt(await tagIt(await now(head), 'three'));
      const withTwo = await mergeAndTell(copy, two);
      expect(withTwo).toMatchObject({ baseId: one.id, changed: ['tags/two'] });
      const withThree = await mergeAndTell(withTwo.head, three);
      expect(withThree).toMatchObject({ baseId: two.id, changed: ['tags/three'] });
      expect(tagsOf(withThree.head)).toEqual(['three', 'two']);
    });

    test('R-6.8: of a clone of an uncommitted HEAD: the snapshot that it took', async () => {
      const head = await tagIt(await create(), 'taken');
      const copy = await cloneIt(head);
      const { baseId, changed } = await mergeAndTell(copy, await tagIt(head, 'later'));
      expect(changed).toEqual(['tags/later']);
      expect(await readVersion(account, kind, baseId)).toMatchObject({
        isSnapshot: true,
        revision: 0,
        lineageId: head.lineageId,
        name: head.name,
        tags: ['taken'],
      });
    });

    test('R-6.7: over earlier merges, there and back', async () => {
      const head = await create();
      const one = await commitIt(head);
      const copy = await tagIt(await cloneIt(one), 'copy');
      const copied = await commitIt(copy);
      const there = await mergeAndTell(head, copied);
      expect(there).toMatchObject({ baseId: one.id, changed: ['tags/copy'] });
      const two = await commitIt(await tagIt(there.head, 'back'));
      const back = await mergeAndTell(copy, two);
      expect(back).toMatchObject({ baseId: copied.id, changed: ['tags/back'] });
      expect(tagsOf(back.head)).toEqual(['back', 'copy']);
    });

    test('R-6.7: two lineages that merged each other twice: of two nearest ancestors the latest committed', async () => {
      const head = await create();
      const one = await commitIt(head);
      const copy = await cloneIt(one);
      const [two, copied] = [await commitIt(await tagIt(head, 'a')), await commitIt(await tagIt(copy, 'b'))];
      const crossed = async (round: string) => {
        const [ours, theirs] = [await now(head), await now(copy)];
        return [
          await commitIt(await tagIt(ours, `a${round}`), `a${round}`),
          await commitIt(await tagIt(theirs, `b${round}`), `b${round}`),
        ] as const;
      };
      // Each takes the other's revision, not the other's merge: neither revision comes from the other.
      await mergeIt(await now(head), copied);
      await mergeIt(await now(copy), two);
      const [ours, theirs] = await crossed('1');
      const first = await mergeAndTell(await now(head), theirs);
      expect(first).toMatchObject({ baseId: copied.id, changed: ['tags/b1'] });
      const second = await mergeAndTell(await now(copy), ours);
      expect(second).toMatchObject({ baseId: copied.id, changed: ['tags/a1'] });
      const [ours2, theirs2] = await crossed('2');
      const third = await mergeAndTell(await now(head), theirs2);
      expect(third).toMatchObject({ baseId: theirs.id, changed: ['tags/b2'] });
      const fourth = await mergeAndTell(await now(copy), ours2);
      expect(fourth).toMatchObject({ baseId: theirs.id, changed: ['tags/a2'] });
      expect(tagsOf(fourth.head)).toEqual(['a', 'a1', 'a2', 'b', 'b1', 'b2']);
      expect(tagsOf(await now(head))).toEqual(['a', 'a1', 'a2', 'b', 'b1', 'b2']);
    });

    test('R-6.7: criss-cross: the side that decided against the base that the rule takes keeps its decision', async () => {
      const { head, copy } = await inConflict();
      const [two, copied] = [await commitIt(head), await commitIt(copy)];
      const ours = await mergeIt(head, copied, of('OURS', 'description/1'));
      const theirs = await mergeIt(copy, two, of('OURS', 'description/1'));
      // The base is the copy's revision, the later one: theirs has not changed since, ours has.
      expect(await mergeAndTell(ours, theirs)).toMatchObject({
        baseId: copied.id,
        changed: [],
        head: { description: 'of the origin', version: ours.version },
      });
      // The other one would have said the opposite.
      const back = await mergeAndTell(theirs, two, { baseId: copied.id });
      expect(back).toMatchObject({ changed: ['description'], head: { description: 'of the origin' } });
    });

    test('R-6.7: `baseId` overrides it', async () => {
      const head = await create();
      const zero = await commitIt(head);
      const one = await commitIt(await tagIt(head, 'kept'));
      const copy = await untagIt(await cloneIt(one), 'kept');
      const two = await commitIt(await tagIt(await now(head), 'new'));
      // Compared with what was before the tag, both sides say that it is new: only theirs has it.
      const { baseId, changed } = await mergeAndTell(copy, two, { baseId: zero.id });
      expect([baseId, changed]).toEqual([zero.id, ['tags/kept', 'tags/new']]);
    });

    test('R-6.7: with `baseId` an own revision can be taken back or brought again, though HEAD comes from it', async () => {
      const head = await create();
      const one = await commitIt(head);
      const two = await commitIt(await tagIt(head, 'two'));
      const three = await commitIt(await tagIt(await now(head), 'three'));
      const reverted = await mergeAndTell(await now(head), one, { baseId: two.id });
      expect(reverted).toMatchObject({ baseId: two.id, changed: ['tags/two'] });
      expect(reverted.head.tags).toEqual(['three']);
      expect((await historyOf(account, head))[0]).toEqual(['MERGED', head.id, [three.id, one.id]]);
      const again = await mergeAndTell(reverted.head, two, { baseId: one.id });
      expect(tagsOf(again.head)).toEqual(['three', 'two']);
      // Merging the same with the same base once more changes nothing: no entry, either.
      const before = await allRows(api.dataSource);
      expect(await mergeIt(again.head, two, { baseId: one.id })).toMatchObject({
        version: again.head.version,
      });
      expect(await allRows(api.dataSource)).toEqual(before);
    });

    test('R-2.2: a base that isn’t visible, or is of another kind', async () => {
      const { head, copy } = await inConflict();
      const stranger = await api.account();
      const foreign = await done(stranger, 'createRightScript', { name: 'theirs', source: 'true' });
      const hidden = kind === 'RightScript' ? foreign.id : `${head.id.slice(0, 4)}${foreign.id.slice(4)}`;
      expect(await refuse(head, copy, { baseId: hidden })).toMatchObject({
        code: 'NOT_FOUND',
        path: ['input', 'baseId'],
      });
      expect(await refuse(head, copy, { baseId: place.cloud.id })).toMatchObject({
        code: 'INVALID',
        path: ['input', 'baseId'],
      });
    });
  });

  describe('without a common ancestor', () => {
    async function strangers() {
      const ours = await tagIt(await describeAs(await create('ours'), 'our words'), 'both', 'ours');
      const theirs = await tagIt(await describeAs(await create('theirs'), 'their words'), 'both', 'theirs');
      return { ours, theirs };
    }

    test('R-6.7: every difference is a conflict, and there is no BASE to take', async () => {
      const { ours, theirs } = await strangers();
      const error = await refuse(ours, theirs);
      expect(error).toMatchObject({ __typename: 'MergeConflictError', code: 'MERGE_CONFLICT' });
      const shared = conflictsOf(error).filter(([path]: any) => /^(name|description|tags)/.test(path));
      expect(shared).toEqual([
        ['description', null, 'our words', 'their words'],
        ['tags/ours', null, 'ours', null],
        ['tags/theirs', null, null, 'theirs'],
      ]);
      const before = await allRows(api.dataSource);
      const base = await refuse(ours, theirs, of('BASE', 'description'));
      expect(base).toMatchObject({ code: 'INVALID', path: ['input', 'resolutions', '0', 'take'] });
      expect(base.message).toBe(
        'These versions have no common ancestor, so there is no BASE: take OURS or THEIRS, or name a `baseId`.',
      );
      expect(await allRows(api.dataSource)).toEqual(before);
    });

    test.each(['OURS', 'THEIRS'])('R-6.7: resolved, each by %s', async (take) => {
      const { ours, theirs } = await strangers();
      const { conflicts } = await refuse(ours, theirs);
      const resolutions = conflicts.map(({ path }: Data) => ({ path, take }));
      const merged = await mergeIt(ours, theirs, { resolutions });
      const words = take === 'OURS' ? 'our words' : 'their words';
      expect(merged).toMatchObject({ name: 'ours', description: words });
      expect(tagsOf(merged)).toEqual(['both', take.toLowerCase()]);
      // From now on they have one.
      const { changed } = await mergeAndTell(merged, await tagIt(await now(theirs), 'later'));
      expect(changed).toEqual(['tags/later']);
    });
  });

  describe('fields that all kinds have', () => {
    test('R-6.7: across lineages the name stays', async () => {
      const head = await create();
      const copy = await cloneIt(await commitIt(head), 'copy');
      const merged = await mergeIt(await rename(copy, 'renamed copy'), await rename(head, 'renamed origin'));
      expect(merged.name).toBe('renamed copy');
      expect((await lastMerge(account, kind)).changes).toEqual([]);
    });

    test('R-6.7: within a lineage it merges: a snapshot of HEAD that a restore gave up', async () => {
      const head = await create();
      const one = await commitIt(head);
      const copy = await cloneIt(await rename(head, 'experiment'));
      const [[, , [snapshotId]]] = (await historyOf(account, copy)) as [[string, string, [string]]];
      const restored = await restoreTo(await now(head), one);
      expect(restored.name).toBe('origin');
      const { head: merged, baseId, changed } = await mergeAndTell(restored, { id: snapshotId });
      expect([merged.name, baseId, changed]).toEqual(['experiment', one.id, ['name']]);
      // Both differently.
      const other = await rename(await restoreTo(merged, one), 'another way');
      expect(conflictsOf(await refuse(other, { id: snapshotId }))).toEqual([
        ['name', 'origin', 'another way', 'experiment'],
      ]);
      expect((await mergeIt(other, { id: snapshotId }, of('THEIRS', 'name'))).name).toBe('experiment');
    });

    test('R-6.8: an own revision is merged already, whatever HEAD did since', async () => {
      const head = await create();
      const one = await commitIt(head);
      const edited = await rename(head, 'renamed');
      const before = await allRows(api.dataSource);
      expect(await mergeIt(edited, one)).toMatchObject({ name: 'renamed', version: edited.version });
      expect(await mergeIt(edited, edited)).toMatchObject({ name: 'renamed', version: edited.version });
      expect(await allRows(api.dataSource)).toEqual(before);
    });

    test('R-6.7, R-10.1: tags are a set: each on its own, its spelling included', async () => {
      const head = await tagIt(
        await create(),
        'stays',
        'goes:ours=1',
        'goes:theirs=1',
        'goes:both=1',
        'spelt',
      );
      const copy = await cloneIt(await commitIt(head));
      const ours = await tagIt(
        await untagIt(head, 'goes:ours=1', 'goes:both=1', 'spelt'),
        'by us',
        'by both',
        'Spelt',
        'web',
      );
      const theirs = await tagIt(
        await untagIt(copy, 'goes:theirs=1', 'goes:both=1', 'spelt'),
        'by them',
        'by both',
        'SPELT',
        'Web',
      );
      expect(conflictsOf(await refuse(ours, theirs))).toEqual([
        ['tags/spelt', 'spelt', 'Spelt', 'SPELT'],
        ['tags/web', null, 'web', 'Web'],
      ]);
      const merged = await mergeIt(ours, theirs, {
        resolutions: [
          { path: ['tags', 'spelt'], take: 'BASE' },
          { path: ['tags', 'web'], take: 'THEIRS' },
        ],
      });
      expect(tagsOf(merged)).toEqual(['Web', 'by both', 'by them', 'by us', 'spelt', 'stays']);
    });

    test('R-6.7: the description by line; where a side has none, as a whole', async () => {
      const lines = ['title', 'one', 'two', 'three', 'four', 'end'];
      const head = await describeAs(await create(), lines.join('\n'));
      const one = await commitIt(head);
      const copy = await cloneIt(one);
      const ours = await describeAs(head, lines.with(1, 'ONE').join('\n'));
      const theirs = await describeAs(copy, lines.with(4, 'FOUR').join('\n'));
      const merged = await mergeIt(ours, theirs);
      expect(merged.description).toBe('title\nONE\ntwo\nthree\nFOUR\nend');
      const gone = await describeAs(await cloneIt(one, 'bare'), null);
      expect(conflictsOf(await refuse(gone, merged))).toEqual([
        ['description', lines.join('\n'), null, merged.description],
      ]);
      expect((await mergeIt(gone, merged, of('OURS', 'description'))).description).toBeNull();
    });

    test.each([
      ['OURS', 'of the origin'],
      ['THEIRS', 'of the copy'],
      ['BASE', 'of both'],
    ])('R-6.7: a conflict resolved by %s', async (take, description) => {
      const { head, copy } = await inConflict();
      expect(await mergeIt(head, copy, of(take, 'description/1'))).toMatchObject({ description });
    });

    test('R-6.7: what both sides changed in the same way is no conflict, and no change', async () => {
      const { one } = await inConflict();
      const [left, right] = [await cloneIt(one, 'left'), await cloneIt(one, 'right')];
      const [ours, theirs] = [
        await tagIt(await describeAs(left, 'the same'), 'same'),
        await tagIt(await describeAs(right, 'the same'), 'same'),
      ];
      const { head, changed } = await mergeAndTell(ours, theirs);
      expect(changed).toEqual([]);
      expect(head).toMatchObject({ description: 'the same', tags: ['same'], version: ours.version });
    });

    test('R-6.7: what the source took back is taken back', async () => {
      const head = await create();
      const one = await commitIt(head);
      const two = await commitIt(await tagIt(await describeAs(head, 'added'), 'added'));
      const copy = await tagIt(await cloneIt(two), 'own');
      const reverted = await commitIt(await restoreTo(await now(head), one), 'revert');
      const { head: merged, changed } = await mergeAndTell(copy, reverted);
      expect(changed).toEqual(['description', 'tags/added']);
      expect(merged).toMatchObject({ description: null, tags: ['own'] });
    });
  });

  describe('all or nothing', () => {
    test('R-6.7: an unresolved conflict changes nothing, and comes back as data', async () => {
      const { head, copy } = await inConflict();
      const [ours, theirs] = [await tagIt(head, 'spelt'), await tagIt(copy, 'Spelt', 'new')];
      const before = await allRows(api.dataSource);
      const error = await refuse(ours, theirs);
      expect(error).toMatchObject({
        __typename: 'MergeConflictError',
        code: 'MERGE_CONFLICT',
        path: ['input', 'resolutions'],
        message:
          'Both sides changed differently: Description, from line 1; Tag "spelt". Say for each of the `conflicts` which side to take, in `resolutions`. Nothing was changed.',
      });
      expect(conflictsOf(error)).toEqual([
        ['description/1', 'of both', 'of the origin', 'of the copy'],
        ['tags/spelt', null, 'spelt', 'Spelt'],
      ]);
      expect(conflictsOf(await refuse(ours, theirs, of('THEIRS', 'description/1')))).toEqual([
        ['tags/spelt', null, 'spelt', 'Spelt'],
      ]);
      expect(await allRows(api.dataSource)).toEqual(before);
    });

    test('R-6.7: a resolution names one conflict, once', async () => {
      const { head, copy } = await inConflict();
      const before = await allRows(api.dataSource);
      expect(await refuse(head, copy, of('OURS', 'description/1', 'description/1'))).toMatchObject({
        code: 'INVALID',
        path: ['input', 'resolutions', '1', 'path'],
        message: 'The conflict description/1 is resolved twice: name each path once.',
      });
      expect(await refuse(head, copy, of('OURS', 'description/1', 'tags/none'))).toMatchObject({
        code: 'INVALID',
        path: ['input', 'resolutions', '1', 'path'],
        message:
          'tags/none is no conflict of this merge: pass the `path` of one of the `conflicts` of `mergePreview`, unchanged.',
      });
      const many = Array.from({ length: 2001 }, (_, index) => `tags/${index}`);
      expect(await refuse(head, copy, of('OURS', ...many))).toMatchObject({
        code: 'LIMIT_EXCEEDED',
        path: ['input', 'resolutions'],
      });
      expect(await allRows(api.dataSource)).toEqual(before);
    });

    test('R-6.9: STALE, with the version that HEAD has now', async () => {
      const { head, copy } = await inConflict();
      const before = await allRows(api.dataSource);
      expect(await refuse({ ...head, version: head.version - 1 }, copy)).toMatchObject({
        __typename: 'StaleVersionError',
        code: 'STALE',
        currentVersion: head.version,
        path: ['input', 'expectedVersion'],
      });
      expect(await allRows(api.dataSource)).toEqual(before);
    });

    test('R-6.1: only into a live HEAD', async () => {
      const head = await create();
      const one = await commitIt(head);
      const copy = await cloneIt(await tagIt(head, 'dirty'));
      const [[, , [snapshotId]]] = (await historyOf(account, copy)) as [[string, string, [string]]];
      const deleted = await cloneIt(one, 'deleted');
      await done(account, `delete${kind}`, { id: deleted.id });
      for (const into of [one, { id: snapshotId, version: 2 }, deleted])
        expect(await refuse(into, copy)).toMatchObject({ code: 'NOT_EDITABLE', path: ['input', 'intoId'] });
    });

    test('R-5.5: from what was deleted: it can still be read', async () => {
      const head = await create();
      const copy = await cloneIt(await commitIt(head));
      const two = await commitIt(await tagIt(head, 'last words'));
      await done(account, `delete${kind}`, { id: head.id });
      expect((await mergeIt(copy, two)).tags).toEqual(['last words']);
    });

    test('R-2.2: what another account has isn’t there', async () => {
      const head = await create();
      const mine = account;
      account = await api.account();
      const foreign = await create();
      const expected = (field: string) => ({ code: 'NOT_FOUND', path: ['input', field] });
      expect(await refusedMerge(mine, kind, head, foreign)).toMatchObject(expected('fromId'));
      expect(await refusedMerge(mine, kind, foreign, head)).toMatchObject(expected('intoId'));
    });
  });

  describe('undoing it', () => {
    const commits = async (head: Data) =>
      (await historyOf(account, head)).filter(([event]: any) => event === 'COMMITTED').length;

    test('R-6.8: uncommitted work is committed first, and the merge’s parents are that and theirs', async () => {
      const head = await create();
      const one = await commitIt(head);
      const copy = await tagIt(await cloneIt(one), 'theirs');
      const theirs = await commitIt(copy);
      const dirty = await tagIt(head, 'ours');
      const merged = await mergeIt(dirty, theirs);
      const history = (await historyOf(account, head)) as [string, string, string[]][];
      const twoId = history[1]?.[1] ?? '';
      expect(history).toEqual([
        ['MERGED', head.id, [twoId, theirs.id]],
        ['COMMITTED', twoId, [one.id]],
        ['COMMITTED', one.id, []],
        ['CREATED', head.id, []],
      ]);
      expect(await readVersion(account, kind, twoId)).toMatchObject({
        revision: 2,
        commitMessage: 'Before merging copy [rev 1]',
        committedBy: { name: `User of ${account.name}` },
        tags: ['ours'],
      });
      expect(await lastMerge(account, kind)).toEqual({
        fromId: theirs.id,
        takenFromId: theirs.id,
        baseId: one.id,
        committedRevision: 2,
        changes: [{ path: ['tags', 'theirs'], kind: 'ADDED' }],
      });
      expect(tagsOf(merged)).toEqual(['ours', 'theirs']);
      expect(merged.version).toBe(dirty.version + 1);
      // Commit passes the parents on.
      const three = await commitIt(merged);
      expect((await historyOf(account, head))[0]).toEqual(['COMMITTED', three.id, [twoId, theirs.id]]);
      // And this undoes it.
      const undone = await restoreTo(merged, { id: twoId });
      expect(undone.tags).toEqual(['ours']);
    });

    test('R-6.8: the message names HEADs, too', async () => {
      const { head, copy } = await inConflict();
      await mergeIt(head, copy, of('OURS', 'description/1'));
      const [, [, committedId]] = (await historyOf(account, head)) as [unknown, [string, string]];
      expect((await readVersion(account, kind, committedId)).commitMessage).toBe(
        'Before merging copy [HEAD]',
      );
    });

    test('R-6.8: a HEAD that equals its last revision is not committed again', async () => {
      const head = await create();
      const one = await commitIt(head);
      const theirs = await tagIt(await cloneIt(one), 'theirs');
      await mergeIt(head, theirs);
      expect(await commits(head)).toBe(1);
      expect((await lastMerge(account, kind)).committedRevision).toBeNull();
    });

    if (createEmpty !== null)
      test('R-6.8: a HEAD that may not be committed refuses the merge', async () => {
        const empty = await createEmpty();
        const theirs = await commitIt(await create());
        const { conflicts } = await refuse(empty, theirs);
        const resolutions = conflicts.map(({ path }: Data) => ({ path, take: 'THEIRS' }));
        const before = await allRows(api.dataSource);
        const error = await refuse(empty, theirs, { resolutions });
        expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'intoId'] });
        expect(error.message).toMatch(/needs at least one .* to be committed/);
        expect(await allRows(api.dataSource)).toEqual(before);
      });

    test('R-6.8: merging again right after finds nothing', async () => {
      const { head, copy } = await inConflict();
      const merged = await mergeIt(head, copy, of('THEIRS', 'description/1'));
      const before = await allRows(api.dataSource);
      expect(await preview(account, merged, copy)).toMatchObject({ clean: true, changes: [], conflicts: [] });
      expect(await mergeIt(merged, copy)).toMatchObject({ version: merged.version });
      expect(await allRows(api.dataSource)).toEqual(before);
      await commitIt(merged);
      const committed = await allRows(api.dataSource);
      await mergeIt(merged, copy);
      expect(await allRows(api.dataSource)).toEqual(committed);
    });

    test('R-6.8: merge, restore, merge proposes and does the same', async () => {
      const { head, copy } = await inConflict();
      const [ours, theirs] = [await commitIt(head), await commitIt(await tagIt(copy, 'theirs'))];
      const resolved = of('THEIRS', 'description/1');
      const proposed = await preview(account, head, theirs);
      expect(proposed).toMatchObject({ clean: false, conflicts: [{ path: ['description', '1'] }] });
      const first = await mergeAndTell(head, theirs, resolved);
      const restored = await restoreTo(first.head, ours);
      expect(await preview(account, restored, theirs)).toEqual(proposed);
      const second = await mergeAndTell(restored, theirs, resolved);
      expect([second.baseId, second.changed]).toEqual([first.baseId, first.changed]);
      expect(await everything(head.id)).toEqual({
        ...(await everything(head.id)),
        description: 'of the copy',
        tags: ['theirs'],
        version: first.head.version + 2,
      });
    });

    test('R-6.8: of a HEAD that moves on only the new edits come', async () => {
      const head = await create();
      const source = await tagIt(await cloneIt(await commitIt(head), 'source'), 'first');
      const once = await mergeAndTell(head, source);
      expect(once.changed).toEqual(['tags/first']);
      // Ours decides otherwise; what was merged doesn't come again.
      const without = await untagIt(once.head, 'first');
      const twice = await mergeAndTell(without, await tagIt(await now(source), 'second'));
      expect(twice.changed).toEqual(['tags/second']);
      expect(twice.head.tags).toEqual(['second']);
      const { isSnapshot, tags } = await readVersion(account, kind, twice.baseId);
      expect([isSnapshot, tags]).toEqual([true, ['first']]);
    });

    test('R-6.8: what a HEAD was merged with counts, also when its content is an own snapshot’s again', async () => {
      const head = await create();
      const one = await commitIt(head);
      const experiment = await cloneIt(await describeAs(head, 'an experiment'), 'experiment');
      const [[, , [snapshotId]]] = (await historyOf(account, experiment)) as [[string, string, [string]]];
      const two = await commitIt(await describeAs(await restoreTo(await now(head), one), 'another way'));
      const copy = await cloneIt(two);
      const back = await mergeIt(await now(head), { id: snapshotId }, of('THEIRS', 'description'));
      // HEAD holds what the snapshot does, but comes from revision 2 as well: that is the base, and ours didn't move.
      const { baseId, head: merged } = await mergeAndTell(copy, back);
      expect([baseId, merged.description]).toEqual([two.id, 'an experiment']);
    });

    test('R-2.4: one audit entry for all of it', async () => {
      const { head, copy } = await inConflict();
      const before = (await auditOf(account)).length;
      await mergeIt(head, copy, of('THEIRS', 'description/1'));
      const added = (await auditOf(account)).slice(before);
      expect(added.map(({ action }) => action)).toEqual([`${fieldOf(kind)}.merge`]);
      expect(added[0]?.changes).toMatchObject({
        fromId: copy.id,
        committedRevision: 2,
        changes: [{ path: ['description'], kind: 'MODIFIED' }],
      });
    });
  });
});
