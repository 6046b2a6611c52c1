import fc from 'fast-check';
import { longestCommonOrder } from '../../../src/domain/merge/longest-common-order';

test.each([
  ['', '', ''],
  ['abc', 'abc', 'abc'],
  ['abc', 'xyz', ''],
  ['abcd', 'dabc', 'abc'],
  ['ab', 'ba', 'a'],
  ['cba', 'abc', 'a'],
  ['xaybz', 'ab', 'ab'],
  ['abcdef', 'acbdfe', 'abde'],
])('R-6.6 the longest common order of "%s" and "%s" is "%s", from either side', (left, right, common) => {
  expect(longestCommonOrder([...left], [...right]).join('')).toBe(common);
  expect(longestCommonOrder([...right], [...left]).join('')).toBe(common);
});

/** All orders that are left when any keys are dropped. */
function subsequences(keys: readonly string[]): string[][] {
  return keys.reduce<string[][]>((found, key) => [...found, ...found.map((some) => [...some, key])], [[]]);
}

test('R-6.6 it is the least of the longest of all common subsequences', () => {
  const orders = fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  fc.assert(
    fc.property(orders, orders, (left, right) => {
      const ofRight = new Set(subsequences(right).map((keys) => keys.join('')));
      const [best] = subsequences(left)
        .map((keys) => keys.join(''))
        .filter((keys) => ofRight.has(keys))
        .sort((one, other) => other.length - one.length || (one < other ? -1 : 1));
      expect(longestCommonOrder(left, right).join('')).toBe(best);
      expect(longestCommonOrder(right, left).join('')).toBe(best);
    }),
    { numRuns: 1000 },
  );
});

test('R-6.6 hundreds of keys, all in reverse, are no trouble', () => {
  const keys = Array.from({ length: 500 }, (_, index) => String(index).padStart(3, '0'));
  expect(longestCommonOrder(keys, keys.toReversed())).toEqual(['000']);
  expect(longestCommonOrder(keys, [...keys.slice(250), ...keys.slice(0, 250)])).toEqual(keys.slice(0, 250));
});
