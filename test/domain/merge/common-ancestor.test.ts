import fc from 'fast-check';
import {
  comesFrom,
  nearestCommonAncestor,
  type HistoryVersion,
} from '../../../src/domain/merge/common-ancestor';

/** `b: 'a'`: b comes from a; the number behind the parents is the time; `-`: the viewer may not read it. */
function history(versions: Record<string, string>): Map<string, HistoryVersion> {
  return new Map(
    Object.entries(versions).map(([id, text]) => {
      const words = text.split(' ').filter((word) => word !== '');
      return [
        id,
        {
          parentIds: words.filter((word) => /^[a-z]/.test(word)),
          at: new Date(Number(words.find((word) => /^\d/.test(word)) ?? 0)),
          readableAs: words.includes('-') ? null : id,
        },
      ];
    }),
  );
}

type Row = [
  title: string,
  versions: Record<string, string>,
  ours: string,
  theirs: string,
  base: string | null,
];

test.each<Row>([
  ['the same version', { a: '' }, 'a', 'a', 'a'],
  ['one comes from the other', { a: '', b: 'a', c: 'b' }, 'a', 'c', 'a'],
  ['a fork', { a: '', b: 'a', c: 'b', d: 'b' }, 'c', 'd', 'b'],
  ['nothing in common', { a: '', b: '', c: 'a' }, 'c', 'b', null],
  ['a later merge is nearer', { a: '', b: 'a', c: 'a', d: 'b c' }, 'd', 'c', 'c'],
  ['criss-cross: the latest committed', { a: '', b: 'a 1', c: 'a 2', d: 'b c', e: 'c b' }, 'd', 'e', 'c'],
  [
    'criss-cross at one moment: the greater id',
    { a: '', b: 'a 2', c: 'a 2', d: 'b c', e: 'c b' },
    'd',
    'e',
    'c',
  ],
  ['the latest counts only among the nearest', { a: '9', b: 'a 1', c: 'b', d: 'b' }, 'c', 'd', 'b'],
  ['a HEAD starts from several', { a: '', b: 'a 1', c: 'a 2', d: 'b', e: 'c' }, 'b c', 'd e', 'c'],
  ['a HEAD starts from nothing', { a: '' }, '', 'a', null],
  ['a version that is nowhere ends its line', { a: '', c: 'b', d: 'b a' }, 'c', 'd', null],
  ['another way round it counts', { a: '', c: 'b a', d: 'b a' }, 'c', 'd', 'a'],
  ['a starting version that is nowhere', { a: '' }, 'x', 'a', null],
  ['one that may not be read is passed over', { a: '', b: 'a -', c: 'b', d: 'b' }, 'c', 'd', 'a'],
  ['of several such ones, all are', { a: '', b: 'a -', c: 'b -', d: 'c', e: 'c' }, 'd', 'e', 'a'],
  ['sides that may not be read themselves', { a: '', b: 'a -', c: 'a -' }, 'b', 'c', 'a'],
  [
    'what may be read is not behind what may not',
    { a: '', b: '9', c: 'a 1 -', d: 'b c', e: 'b c' },
    'd',
    'e',
    'b',
  ],
  ['nothing that may be read', { a: '-', b: 'a', c: 'a' }, 'b', 'c', null],
  [
    'one behind another, past what may not be read',
    { a: '9', b: 'a -', c: 'b 1', d: 'c a', e: 'a c' },
    'd',
    'e',
    'c',
  ],
])('R-6.7 the base of a merge: %s', (_title, versions, ours, theirs, base) => {
  const ids = (text: string) => text.split(' ').filter((id) => id !== '');
  expect(nearestCommonAncestor(history(versions), ids(ours), ids(theirs))).toBe(base);
  expect(nearestCommonAncestor(history(versions), ids(theirs), ids(ours))).toBe(base);
});

test('R-6.8 what a version comes from is known also where it may not be read', () => {
  const versions = history({ a: '-', b: 'a -', c: 'b', d: '' });
  expect(['a', 'b', 'c', 'd', 'x'].map((id) => comesFrom(versions, ['c'], id))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(comesFrom(versions, [], 'a')).toBe(false);
  expect(comesFrom(versions, ['d', 'b'], 'a')).toBe(true);
});

test('R-6.7 a criss-cross history of 10,000 versions ends', () => {
  const versions = new Map<string, HistoryVersion>();
  for (let level = 0; level < 5000; level += 1)
    for (const side of ['a', 'b'])
      versions.set(`${side}${level}`, {
        parentIds: level === 0 ? [] : [`a${level - 1}`, `b${level - 1}`],
        at: new Date(level),
        readableAs: `${side}${level}`,
      });
  expect(nearestCommonAncestor(versions, ['a4999'], ['b4999'])).toBe('b4998');
});

test('R-6.7 it is what the words of the rule say, on any history', () => {
  const histories = fc
    .array(
      fc.record({
        parents: fc.uniqueArray(fc.nat(9), { maxLength: 3 }),
        at: fc.nat(3),
        readable: fc.boolean(),
      }),
      { minLength: 1, maxLength: 10 },
    )
    .map(
      (versions) =>
        new Map(
          versions.map(({ parents, at, readable }, index) => [
            `v${index}`,
            {
              parentIds: parents.filter((parent) => parent < index).map((parent) => `v${parent}`),
              at: new Date(at),
              readableAs: readable ? `v${index}` : null,
            },
          ]),
        ),
    );
  const starts = fc.uniqueArray(
    fc.nat(10).map((index) => `v${index}`),
    { minLength: 1, maxLength: 2 },
  );
  fc.assert(
    fc.property(histories, starts, starts, (versions, ours, theirs) => {
      const reaches = (from: string, id: string): boolean =>
        from === id || (versions.get(from)?.parentIds.some((parent) => reaches(parent, id)) ?? false);
      const ids = [...versions.keys()];
      const common = ids.filter(
        (id) =>
          versions.get(id)?.readableAs != null &&
          ours.some((start) => reaches(start, id)) &&
          theirs.some((start) => reaches(start, id)),
      );
      const nearest = common.filter((id) => !common.some((other) => other !== id && reaches(other, id)));
      const time = (id: string) => versions.get(id)?.at.getTime() ?? 0;
      const [best = null] = nearest.sort((one, other) => time(other) - time(one) || (one < other ? 1 : -1));
      expect(nearestCommonAncestor(versions, ours, theirs)).toBe(best);
    }),
    { numRuns: 1000 },
  );
});
