import {
  assertDescription,
  assertName,
  assertStorable,
  assertUserData,
  searchWords,
} from '../../../src/domain/text';

const refusedAt = (code: string, field: string) =>
  expect.objectContaining({ code, details: { path: ['input', field] } });

test.each(['a', ' a ', 'é'.repeat(255), '😀'])('the name "%s" is accepted', (name) => {
  expect(() => assertName(name, 'input', 'name')).not.toThrow();
});

test.each(['', ' \t', 'x'.repeat(256), 'a\0', '\udc00'])('the name "%s" is refused', (name) => {
  expect(() => assertName(name, 'input', 'name')).toThrow(refusedAt('INVALID', 'name'));
});

test('a description has at most 65,536 characters, or is absent', () => {
  for (const description of [null, undefined, '', 'x'.repeat(65_536)])
    expect(() => assertDescription(description, 'input', 'description')).not.toThrow();
  expect(() => assertDescription('x'.repeat(65_537), 'input', 'description')).toThrow(
    refusedAt('INVALID', 'description'),
  );
});

test('R-4.1: user data has at most 16,384 bytes of UTF-8, or is absent', () => {
  for (const userData of [null, undefined, '', 'x'.repeat(16_384), 'é'.repeat(8_192), '😀'.repeat(4_096)])
    expect(() => assertUserData(userData, 'input', 'userData')).not.toThrow();
  for (const userData of ['x'.repeat(16_385), 'é'.repeat(8_193), '😀'.repeat(4_097)])
    expect(() => assertUserData(userData, 'input', 'userData')).toThrow(
      refusedAt('LIMIT_EXCEEDED', 'userData'),
    );
});

test('what PostgreSQL can not store is refused', () => {
  expect(() => assertStorable('fine 😀', 'input', 'x')).not.toThrow();
  for (const text of ['\0', 'a\ud83d', '\ude00a'])
    expect(() => assertStorable(text, 'input', 'x')).toThrow(refusedAt('INVALID', 'x'));
});

test('a search has at most 10 words', () => {
  expect(searchWords(' one  two\tthree ')).toEqual(['one', 'two', 'three']);
  expect(searchWords('w '.repeat(10))).toHaveLength(10);
  expect(() => searchWords('w '.repeat(11), 'input', 'search')).toThrow(refusedAt('INVALID', 'search'));
});
