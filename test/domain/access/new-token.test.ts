import { planToken, type TokenRequest } from '../../../src/domain/access/new-token';
import type { Role } from '../../../src/domain/access/roles';
import { hashToken, isAccessToken, mintToken } from '../../../src/domain/access/token';
import { DomainError } from '../../../src/domain/errors';

const NOW = new Date('2030-01-01T00:00:00.000Z');
const granted: Role[] = ['OBSERVER', 'ACTOR', 'ADMIN'];

describe('a new access token', () => {
  it.each([
    [{ name: 'm', roles: ['INFRASTRUCTURE'] }, null, ['OBSERVER', 'INFRASTRUCTURE']],
    [{ name: 'u' }, granted, null],
    [{ name: 'u', roles: null }, granted, null],
    [{ name: 'u', roles: ['ACTOR'] }, granted, ['OBSERVER', 'ACTOR']],
  ] as [TokenRequest, Role[] | null, Role[] | null][])(
    '%j of a user with %j has %j',
    (request, of, roles) => {
      expect(planToken(request, of, NOW)).toEqual({ name: request.name, roles, expiresAt: null });
    },
  );

  it('keeps a time to come', () => {
    const expiresAt = new Date('2030-01-01T00:00:00.001Z');
    expect(planToken({ name: 'u', expiresAt }, granted, NOW).expiresAt).toEqual(expiresAt);
  });

  it.each([
    ['name', { name: ' ' }, granted],
    ['name', { name: 'n'.repeat(256) }, granted],
    ['name', { name: 'nul\0' }, granted],
    ['roles', { name: 'm' }, null],
    ['roles', { name: 'm', roles: [] }, null],
    ['roles', { name: 'u', roles: [] }, granted],
    ['roles', { name: 'u', roles: ['DESIGNER'] }, granted],
    ['userId', { name: 'u' }, []],
    ['expiresAt', { name: 'u', expiresAt: NOW }, granted],
    ['expiresAt', { name: 'u', expiresAt: new Date(Number.NaN) }, granted],
    ['expiresAt', { name: 'u', expiresAt: new Date('9999-12-31T23:59:59-05:00') }, granted],
  ] as [string, TokenRequest, Role[] | null][])(
    'names `%s` when it refuses %j of %j',
    (field, request, of) => {
      expect(refusal(() => planToken(request, of, NOW))).toEqual({ code: 'INVALID', path: ['input', field] });
    },
  );
});

describe('the secret', () => {
  it('is 256 random bits behind a prefix, and never the same', () => {
    const tokens = Array.from({ length: 100 }, mintToken);
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^mcig_[\w-]{43}$/);
    expect(isAccessToken(tokens[0] ?? '')).toBe(true);
    expect(isAccessToken('a.b.c')).toBe(false);
  });

  it('is kept as its SHA-256', () => {
    expect(hashToken('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

function refusal(act: () => unknown): object {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, path: error.details.path };
    throw error;
  }
  throw new Error('It was not refused');
}
