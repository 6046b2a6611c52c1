import { assertEditable } from '../../../src/domain/versioning/editable';

const head = { revision: 0, version: 4, snapshot: false, originalId: null, deletedAt: null };

describe('R-6.1, R-6.9: editing', () => {
  test('a live HEAD at the expected version can be edited', () => {
    expect(() => assertEditable('MultiCloudImage', head, 4, 'id')).not.toThrow();
  });

  test.each([
    ['a revision', { ...head, revision: 2 }],
    ['a snapshot', { ...head, snapshot: true }],
    ['a deleted HEAD', { ...head, deletedAt: new Date(0) }],
    ['a revision at another version', { ...head, revision: 2, version: 9 }],
  ])('%s is NOT_EDITABLE, naming the field', (_what, component) => {
    expect(() => assertEditable('ServerTemplate', component, 4, 'serverTemplateId')).toThrow(
      expect.objectContaining({ code: 'NOT_EDITABLE', details: { path: ['input', 'serverTemplateId'] } }),
    );
  });

  test.each([3, 5, 0, -1])('version 4 when %i is expected is STALE, with the current version', (expected) => {
    expect(() => assertEditable('MultiCloudImage', head, expected, 'id')).toThrow(
      expect.objectContaining({
        code: 'STALE',
        details: { path: ['input', 'expectedVersion'], currentVersion: 4 },
      }),
    );
  });
});
