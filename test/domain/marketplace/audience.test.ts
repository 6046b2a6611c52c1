import fc from 'fast-check';
import {
  EVERYONE,
  includesAudience,
  requestedAudience,
  unitedAudience,
  type Audience,
} from '../../../src/domain/marketplace/audience';
import { changedAudience, changedWords } from '../../../src/domain/marketplace/update-publication';

const groups = (...accountGroupIds: string[]): Audience => ({ visibility: 'PRIVATE', accountGroupIds });

const audiences = fc.oneof(
  fc.constant(EVERYONE),
  fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }).map((ids) => groups(...ids)),
);

describe('R-9.1: to whom something is offered', () => {
  test('a group that is named twice counts once', () => {
    expect(requestedAudience('PRIVATE', ['a', 'b', 'a'])).toEqual(groups('a', 'b'));
    expect(requestedAudience('PUBLIC', [])).toEqual(EVERYONE);
  });

  test.each([
    ['PUBLIC', ['a'], 'INVALID'],
    ['PRIVATE', [], 'INVALID'],
    ['PRIVATE', Array.from({ length: 101 }, (_none, index) => String(index)), 'LIMIT_EXCEEDED'],
  ] as const)('%s to %j is refused', (visibility, ids, code) => {
    expect(() => requestedAudience(visibility, ids)).toThrow(
      expect.objectContaining({ code, details: { path: ['input', 'accountGroupIds'] } }),
    );
  });

  test('R-9.2: an audience includes another exactly when both together are no more', () => {
    fc.assert(
      fc.property(audiences, audiences, (left, right) => {
        const united = unitedAudience(left, right);
        expect(includesAudience(united, left) && includesAudience(united, right)).toBe(true);
        expect(includesAudience(left, right)).toBe(includesAudience(left, united));
      }),
    );
  });
});

describe('R-9.1: another audience', () => {
  const none = { addAccountGroupIds: [], removeAccountGroupIds: [], makePublic: false };

  test('groups come and go', () => {
    const change = { ...none, addAccountGroupIds: ['b', 'a'], removeAccountGroupIds: ['c'] };
    expect(changedAudience(0, groups('a', 'c'), change)).toEqual(groups('a', 'b'));
  });

  test('private becomes public, and public stays', () => {
    expect(changedAudience(1, groups('a'), { ...none, makePublic: true })).toEqual(EVERYONE);
    expect(changedAudience(1, EVERYONE, { ...none, makePublic: true })).toEqual(EVERYONE);
  });

  test.each([
    [
      'the last group goes',
      1,
      groups('a'),
      { ...none, removeAccountGroupIds: ['a'] },
      'removeAccountGroupIds',
    ],
    [
      'a group comes and goes',
      1,
      groups('a'),
      { ...none, addAccountGroupIds: ['b'], removeAccountGroupIds: ['b'] },
      'addAccountGroupIds',
    ],
    ['groups of what is public', 1, EVERYONE, { ...none, addAccountGroupIds: ['a'] }, 'addAccountGroupIds'],
    [
      'groups of what becomes public',
      1,
      groups('a'),
      { ...none, makePublic: true, removeAccountGroupIds: ['a'] },
      'removeAccountGroupIds',
    ],
    ['a public HEAD', 0, groups('a'), { ...none, makePublic: true }, 'makePublic'],
  ])('%s: refused', (_what, revision, before, change, field) => {
    expect(() => changedAudience(revision, before, change)).toThrow(
      expect.objectContaining({ code: 'INVALID', details: { path: ['input', field] } }),
    );
  });

  test('at most 100 groups', () => {
    const ids = Array.from({ length: 100 }, (_none, index) => String(index));
    expect(() => changedAudience(1, groups(...ids), { ...none, addAccountGroupIds: ['a'] })).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });
});

describe('R-9.1: other words', () => {
  const before = { shortDescription: 's', longDescription: 'l', categories: ['a', 'b'] };

  test('only what differs changes', () => {
    expect(changedWords(before, before)).toEqual({});
    expect(changedWords(before, { longDescription: null, categories: ['b', 'a'] })).toEqual({
      longDescription: null,
      categories: ['b', 'a'],
    });
  });
});
