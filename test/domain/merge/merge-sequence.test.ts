import type { Sequence } from '../../../src/domain/merge/content';
import { mergeFields, sequence, spelled } from './content-kit';

const merge = (base: string | null, ours: string, theirs: string, resolutions = {}) => {
  const { merged, conflicts, unused } = mergeFields(
    base === null ? null : { list: sequence(base) },
    { list: sequence(ours) },
    { list: sequence(theirs) },
    resolutions,
  );
  return { merged: spelled(merged.list as Sequence), conflicts, unused };
};

test.each([
  ['nothing changed', 'a b c', 'a b c', 'a b c', 'a b c'],
  ['ours reordered', 'a b c', 'c a b', 'a b c', 'c a b'],
  ['theirs reordered', 'a b c', 'a b c', 'c a b', 'c a b'],
  ['both reordered alike', 'a b c', 'c b a', 'c b a', 'c b a'],
  ['one reordered, the other removed', 'a b c', 'c b a', 'a c', 'c a'],
  ['each removed another', 'a b c', 'a c', 'a b', 'a'],
  ['a removal is no reordering', 'a b c d', 'a c d', 'a d b c', 'a d c'],
  ['an addition is no reordering', 'a b', 'a n b', 'b a', 'b a n'],
  ['both added the same', 'a b', 'a n b', 'a n b', 'a n b'],
  ['both added the same at different places: as ours', 'a b', 'a n b', 'a b n', 'a n b'],
  ['both added the same two in different orders: as ours', 'a', 'a m n', 'a n m', 'a m n'],
  ['both added behind the same: ours first', 'a b', 'a m b', 'a n b', 'a m n b'],
  ['both added several behind the same', 'a b', 'a m n b', 'a p q b', 'a m n p q b'],
  ['both added at the front', 'a', 'm a', 'n a', 'm n a'],
  ['both added to nothing', '', 'm n', 'p q', 'm n p q'],
  ['both added one alike and others around it', 'a', 'a m k', 'a n k', 'a m n k'],
  ['theirs added behind what both added', 'a', 'a k m', 'a k n', 'a k m n'],
  ['an addition follows its predecessor in the new order', 'a b c', 'c b a', 'a n b c', 'c b a n'],
  ['its predecessor is gone: the one before it', 'a b c', 'a c', 'a b n c', 'a n c'],
  ['all its predecessors are gone: the front', 'a b', 'b', 'a n b', 'n b'],
  ['one modified, the other moved', 'a b c', 'a2 b c', 'b c a', 'b c a2'],
])('R-6.7 %s: (%s) ours (%s) theirs (%s) gives (%s)', (_title, base, ours, theirs, merged) => {
  expect(merge(base, ours, theirs)).toEqual({ merged, conflicts: [], unused: [] });
});

test('R-6.7 both reordered the common ones differently: one conflict', () => {
  const conflict = {
    path: ['list', 'order'],
    base: ['a', 'b', 'c'],
    ours: ['c', 'a', 'b'],
    theirs: ['b', 'a', 'c'],
  };
  const sides = ['a b c x', 'c m a b', 'b a n c x'] as const;
  expect(merge(...sides)).toEqual({
    merged: 'c m a n b',
    conflicts: [conflict],
    unused: [],
  });
  const resolved = (side: string) => merge(...sides, { 'list/order': side });
  expect(resolved('OURS')).toEqual({ merged: 'c m a n b', conflicts: [], unused: [] });
  expect(resolved('THEIRS')).toEqual({ merged: 'b a n c m', conflicts: [], unused: [] });
  expect(resolved('BASE')).toEqual({ merged: 'a n b c m', conflicts: [], unused: [] });
});

test('R-6.7 an item conflicts on its own, shown as its value', () => {
  const one = { value: { revision: 1 } };
  const two = { value: { revision: 2 } };
  const three = { value: { revision: 3 } };
  expect(merge('a b', 'a2 b', 'a3 b').conflicts).toEqual([
    { path: ['list', 'a'], base: one, ours: two, theirs: three },
  ]);
  expect(merge('a b', 'b', 'a2 b').conflicts).toEqual([
    { path: ['list', 'a'], base: one, ours: null, theirs: two },
  ]);
  expect(merge('b', 'a2 b', 'b a3').conflicts).toEqual([
    { path: ['list', 'a'], base: null, ours: two, theirs: three },
  ]);
});

test.each([
  ['OURS', 'b c'],
  ['THEIRS', 'b a2 c'],
  ['BASE', 'b a c'],
])('R-6.7 removed and modified, resolved by %s: it comes back behind its predecessor', (side, merged) => {
  expect(merge('b a c', 'b c', 'b a2 c', { 'list/a': side })).toEqual({ merged, conflicts: [], unused: [] });
});

test('R-6.7 without a common ancestor the common ones are those of both sides', () => {
  expect(
    merge(null, 'a b m', 'n b a').conflicts.map(({ path, ours, theirs }) => [path[1], ours, theirs]),
  ).toEqual([
    ['m', { value: { revision: 1 } }, null],
    ['n', null, { value: { revision: 1 } }],
    ['order', ['a', 'b'], ['b', 'a']],
  ]);
  expect(
    merge(null, 'a b m', 'n b a', { 'list/m': 'OURS', 'list/n': 'THEIRS', 'list/order': 'THEIRS' }),
  ).toEqual({ merged: 'n b m a', conflicts: [], unused: [] });
});
