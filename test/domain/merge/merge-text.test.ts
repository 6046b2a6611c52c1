import fc from 'fast-check';
import { TEXT } from '../../../src/domain/merge/content';
import { mergeContent } from '../../../src/domain/merge/merge-content';
import { mergeFields } from './content-kit';

const merge = (base: string | null, ours: string | null, theirs: string | null, resolutions = {}) => {
  const { merged, conflicts, unused } = mergeFields(
    { text: base },
    { text: ours },
    { text: theirs },
    resolutions,
  );
  return { merged: merged.text, conflicts, unused };
};

const lines = (text: string) => text.replaceAll(' ', '\n');

test.each([
  ['edits of different lines', 'a b c d e', 'A b c d e', 'a b c d E', 'A b c d E'],
  ['additions at both ends', 'a b', 'x a b', 'a b y', 'x a b y'],
  ['a removal and an edit', 'a b c d', 'b c d', 'a b c D', 'b c D'],
  ['the same edit by both beside another', 'a b c d e', 'A b c d E', 'A b c d e', 'A b c d E'],
  ['the same addition by both', 'a b c', 'a x b c', 'a x b C', 'a x b C'],
  ['a line that is called __proto__', 'a __proto__ b', 'A __proto__ b', 'a __proto__ B', 'A __proto__ B'],
])('R-6.7 %s: no conflict', (_title, base, ours, theirs, merged) => {
  expect(merge(lines(base), lines(ours), lines(theirs))).toEqual({
    merged: lines(merged),
    conflicts: [],
    unused: [],
  });
});

test('R-6.7 each region that both changed differently is a conflict of its own, at its line of the base', () => {
  const texts = [lines('a b c d e f'), lines('A b c d E f'), lines('AA b c d f')] as const;
  expect(merge(...texts)).toEqual({
    merged: texts[1],
    conflicts: [
      { path: ['text', '1'], base: 'a', ours: 'A', theirs: 'AA' },
      { path: ['text', '5'], base: 'e', ours: 'E', theirs: null },
    ],
    unused: [],
  });
  expect(merge(...texts, { 'text/1': 'BASE', 'text/5': 'THEIRS' })).toEqual({
    merged: lines('a b c d f'),
    conflicts: [],
    unused: [],
  });
  expect(merge(...texts, { 'text/1': 'THEIRS' }).conflicts.map(({ path }) => path)).toEqual([['text', '5']]);
});

test('R-6.7 a side without lines in a region differs from one with an empty line', () => {
  expect(merge('a\nb\nc', 'a\nc', 'a\n\nc').conflicts).toEqual([
    { path: ['text', '2'], base: 'b', ours: null, theirs: '' },
  ]);
  expect(merge('a\nc', 'a\nx\nc', 'a\ny\nc').conflicts).toEqual([
    { path: ['text', '2'], base: null, ours: 'x', theirs: 'y' },
  ]);
});

test.each([
  ['added by one', null, 'a', null, 'a'],
  ['added alike by both', null, 'a', 'a', 'a'],
  ['removed by one', 'a', 'a', null, null],
  ['emptied by one', 'a', '', 'a', ''],
])('R-6.7 a text %s', (_title, base, ours, theirs, merged) => {
  expect(merge(base, ours, theirs)).toEqual({ merged, conflicts: [], unused: [] });
});

test.each([
  ['added differently', null, 'a\nb', 'a'],
  ['modified and removed', 'a', 'a\nb', null],
  ['removed and modified', 'a', null, 'a\nb'],
])('R-6.7 a text %s conflicts as a whole', (_title, base, ours, theirs) => {
  expect(merge(base, ours, theirs).conflicts).toEqual([{ path: ['text'], base, ours, theirs }]);
});

test('R-6.7 no byte changes: line ends of either kind, and none at the end', () => {
  expect(merge('a\r\nb\nc\nd', 'A\r\nb\nc\nd', 'a\r\nb\nc\nd\n')).toEqual({
    merged: 'A\r\nb\nc\nd\n',
    conflicts: [],
    unused: [],
  });
});

test('R-6.7 tens of thousands of lines with edits far apart are merged by line', () => {
  const base = Array.from({ length: 30_000 }, (_, index) => (index % 5 === 0 ? '' : `line ${index}`));
  const edited = (...edits: [number, string][]) =>
    edits.reduce<string[]>((text, [index, line]) => text.with(index, line), base).join('\n');
  expect(merge(base.join('\n'), edited([1, 'x'], [29_999, 'x']), edited([15_000, 'y']))).toEqual({
    merged: edited([1, 'x'], [29_999, 'x'], [15_000, 'y']),
    conflicts: [],
    unused: [],
  });
});

test('R-6.7 texts of so many equal lines that comparing them would take too long are atomic', () => {
  const text = (first: string, count: number, last: string) =>
    [first, ...Array.from({ length: count }, () => 'x'), last].join('\n');
  const [base, ours, theirs] = [text('a', 1000, 'b'), text('c', 1001, 'd'), text('e', 1002, 'f')] as const;
  expect(merge(base, ours, theirs)).toEqual({
    merged: ours,
    conflicts: [{ path: ['text'], base, ours, theirs }],
    unused: [],
  });
  expect(merge(base, theirs, ours).conflicts.map(({ path }) => path)).toEqual([['text']]);
  expect(merge(base, ours, theirs, { text: 'THEIRS' })).toEqual({
    merged: theirs,
    conflicts: [],
    unused: [],
  });
});

describe('R-6.7 a text with very many regions in conflict', () => {
  const text = (count: number, mark: string) =>
    Array.from({ length: count }, (_, index) => `${mark} ${index}\nfixed ${index}`).join('\n');
  const sides = (count: number) => [text(count, 'base'), text(count, 'ours'), text(count, 'theirs')] as const;

  test('has a conflict for each, up to 200', () => {
    expect(merge(...sides(200)).conflicts).toHaveLength(200);
  });

  test('is one conflict above, whichever side is which', () => {
    const [base, ours, theirs] = sides(201);
    expect(merge(base, ours, theirs)).toEqual({
      merged: ours,
      conflicts: [{ path: ['text'], base, ours, theirs }],
      unused: [],
    });
    expect(merge(base, theirs, ours).conflicts).toEqual([
      { path: ['text'], base, ours: theirs, theirs: ours },
    ]);
    expect(merge(base, ours, theirs, { text: 'BASE' })).toEqual({ merged: base, conflicts: [], unused: [] });
    // Lines are no paths then.
    expect(merge(base, ours, theirs, { 'text/1': 'BASE' }).unused).toEqual([['text', '1']]);
  });
});

test('R-6.7 the texts of a merge share what may be compared: one is merged by line, the next is atomic', () => {
  // 270 * 270 pairs of equal lines, times the length, for each side: 40 of the 50 million.
  const text = (first: string, last: string) =>
    [first, ...Array.from({ length: 270 }, () => 'x'), last].join('\n');
  const [base, ours, theirs] = [text('a', 'b'), text('c', 'b'), text('a', 'd')] as const;
  const content = (side: string) => ({ first: side, second: side });
  const { merged, conflicts } = mergeContent(
    { first: TEXT, second: TEXT },
    { base: content(base), ours: content(ours), theirs: content(theirs), resolutions: new Map() },
  );
  expect(merged).toEqual({ first: text('c', 'd'), second: ours });
  expect(conflicts).toEqual([{ path: ['second'], base, ours, theirs }]);
});

test('R-6.7 edits separated by an untouched line never conflict, and all arrive', () => {
  const edits = fc.array(fc.constantFrom('none', 'ours', 'theirs'), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(edits, fc.boolean(), (owners, removes) => {
      const text = (...changed: string[]) =>
        owners
          .flatMap((owner, index) => [
            ...(changed.includes(owner) ? (removes ? [] : [`${owner} ${index}`, 'more']) : [`line ${index}`]),
            `fixed ${index}`,
          ])
          .join('\n');
      expect(merge(text(), text('ours'), text('theirs'))).toEqual({
        merged: text('ours', 'theirs'),
        conflicts: [],
        unused: [],
      });
    }),
    { numRuns: 1000 },
  );
});
