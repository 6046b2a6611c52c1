import { assertClaim, assertClaimHolds, assertCompletion } from '../../../src/domain/servers/launch-order';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const claimed = { kind: 'LAUNCH', state: 'CLAIMED', claimId: 'mine', leaseExpiresAt: after(1) } as const;

describe('R-8.9 claims', () => {
  test.each([
    [{ limit: 1, leaseSeconds: 1 }, null],
    [{ limit: 100, leaseSeconds: 3600 }, null],
    [{ limit: 0, leaseSeconds: 60 }, 'limit'],
    [{ limit: 101, leaseSeconds: 60 }, 'limit'],
    [{ limit: 1, leaseSeconds: 0 }, 'leaseSeconds'],
    [{ limit: 1, leaseSeconds: 3601 }, 'leaseSeconds'],
  ])('%j is refused for %s', (claim, field) => {
    const check = expect(() => assertClaim(claim));
    if (field === null) check.not.toThrow();
    else check.toThrow(expect.objectContaining({ code: 'INVALID', details: { path: ['input', field] } }));
  });

  test('one that holds is accepted', () => {
    expect(() => assertClaimHolds(claimed, 'mine', NOW)).not.toThrow();
  });

  test.each([
    ["another launcher's", claimed, 'theirs', NOW],
    ['one that expires at this moment', claimed, 'mine', after(1)],
    [
      'one of an order that is open',
      { ...claimed, state: 'OPEN', leaseExpiresAt: null } as const,
      'mine',
      NOW,
    ],
    [
      'one of an order that failed',
      { ...claimed, state: 'FAILED', leaseExpiresAt: null } as const,
      'mine',
      NOW,
    ],
  ])('%s is refused, and always with the same words', (_what, order, claimId, now) => {
    expect(() => assertClaimHolds(order, claimId, now)).toThrow(
      expect.objectContaining({
        code: 'NOT_FOUND',
        details: { path: ['input', 'claimId'] },
        message:
          'This claim does not hold: its lease expired, or another launcher has the order. ' +
          'End the machine, if you launched one: it belongs to nobody. Then claim orders again.',
      }),
    );
  });

  test('what is launched or bundled has an id; what is ended leaves none', () => {
    expect(() => assertCompletion('LAUNCH', 'i-1')).not.toThrow();
    expect(() => assertCompletion('TERMINATE', null)).not.toThrow();
    for (const [kind, uid] of [
      ['LAUNCH', null],
      ['BUNDLE', null],
      ['TERMINATE', 'i-1'],
    ] as const)
      expect(() => assertCompletion(kind, uid)).toThrow(
        expect.objectContaining({ code: 'INVALID', details: { path: ['input', 'resourceUid'] } }),
      );
  });
});
