import fc from 'fast-check';
import { assertTag, withoutTags, withTags } from '../../../src/domain/tags';

describe('R-10.1: a tag', () => {
  test.each(['raw', 'two words', 'ns:predicate=value', 'n_1:Predicate_2=', 'ns:p=a=b:c', 'x'.repeat(1024)])(
    '"%s" is accepted',
    (tag) => {
      expect(() => assertTag(tag)).not.toThrow();
    },
  );

  test.each([
    '',
    ' raw',
    'raw ',
    'a:b',
    'a=b',
    'Ns:p=v',
    '1s:p=v',
    'ns:1p=v',
    'ns:=v',
    ':p=v',
    'x'.repeat(1025),
  ])('"%s" is refused', (tag) => {
    expect(() => assertTag(tag, 'input', 'tags')).toThrow(
      expect.objectContaining({ code: 'INVALID', details: { path: ['input', 'tags'] } }),
    );
  });
});

describe('R-10.1: a set of tags', () => {
  test('keeps the first spelling', () => {
    expect(withTags(['Env:x=1'.toLowerCase(), 'B'], ['b', 'C', 'c'])).toEqual(['env:x=1', 'B', 'C']);
  });

  test('loses tags whatever their spelling', () => {
    expect(withoutTags(['a', 'B', 'c'], ['b', 'D'])).toEqual(['a', 'c']);
  });

  test('holds 100 and not one more', () => {
    const full = Array.from({ length: 100 }, (_, index) => `t${index}`);
    expect(withTags(full, ['T5'])).toHaveLength(100);
    expect(() => withTags(full, ['more'], 'input', 'tags')).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', details: { path: ['input', 'tags'] } }),
    );
  });

  const tags = fc.uniqueArray(fc.stringMatching(/^[A-Za-z]{1,3}$/), {
    maxLength: 20,
    selector: (tag) => tag.toLowerCase(),
  });

  test('adding twice is adding once, and removing undoes it', () => {
    fc.assert(
      fc.property(tags, tags, (before, added) => {
        const once = withTags(before, added);
        expect(withTags(once, added)).toEqual(once);
        expect(new Set(once.map((tag) => tag.toLowerCase())).size).toBe(once.length);
        expect(withoutTags(once, added)).toEqual(withoutTags(before, added));
      }),
    );
  });
});
