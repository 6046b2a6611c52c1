import { DomainError } from '../../../src/domain/errors';
import { MAXIMUM_SOURCE_BYTES, planSource } from '../../../src/domain/versioning/script-source';

const refusal = (source: string | null) => {
  try {
    planSource({ source: 'before' }, { source });
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, message: error.message, ...error.details };
    throw error;
  }
  throw new Error('Nothing was refused');
};

describe('the source of a RightScript', () => {
  test('is kept as it is given, up to 262,144 bytes of UTF-8', () => {
    const longest = 'é'.repeat(MAXIMUM_SOURCE_BYTES / 2);
    for (const source of ['\ufeff  x\r\n\r\n', longest])
      expect(planSource({ source: 'before' }, { source })).toEqual({ source });
    expect(refusal(`${longest}x`)).toEqual({
      code: 'LIMIT_EXCEEDED',
      message: '`source` has 262145 bytes of UTF-8; at most 262144 are allowed.',
      path: ['input', 'source'],
    });
  });

  test('is not changed by what is left out or the same', () => {
    expect(planSource({ source: 'before' }, {})).toEqual({});
    expect(planSource({ source: 'before' }, { source: 'before' })).toEqual({});
  });

  test.each([
    [null, '`source` can not be null: leave it out to keep the text, or give a new one.'],
    ['', '`source` is blank: give the text of the script.'],
    [' \n\t\r\n', '`source` is blank: give the text of the script.'],
    ['echo \0', '`source` holds a NUL character or half a surrogate pair: remove it.'],
    ['echo \ud800', '`source` holds a NUL character or half a surrogate pair: remove it.'],
  ])('%j is refused', (source, message) => {
    expect(refusal(source)).toEqual({ code: 'INVALID', message, path: ['input', 'source'] });
  });
});
