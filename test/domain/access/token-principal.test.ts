import { AuthenticationError } from '../../../src/domain/access/authentication-error';
import { principalOfToken, type TokenFacts } from '../../../src/domain/access/token-principal';

const ACCOUNT_KEY = '00000000-0000-4000-8000-000000000001';
const NOW = new Date('2030-01-01T00:00:00.000Z');

const machine: TokenFacts = {
  id: 'token',
  name: 'catalog feeder',
  account: { id: ACCOUNT_KEY, name: 'Acme', operator: false },
  user: null,
  roles: ['INFRASTRUCTURE'],
  expiresAt: null,
  revokedAt: null,
};
const person: TokenFacts = {
  ...machine,
  user: { id: 'user', email: 'ada@example.com', roles: ['OBSERVER', 'ACTOR', 'DESIGNER'] },
  roles: null,
};

describe('R-2.2 for whom an access token acts', () => {
  it('is a machine with just the roles of the token and OBSERVER', () => {
    expect(principalOfToken(machine, null, NOW)).toEqual({
      accountId: ACCOUNT_KEY,
      userId: null,
      tokenId: 'token',
      actor: 'catalog feeder',
      roles: new Set(['OBSERVER', 'INFRASTRUCTURE']),
      operator: false,
    });
  });

  it('is a user with all their roles in the account', () => {
    expect(principalOfToken(person, null, NOW)).toEqual({
      accountId: ACCOUNT_KEY,
      userId: 'user',
      tokenId: 'token',
      actor: 'ada@example.com',
      roles: new Set(['OBSERVER', 'ACTOR', 'DESIGNER']),
      operator: false,
    });
  });

  it.each([
    [['OBSERVER'] as const, ['OBSERVER']],
    [['DESIGNER'] as const, ['OBSERVER', 'DESIGNER']],
    [['OBSERVER', 'ADMIN'] as const, ['OBSERVER']],
  ])('narrows a user to the roles %j of the token', (roles, expected) => {
    expect([...principalOfToken({ ...person, roles }, null, NOW).roles]).toEqual(expected);
  });

  it.each([
    [true, ['INFRASTRUCTURE'] as const, true],
    [true, ['ADMIN', 'DESIGNER'] as const, false],
    [false, ['INFRASTRUCTURE'] as const, false],
  ])('R-2.3 operator account %p with %j writes public rows: %p', (operator, roles, expected) => {
    const token = { ...machine, roles, account: { ...machine.account, operator } };
    expect(principalOfToken(token, null, NOW).operator).toBe(expected);
  });

  it.each([
    ['REVOKED', { revokedAt: NOW }],
    ['EXPIRED', { expiresAt: NOW }],
    ['EXPIRED', { expiresAt: new Date('2029-12-31T23:59:59.999Z') }],
    ['NO_ROLE', { user: { id: 'user', email: 'ada@example.com', roles: [] } }],
    [
      'NO_ROLE',
      { user: { id: 'user', email: 'ada@example.com', roles: ['OBSERVER', 'ACTOR'] }, roles: ['DESIGNER'] },
    ],
  ] as const)('is refused as %s with %j', (reason, facts) => {
    expect(reasonOf(() => principalOfToken({ ...person, ...facts }, null, NOW))).toBe(reason);
  });

  it('holds until its last millisecond', () => {
    const expiresAt = new Date('2030-01-01T00:00:00.001Z');
    expect(principalOfToken({ ...person, expiresAt }, null, NOW).userId).toBe('user');
  });

  it.each([[`acc_${ACCOUNT_KEY}`], ['Acme']])('may name its own account: %s', (header) => {
    expect(principalOfToken(person, header, NOW).accountId).toBe(ACCOUNT_KEY);
  });

  it.each([
    ['acc_00000000-0000-4000-8000-000000000002'],
    [`cld_${ACCOUNT_KEY}`],
    [ACCOUNT_KEY],
    ['acme'],
    ['Other'],
  ])('may not name another account: %s', (header) => {
    expect(reasonOf(() => principalOfToken(person, header, NOW))).toBe('WRONG_ACCOUNT');
  });
});

function reasonOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof AuthenticationError) return error.reason;
    throw error;
  }
  return 'accepted';
}
