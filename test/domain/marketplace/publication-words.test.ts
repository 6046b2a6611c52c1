import { publicationWords, revisionNotes, wordsOf } from '../../../src/domain/marketplace/publication-words';

describe('R-9.1: the words of a publication', () => {
  test('what is left out is not named, what is given is trimmed', () => {
    expect(publicationWords({})).toEqual({});
    expect(publicationWords({ shortDescription: ' a ', longDescription: null, categories: null })).toEqual({
      shortDescription: 'a',
      longDescription: null,
      categories: [],
    });
  });

  test('categories are unique ignoring case; the first spelling stays', () => {
    expect(publicationWords({ categories: ['Web', ' web ', 'WEB', 'db'] })).toEqual({
      categories: ['Web', 'db'],
    });
  });

  test.each([
    ['1 character', 'x'],
    ['255 characters', 'x'.repeat(255)],
  ])('a short description of %s is taken', (_what, shortDescription) => {
    expect(publicationWords({ shortDescription })).toEqual({ shortDescription });
  });

  test.each([
    { shortDescription: '' },
    { shortDescription: null },
    { shortDescription: 'x'.repeat(256) },
    { shortDescription: 'a\0b' },
    { longDescription: '\ud800' },
    { categories: ['a\0b'] },
    { categories: [''] },
    { categories: ['x'.repeat(65)] },
  ])('%j is refused', (words) => {
    expect(() => publicationWords(words)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });

  test('20 categories are taken, 21 are not, however often each is named', () => {
    const categories = Array.from({ length: 20 }, (_none, index) => `c${index}`);
    expect(publicationWords({ categories: [...categories, ...categories] })).toEqual({ categories });
    expect(() => publicationWords({ categories: [...categories, 'more'] })).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });

  test('notes are the commit message unless something else was said, be it nothing', () => {
    expect(revisionNotes(undefined, 'message')).toBe('message');
    expect(revisionNotes(null, 'message')).toBeNull();
    expect(revisionNotes('said', 'message')).toBe('said');
  });
});

describe('R-9.2: the words of what is published along', () => {
  test('are its description, or its name', () => {
    expect(wordsOf({ name: 'n', description: null }).shortDescription).toBe('n');
    expect(wordsOf({ name: 'n', description: ' ' }).shortDescription).toBe('n');
    expect(wordsOf({ name: 'n', description: ' d ' })).toEqual({
      shortDescription: 'd',
      longDescription: null,
      categories: [],
    });
  });

  test('a long description is cut, whole in the long one, and never amid a character', () => {
    const description = `${'x'.repeat(253)}😀 and more`;
    const words = wordsOf({ name: 'n', description });
    expect(words).toEqual({
      shortDescription: `${'x'.repeat(253)}…`,
      longDescription: description,
      categories: [],
    });
    expect(publicationWords(words)).toEqual(words);
  });
});
