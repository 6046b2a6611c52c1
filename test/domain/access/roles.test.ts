import fc from 'fast-check';
import { planRoles } from '../../../src/domain/access/role-change';
import { narrowRoles, ROLES, withObserver, type Role } from '../../../src/domain/access/roles';
import { DomainError } from '../../../src/domain/errors';

const someRoles = fc.subarray([...ROLES]);

describe('R-2.1 roles', () => {
  it('always hold OBSERVER, each once, in one order', () => {
    expect(withObserver(['ADMIN', 'ACTOR', 'ADMIN'])).toEqual(['OBSERVER', 'ACTOR', 'ADMIN']);
    expect(withObserver([])).toEqual(['OBSERVER']);
  });

  it('can only be narrowed by a token, never widened', () => {
    fc.assert(
      fc.property(someRoles, someRoles, (granted, narrowedTo) => {
        const roles = narrowRoles(granted, narrowedTo);
        const common = granted.filter((role) => narrowedTo.includes(role));
        expect(roles).toEqual(common.length === 0 ? [] : withObserver(common));
      }),
    );
  });

  it('are all there without narrowing', () => {
    fc.assert(
      fc.property(someRoles, (granted) => {
        expect(narrowRoles(granted, null)).toEqual(granted.length === 0 ? [] : withObserver(granted));
      }),
    );
  });
});

describe('R-2.1 changing roles', () => {
  const member = (userId: string, ...roles: Role[]) => ({ userId, roles });

  it.each([
    [['DESIGNER'] as const, ['OBSERVER', 'DESIGNER']],
    [[] as const, []],
    [['OBSERVER'] as const, ['OBSERVER']],
  ])('%j become %j', (wanted, expected) => {
    const members = [member('ada', 'OBSERVER', 'ACTOR'), member('bob', 'OBSERVER', 'ADMIN')];
    expect(planRoles(members, 'ada', wanted)).toEqual(expected);
  });

  it('lets an admin go while there is another one', () => {
    const members = [member('ada', 'OBSERVER', 'ADMIN'), member('bob', 'OBSERVER', 'ADMIN')];
    expect(planRoles(members, 'ada', [])).toEqual([]);
  });

  it('lets the last admin keep ADMIN and lose other roles', () => {
    expect(planRoles([member('ada', ...ROLES)], 'ada', ['ADMIN'])).toEqual(['OBSERVER', 'ADMIN']);
  });

  it.each([[[]], [['DESIGNER']], [['OBSERVER', 'ACTOR', 'INFRASTRUCTURE']]] as [Role[]][])(
    'refuses to take ADMIN from the last admin: %j',
    (wanted) => {
      const members = [member('ada', 'OBSERVER', 'ADMIN'), member('bob', 'OBSERVER', 'DESIGNER')];
      expect(() => planRoles(members, 'ada', wanted)).toThrow(
        new DomainError(
          'INVALID',
          'This is the last admin of the account: give another user the role ADMIN first, with `setRoles` or `createUser`.',
        ),
      );
    },
  );

  it('R-2.2 knows nobody outside the account', () => {
    expect(() => planRoles([member('ada', 'OBSERVER', 'ADMIN')], 'eve', [])).toThrow(
      new DomainError('NOT_FOUND', 'No user with this id is visible to this account.'),
    );
  });
});
