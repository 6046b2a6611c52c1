import { encodeCursor, toPage } from '../../src/domain/paging';

describe('page arguments', () => {
  const cursor = encodeCursor('clouds', ['AWS', 'b']);

  test('25 rows from the start unless told', () => {
    expect(toPage('clouds', {}, 2)).toEqual({ size: 25, fromEnd: false, after: null, before: null });
  });

  test('`last` counts from the end', () => {
    expect(toPage('clouds', { last: 3, before: cursor }, 2)).toEqual({
      size: 3,
      fromEnd: true,
      after: null,
      before: ['AWS', 'b'],
    });
  });

  test.each([
    [{ first: 101 }, 'first', '`first` is 101, but must be between 0 and 100.'],
    [{ last: -1 }, 'last', '`last` is -1, but must be between 0 and 100.'],
    [{ first: 1, last: 1 }, 'last', 'Give `first` or `last`, not both.'],
    [{ after: 'rubbish' }, 'after', '`after` is not a cursor: pass the `cursor` of an edge, unchanged.'],
    [
      { after: encodeCursor('images', ['AWS', 'b']) },
      'after',
      '`after` is a cursor of another list or order: start again without it.',
    ],
    [
      { before: encodeCursor('clouds', ['AWS']) },
      'before',
      '`before` is a cursor of another list or order: start again without it.',
    ],
    [
      { after: encodeCursor('clouds', ['A\0', 'b']) },
      'after',
      '`after` is not a cursor: pass the `cursor` of an edge, unchanged.',
    ],
    [
      { after: Buffer.from('{"a":1}').toString('base64url') },
      'after',
      '`after` is not a cursor: pass the `cursor` of an edge, unchanged.',
    ],
  ])('%j is refused, naming the field', (args, field, message) => {
    expect(() => toPage('clouds', args, 2)).toThrow(
      expect.objectContaining({ code: 'INVALID', message, details: { path: [field] } }),
    );
  });
});
