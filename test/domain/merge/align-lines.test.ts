import fc from 'fast-check';
import { comparisons, differingStretches, linesOf } from '../../../src/domain/merge/align-lines';

const cut = (left: string, right: string) =>
  differingStretches({ left: [...left], right: [...right] }).map((stretches) => [
    linesOf(stretches.left).join(''),
    linesOf(stretches.right).join(''),
  ]);

test.each([
  ['equal texts', 'abc', 'abc', []],
  ['common ends', 'xxaxx', 'xxbxx', [['a', 'b']]],
  ['repeated lines, which are no ends of both texts twice', 'xx', 'xxx', [['', 'x']]],
  [
    'a line that each has once',
    'aMbc',
    'dMec',
    [
      ['a', 'd'],
      ['b', 'e'],
    ],
  ],
  ['a line that one has twice', 'aMMb', 'cMd', [['aMMb', 'cMd']]],
  ['lines that cross', 'aABb', 'cBAd', [['aABb', 'cBAd']]],
  [
    'lines that stand behind crossing ones',
    'aABbMe',
    'cBAdMf',
    [
      ['aABb', 'cBAd'],
      ['e', 'f'],
    ],
  ],
])('%s', (_title, left, right, expected) => {
  expect(cut(left, right)).toEqual(expected);
  expect(cut(right, left)).toEqual(expected.map((pair) => [...pair].reverse()));
});

test('what is between the stretches is the same in all texts, whatever their order', () => {
  const texts = fc.array(fc.constantFrom('', 'x', 'A', 'B', 'C', 'D', 'E', '__proto__'), { maxLength: 12 });
  fc.assert(
    fc.property(texts, texts, texts, (base, ours, theirs) => {
      const stretches = differingStretches({ base, ours, theirs });
      const outside = (name: 'base' | 'ours' | 'theirs', lines: string[]) =>
        [...stretches, null].map((stretch, index) =>
          lines.slice(stretches[index - 1]?.[name].end ?? 0, stretch?.[name].start),
        );
      expect(outside('ours', ours)).toEqual(outside('base', base));
      expect(outside('theirs', theirs)).toEqual(outside('base', base));
      expect(differingStretches({ theirs, ours, base })).toEqual(stretches);
    }),
    { numRuns: 1000 },
  );
});

test('comparisons are the pairs of equal lines, each times the shorter length', () => {
  expect(comparisons(['x', 'x', 'y'], ['x', 'x', 'z', 'y'])).toBe((2 * 2 + 1) * 3);
  expect(comparisons([], ['x'])).toBe(0);
});
