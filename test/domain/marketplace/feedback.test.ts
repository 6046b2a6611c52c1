import {
  assertComment,
  assertNotOwn,
  assertPerson,
  assertRating,
  assertTakesFeedback,
} from '../../../src/domain/marketplace/feedback';

const PUBLICATION = { accountId: 'publisher', revision: 1, allowComments: true };
const refusal = (...path: string[]): Error =>
  expect.objectContaining({ code: 'INVALID', details: { path } }) as Error;

describe('R-9.7: ratings and comments', () => {
  test('ratings are whole numbers from 1 to 4', () => {
    for (const rating of [1, 2, 3, 4]) expect(() => assertRating(rating, 'rating')).not.toThrow();
    for (const rating of [-1, 0, 5]) expect(() => assertRating(rating, 'rating')).toThrow(refusal('rating'));
  });

  test('a comment has 1 to 65,536 characters', () => {
    for (const text of ['x', 'x'.repeat(65_536)]) expect(() => assertComment(text, 'text')).not.toThrow();
    for (const text of ['', ' \t\n', 'x'.repeat(65_537), '\0', '\ud800'])
      expect(() => assertComment(text, 'text')).toThrow(refusal('text'));
  });

  test('only of committed publications, where the publisher allows it', () => {
    expect(() => assertTakesFeedback(PUBLICATION, 'id')).not.toThrow();
    for (const no of [{ revision: 0 }, { allowComments: false }])
      expect(() => assertTakesFeedback({ ...PUBLICATION, ...no }, 'id')).toThrow(refusal('id'));
  });

  test('ratings are of people, and of what others published', () => {
    expect(assertPerson({ userId: 'person' })).toBe('person');
    expect(() => assertPerson({ userId: null })).toThrow(refusal('input'));
    expect(() => assertNotOwn(PUBLICATION, 'importer', 'id')).not.toThrow();
    expect(() => assertNotOwn(PUBLICATION, 'publisher', 'id')).toThrow(refusal('id'));
  });
});
