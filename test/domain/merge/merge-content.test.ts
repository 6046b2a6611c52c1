import type { Atom, KeyedAtoms, Sequence } from '../../../src/domain/merge/content';
import { mergeContent, type MergeResult } from '../../../src/domain/merge/merge-content';
import { content, mergeFields, SCHEMA, sequence } from './content-kit';

type Fields = Parameters<typeof content>[0];

const conflictsOf = ({ conflicts }: MergeResult) =>
  conflicts.map(({ path, base, ours, theirs }): [string, Atom, Atom, Atom] => [
    path.join('/'),
    base,
    ours,
    theirs,
  ]);

describe('R-6.7 an atomic field', () => {
  test.each([
    ['neither changed', 'a', 'a', 'a', 'a'],
    ['ours changed', 'a', 'b', 'a', 'b'],
    ['theirs changed', 'a', 'a', 'b', 'b'],
    ['theirs emptied', 'a', 'a', null, null],
    ['both changed alike', 'a', 'b', 'b', 'b'],
  ])('%s', (_title, base, ours, theirs, merged) => {
    const result = mergeFields({ name: base }, { name: ours }, { name: theirs });
    expect(result).toEqual({ merged: content({ name: merged }), conflicts: [], unused: [] });
  });

  test('both changed it differently: a conflict, resolved by any of the three', () => {
    const sides: [Fields, Fields, Fields] = [{ name: 'a' }, { name: 'b' }, { name: null }];
    const open = mergeFields(...sides);
    expect(conflictsOf(open)).toEqual([['name', 'a', 'b', null]]);
    expect(open.merged.name).toBe('b');
    expect(mergeFields(...sides, { name: 'OURS' }).merged.name).toBe('b');
    expect(mergeFields(...sides, { name: 'THEIRS' }).merged.name).toBeNull();
    expect(mergeFields(...sides, { name: 'BASE' })).toEqual({
      merged: content({ name: 'a' }),
      conflicts: [],
      unused: [],
    });
  });
});

describe('R-6.7 a setting is one atom', () => {
  const one = { image: 'a', type: 'x' };
  const two = { image: 'b', type: 'x' };
  const three = { image: 'a', type: 'y' };
  const settings = (...entries: [string, Atom][]): Fields => ({ settings: new Map(entries) });

  test.each<[string, Fields, Fields, Fields, Fields]>([
    ['added by ours', settings(), settings(['c', one]), settings(), settings(['c', one])],
    ['added by theirs', settings(), settings(), settings(['c', one]), settings(['c', one])],
    [
      'added alike by both',
      settings(),
      settings(['c', one]),
      settings(['c', { ...one }]),
      settings(['c', one]),
    ],
    ['removed by one', settings(['c', one]), settings(['c', one]), settings(), settings()],
    ['removed by both', settings(['c', one]), settings(), settings(), settings()],
    [
      'modified by one',
      settings(['c', one]),
      settings(['c', two]),
      settings(['c', one]),
      settings(['c', two]),
    ],
    [
      'different ones by both',
      settings(['c', one], ['d', one]),
      settings(['c', two], ['d', one]),
      settings(['c', one], ['__proto__', one]),
      settings(['c', two], ['__proto__', one]),
    ],
  ])('%s: no conflict', (_title, base, ours, theirs, merged) => {
    expect(mergeFields(base, ours, theirs)).toEqual({ merged: content(merged), conflicts: [], unused: [] });
  });

  test.each<[string, Fields, Fields, Fields, [Atom, Atom, Atom]]>([
    ['added differently', settings(), settings(['c', one]), settings(['c', two]), [null, one, two]],
    [
      'modified in different properties',
      settings(['c', one]),
      settings(['c', two]),
      settings(['c', three]),
      [one, two, three],
    ],
    ['modified and deleted', settings(['c', one]), settings(['c', two]), settings(), [one, two, null]],
    ['deleted and modified', settings(['c', one]), settings(), settings(['c', two]), [one, null, two]],
  ])('%s: a conflict', (_title, base, ours, theirs, [was, our, their]) => {
    expect(conflictsOf(mergeFields(base, ours, theirs))).toEqual([['settings/c', was, our, their]]);
    for (const [side, atom] of [
      ['BASE', was],
      ['OURS', our],
      ['THEIRS', their],
    ] as const)
      expect(mergeFields(base, ours, theirs, { 'settings/c': side })).toEqual({
        merged: content(settings(...(atom === null ? [] : [['c', atom] as [string, Atom]]))),
        conflicts: [],
        unused: [],
      });
  });
});

test('R-6.7 a key with `null` is not a key that is missing', () => {
  const nothing: Fields = { settings: new Map([['c', null]]) };
  expect(mergeFields({}, nothing, {}).merged).toEqual(content(nothing));
  expect(mergeFields(nothing, {}, nothing).merged).toEqual(content({}));
  expect(mergeFields(null, nothing, {}).conflicts).toEqual([
    { path: ['settings', 'c'], base: null, ours: null, theirs: null },
  ]);
});

test('R-6.7 tags are a set: both sides add and remove, only two spellings of one collide', () => {
  const tags = (...written: string[]): Fields => ({
    tags: new Map(written.map((tag) => [tag.toLowerCase(), tag])),
  });
  const clean = mergeFields(tags('a', 'b'), tags('b', 'c'), tags('a', 'd'));
  expect(clean).toEqual({ merged: content(tags('c', 'd')), conflicts: [], unused: [] });
  expect(conflictsOf(mergeFields(tags(), tags('Blue'), tags('BLUE')))).toEqual([
    ['tags/blue', null, 'Blue', 'BLUE'],
  ]);
});

test('R-6.7 tags and keys stay in the order of ours, with what theirs adds behind in the order of theirs', () => {
  const ordered = (...keys: string[]): Fields => ({
    tags: new Map(keys.map((key) => [key, key])),
    settings: new Map(keys.map((key) => [key, key])),
  });
  const { merged } = mergeFields(
    ordered('m', 'gone', 'a'),
    ordered('z', 'm', 'gone', 'b', 'a'),
    ordered('y', 'a', 'm', 'c'),
  );
  const expected = ['z', 'm', 'b', 'a', 'y', 'c'];
  expect([...(merged.tags as KeyedAtoms).keys()]).toEqual(expected);
  expect([...(merged.settings as KeyedAtoms).keys()]).toEqual(expected);
});

describe('R-6.7 without a common ancestor every difference is a conflict', () => {
  const ours: Fields = {
    name: 'a',
    text: 'one\ntwo',
    tags: new Map([['blue', 'blue']]),
    settings: new Map([['c', { image: 'a' }]]),
    list: sequence('a b c'),
    group: { inner: sequence('a') },
  };
  const theirs: Fields = { name: 'b', text: 'one', list: sequence('c a b2') };

  test('per atomic field, text, key, item and order', () => {
    expect(conflictsOf(mergeFields(null, ours, theirs))).toEqual([
      ['group/inner/a', null, { value: { revision: 1 } }, null],
      ['list/b', null, { value: { revision: 1 } }, { value: { revision: 2 } }],
      ['list/order', null, ['a', 'b', 'c'], ['c', 'a', 'b']],
      ['name', null, 'a', 'b'],
      ['settings/c', null, { image: 'a' }, null],
      ['tags/blue', null, 'blue', null],
      ['text', null, 'one\ntwo', 'one'],
    ]);
  });

  test('BASE resolves nothing', () => {
    const result = mergeFields(null, { name: 'a' }, { name: 'b' }, { name: 'BASE' });
    expect(conflictsOf(result)).toEqual([['name', null, 'a', 'b']]);
    expect(result.unused).toEqual([]);
  });

  test('equal contents have no conflict', () => {
    expect(mergeFields(null, ours, ours)).toEqual({ merged: content(ours), conflicts: [], unused: [] });
  });
});

test('R-6.7 across lineages the name stays', () => {
  const merged = (keep: string[]) =>
    mergeContent(SCHEMA, {
      base: content({ name: 'a' }),
      ours: content({ name: 'a' }),
      theirs: content({ name: 'b', text: 'new' }),
      resolutions: new Map(),
      keep: new Set(keep),
    });
  expect(merged([]).merged).toEqual(content({ name: 'b', text: 'new' }));
  expect(merged(['name'])).toEqual({
    merged: content({ name: 'a', text: 'new' }),
    conflicts: [],
    unused: [],
  });
});

test('conflicts and unused resolutions are sorted by path, lines of a text by number', () => {
  const lines = (mark: string) =>
    Array.from({ length: 12 }, (_, index) => (index % 3 === 1 ? `${mark}${index}` : `line ${index}`)).join(
      '\n',
    );
  const sides = [lines('b'), lines('o'), lines('t')].map((text) => ({ name: text, text }));
  const [base = {}, ours = {}, theirs = {}] = sides;
  const { conflicts, unused } = mergeFields(base, ours, theirs, {
    'text/11': 'OURS',
    'text/3': 'OURS',
    'text/10': 'OURS',
    text: 'OURS',
    'list/order': 'BASE',
  });
  expect(conflicts.map(({ path }) => path.join('/'))).toEqual(['name', 'text/2', 'text/5', 'text/8']);
  expect(unused.map((path) => path.join('/'))).toEqual(['list/order', 'text', 'text/3', 'text/10']);
});

test('what is merged does not share its maps with the sides', () => {
  const ours = content({ list: sequence('a') });
  const { merged } = mergeContent(SCHEMA, { base: ours, ours, theirs: ours, resolutions: new Map() });
  expect((merged.list as Sequence).items).not.toBe((ours.list as Sequence).items);
  expect(merged).toEqual(ours);
});
