import {
  assertImportable,
  dependencyNotVisible,
  newlyAccepted,
  type ImportableFacts,
} from '../../../src/domain/marketplace/importable';
import { assertRepublishable } from '../../../src/domain/marketplace/republishable';

const REVISION: ImportableFacts = {
  accountId: 'publisher',
  componentType: 'ServerTemplate',
  name: 'web',
  revision: 3,
  status: 'ACTIVE',
};
const HEAD = { ...REVISION, revision: 0 };

test.each([
  ['IMPORT', REVISION],
  ['SUBSCRIBE', HEAD],
] as const)('R-9.4: %s takes what it is for', (mode, publication) => {
  expect(() => assertImportable(mode, 'importer', publication)).not.toThrow();
});

test.each([
  ['IMPORT', null, 'NOT_FOUND', 'No publication with this id'],
  ['IMPORT', HEAD, 'INVALID', 'subscribePublication'],
  ['SUBSCRIBE', REVISION, 'INVALID', 'importPublication'],
  ['IMPORT', { ...REVISION, accountId: 'importer' }, 'INVALID', 'published the ServerTemplate "web" itself'],
  ['IMPORT', { ...REVISION, status: 'DEPRECATED' }, 'INVALID', 'deprecated'],
  ['SUBSCRIBE', { ...HEAD, status: 'DEPRECATED' }, 'INVALID', 'deprecated'],
] as const)('R-9.4: %s refuses %j', (mode, publication, code, message) => {
  expect(() => assertImportable(mode, 'importer', publication)).toThrow(
    expect.objectContaining({
      code,
      message: expect.stringContaining(message),
      details: { path: ['input', 'publicationId'] },
    }),
  );
});

test('R-9.2: a dependency that isn’t visible is counted, not named', () => {
  expect(dependencyNotVisible('web', 1).message).toContain(
    'uses a component of another publisher that is not',
  );
  expect(dependencyNotVisible('web', 2).message).toContain(
    'uses 2 components of another publisher that are not',
  );
});

describe('R-9.7: licence texts', () => {
  const terms = { id: 'terms', name: 'Terms', revision: 2, accepted: false };
  const warranty = { id: 'warranty', name: 'Warranty', revision: 1, accepted: true };

  test('are accepted now or before', () => {
    expect(newlyAccepted([], [])).toEqual([]);
    expect(newlyAccepted([terms, warranty], ['terms'])).toEqual(['terms']);
    expect(newlyAccepted([terms, warranty], ['warranty', 'terms', 'terms'])).toEqual(['terms']);
    expect(newlyAccepted([warranty], [])).toEqual([]);
  });

  test('that are missing are named', () => {
    expect(() => newlyAccepted([terms, warranty], ['warranty'])).toThrow(
      expect.objectContaining({
        code: 'EULA_NOT_ACCEPTED',
        message: expect.stringContaining('"Terms" (revision 2)'),
        details: { path: ['input', 'acceptEulaRevisionIds'], eulaRevisions: ['terms'] },
      }),
    );
  });

  test('of something else are refused', () => {
    expect(() => newlyAccepted([terms], ['terms', 'other'])).toThrow(
      expect.objectContaining({ code: 'INVALID', details: { path: ['input', 'acceptEulaRevisionIds'] } }),
    );
  });
});

test('R-9.4: only HEADs are republished', () => {
  expect(() => assertRepublishable(HEAD)).not.toThrow();
  expect(() => assertRepublishable(REVISION)).toThrow(
    expect.objectContaining({ code: 'INVALID', message: expect.stringContaining('revision 3') }),
  );
});
