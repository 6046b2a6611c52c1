import { changedAtoms, sameOrder } from '../../../src/domain/merge/changed-atoms';

test('what is new or otherwise, in the order of the second', () => {
  const before = new Map<string, { a: number; b: number } | null>([
    ['gone', null],
    ['same', { a: 1, b: 2 }],
    ['other', { a: 1, b: 2 }],
    ['null', null],
  ]);
  const after = new Map<string, { a: number; b: number } | null>([
    ['new', null],
    ['null', null],
    ['other', { a: 1, b: 3 }],
    ['same', { b: 2, a: 1 }],
  ]);
  expect(changedAtoms(before, after)).toEqual([
    ['new', null],
    ['other', { a: 1, b: 3 }],
  ]);
});

test.each([
  ['', '', true],
  ['ab', 'ab', true],
  ['ab', 'ba', false],
  ['ab', 'abc', false],
  ['abc', 'ab', false],
])('whether %j and %j are one order: %s', (left, right, same) => {
  expect(sameOrder([...left], [...right])).toBe(same);
});
