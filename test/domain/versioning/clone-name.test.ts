import { cloneNames } from '../../../src/domain/versioning/clone-name';
import { MAXIMUM_NAME_LENGTH } from '../../../src/domain/text';

/** The first names that a clone may get. */
function firstNames(name: string, count: number): string[] {
  const names = cloneNames(name);
  return Array.from({ length: count }, () => names.next().value);
}

const firstName = (name: string): string | undefined => firstNames(name, 1)[0];

describe('R-6.4: the default name of a clone', () => {
  test.each([
    ['base', 'base v2'],
    ['base v8', 'base v9'],
    ['base_v8', 'base_v9'],
    ['a-v9', 'a-v10'],
    ['a v09', 'a v10'],
    ['a v0', 'a v1'],
    ['a v999', 'a v1000'],
    ['v8', 'v9'],
    ['base_v5.7', 'base_v5.7 v2'],
    ['base 5', 'base 5 v2'],
    ['base v', 'base v v2'],
    ['base V8', 'base V8 v2'],
    ['dev8', 'dev8 v2'],
    ['v8 base', 'v8 base v2'],
    ['base v8 ', 'base v8  v2'],
    ['base.v8', 'base.v8 v2'],
    ['base v1 v8', 'base v1 v9'],
    ['two\nlines v3', 'two\nlines v4'],
    ['line\nv3', 'line\nv3 v2'],
    ['base v٣', 'base v٣ v2'],
    ['Grüße v2', 'Grüße v3'],
  ])('of %j is %j', (name, expected) => {
    expect(firstName(name)).toBe(expected);
  });

  test('while that is taken it counts on', () => {
    expect(firstNames('base', 4)).toEqual(['base v2', 'base v3', 'base v4', 'base v5']);
    expect(firstNames('base_v98', 3)).toEqual(['base_v99', 'base_v100', 'base_v101']);
  });

  test('numbers that no machine word holds count exactly', () => {
    expect(firstName('a v9007199254740993')).toBe('a v9007199254740994');
    expect(firstName(`a v${'9'.repeat(40)}`)).toBe(`a v1${'0'.repeat(40)}`);
  });
});

describe('a name that would be too long', () => {
  test.each([
    ['x'.repeat(255), `${'x'.repeat(252)} v2`],
    ['x'.repeat(253), `${'x'.repeat(252)} v2`],
    ['x'.repeat(252), `${'x'.repeat(252)} v2`],
    [`${'x'.repeat(252)} v9`, `${'x'.repeat(251)} v10`],
    [`${'x'.repeat(252)}_v8`, `${'x'.repeat(252)}_v9`],
    [`${'x'.repeat(252)}_v9`, `${'x'.repeat(251)} v10`],
  ])('loses the end of its first part, never its number: %j', (name, expected) => {
    expect(firstName(name)).toBe(expected);
  });

  test('never loses half a character', () => {
    const name = `x${'😀'.repeat(127)}`;
    expect(name).toHaveLength(MAXIMUM_NAME_LENGTH);
    expect(firstName(name)).toBe(`x${'😀'.repeat(125)} v2`);
  });

  test('a number that leaves no room for a name is part of the name', () => {
    const name = `v${'9'.repeat(254)}`;
    expect(firstName(name)).toBe(`v${'9'.repeat(251)} v2`);
  });

  test('all of the names that it counts through differ, and can be names', () => {
    for (const name of ['x'.repeat(255), '😀'.repeat(127), `v${'9'.repeat(254)}`, `a v${'9'.repeat(200)}`]) {
      const names = firstNames(name, 2_000);
      expect(new Set(names).size).toBe(2_000);
      for (const each of names) {
        expect(each.length).toBeLessThanOrEqual(MAXIMUM_NAME_LENGTH);
        expect(each.isWellFormed()).toBe(true);
      }
    }
  });
});
