import {
  assertCurrentGroup,
  assertNoMembers,
  checkAccountGroup,
} from '../../../src/domain/marketplace/account-group';
import { fieldChanges } from '../../../src/domain/marketplace/field-changes';

describe('R-9.5: account groups', () => {
  test('need a name', () => {
    expect(checkAccountGroup({ name: 'a' })).toEqual({ name: 'a', description: null });
    for (const name of ['', ' ', 'x'.repeat(256)])
      expect(() => checkAccountGroup({ name })).toThrow(
        expect.objectContaining({ code: 'INVALID', details: { path: ['input', 'name'] } }),
      );
  });

  test('are edited by who saw the present version', () => {
    expect(() => assertCurrentGroup({ version: 3 }, 3)).not.toThrow();
    expect(() => assertCurrentGroup({ version: 3 }, 2)).toThrow(
      expect.objectContaining({
        code: 'STALE',
        details: { path: ['input', 'expectedVersion'], currentVersion: 3 },
      }),
    );
  });

  test('go only once no account has access', () => {
    expect(() => assertNoMembers(0)).not.toThrow();
    expect(() => assertNoMembers(1)).toThrow('One account has access');
    expect(() => assertNoMembers(2)).toThrow('2 accounts have access');
  });
});

test('R-2.4: only fields that differ are told', () => {
  expect(fieldChanges({ name: 'a', description: 'd' }, { name: 'b', description: 'd' })).toEqual({
    name: { before: 'a', after: 'b' },
  });
  expect(fieldChanges({ name: 'a', description: 'd' }, { description: undefined })).toEqual({
    description: { before: 'd', after: undefined },
  });
  expect(fieldChanges({ name: 'a' }, {})).toEqual({});
});
