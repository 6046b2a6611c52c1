import fc from 'fast-check';
import { ComparisonBudget } from '../../../src/domain/merge/comparison-budget';
import { unifiedLines as unifiedLinesWithin } from '../../../src/domain/merge/text-diff';

const unifiedLines = (before: string, after: string, context?: number) =>
  unifiedLinesWithin(before, after, new ComparisonBudget(), context);

const lines = (text: string) => text.replaceAll(' ', '\n');

test.each([
  ['equal texts', 'a b', 'a b', []],
  ['empty texts', '', '', []],
  ['a line edited', 'a b c', 'a B c', ['@@ -1,3 +1,3 @@', ' a', '-b', '+B', ' c']],
  ['a line added at the top', 'a b', 'x a b', ['@@ -1,2 +1,3 @@', '+x', ' a', ' b']],
  [
    'three lines around',
    '1 2 3 4 5 6 7 8 9',
    '1 2 3 4 x 6 7 8 9',
    ['@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+x', ' 6', ' 7', ' 8'],
  ],
  [
    'differences that share context are one hunk',
    '1 2 3 4 5 6 7 8',
    'x 2 3 4 5 6 7 y',
    ['@@ -1,8 +1,8 @@', '-1', '+x', ' 2', ' 3', ' 4', ' 5', ' 6', ' 7', '-8', '+y'],
  ],
  [
    'differences further apart are two',
    '1 2 3 4 5 6 7 8 9',
    'x 2 3 4 5 6 7 8 y',
    ['@@ -1,4 +1,4 @@', '-1', '+x', ' 2', ' 3', ' 4', '@@ -6,4 +6,4 @@', ' 6', ' 7', ' 8', '-9', '+y'],
  ],
  ['a line break at the end', 'a', 'a ', ['@@ -1,1 +1,2 @@', ' a', '+']],
])('R-6.6 %s', (_title, before, after, expected) => {
  expect(unifiedLines(lines(before), lines(after))).toEqual(expected);
});

test('R-6.6 without context a hunk names the line that an addition or removal stands behind', () => {
  expect(unifiedLines(lines('a b c'), lines('a x b'), 0)).toEqual([
    '@@ -1,0 +2,1 @@',
    '+x',
    '@@ -3,1 +3,0 @@',
    '-c',
  ]);
});

/** What `patch` would do: takes the hunks by their numbers and checks every line that they name. */
function patched(before: string, hunks: readonly string[]): string {
  const old = before.split('\n');
  const result: string[] = [];
  let reached = 0;
  let expected = [0, 0];
  for (const line of hunks) {
    const header = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(line);
    if (header) {
      expect(expected).toEqual([0, 0]);
      const [oldStart = 0, oldCount = 0, newStart = 0, newCount = 0] = header.slice(1).map(Number);
      const start = oldCount === 0 ? oldStart : oldStart - 1;
      result.push(...old.slice(reached, start));
      reached = start;
      expect(result).toHaveLength(newCount === 0 ? newStart : newStart - 1);
      expected = [oldCount, newCount];
      continue;
    }
    const [oldLeft = 0, newLeft = 0] = expected;
    const mark = line.charAt(0);
    expect([' ', '-', '+']).toContain(mark);
    if (mark !== '+') expect(line.slice(1)).toBe(old[reached++]);
    if (mark !== '-') result.push(line.slice(1));
    expected = [oldLeft - Number(mark !== '+'), newLeft - Number(mark !== '-')];
  }
  expect(expected).toEqual([0, 0]);
  return [...result, ...old.slice(reached)].join('\n');
}

test('R-6.6 the hunks, applied to the one text, give the other', () => {
  const texts = fc
    .array(fc.constantFrom('', '', 'a', 'b', '-', '+', '@@ -1,1 +1,1 @@', '__proto__'), { maxLength: 14 })
    .map((some) => some.join('\n'));
  fc.assert(
    fc.property(texts, texts, fc.nat(4), (before, after, context) => {
      const hunks = unifiedLines(before, after, context);
      expect(patched(before, hunks)).toBe(after);
      expect(hunks.length === 0).toBe(before === after);
    }),
    { numRuns: 1000 },
  );
});

test('R-6.6 texts of very many equal lines are shown as replaced where they differ', () => {
  const text = (first: string, count: number, last: string) =>
    ['top', first, ...Array.from({ length: count }, () => 'x'), last, 'end'].join('\n');
  const [before, after] = [text('a', 1000, 'b'), text('c', 1001, 'd')];
  const hunks = unifiedLines(before, after);
  expect(patched(before, hunks)).toBe(after);
  expect(hunks.filter((line) => line.startsWith('-'))).toHaveLength(1002);
  expect([hunks[0], hunks[1], hunks.at(-1)]).toEqual(['@@ -1,1004 +1,1005 @@', ' top', ' end']);
});
