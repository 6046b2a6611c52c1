import { mayEnrol } from '../../../src/domain/servers/enrolment';
import {
  assertClaim,
  assertClaimHolds,
  assertCompletion,
  endMachineFrom,
  retryAt,
} from '../../../src/domain/servers/launch-order';

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

describe('R-8.3 the machine of a launch that ends while it is PENDING', () => {
  const launch = { attempts: 0, leaseExpiresAt: null, resourceUid: null };
  const first = { ...launch, attempts: 1, leaseExpiresAt: after(60) };
  const second = { ...first, attempts: 2 };
  const dead = { ...first, leaseExpiresAt: NOW };
  const known = { ...first, resourceUid: 'i-1' };
  test.each([
    ['was never claimed', launch, { CANCELLED: null, GONE: null, CLOUD_FAILED: null }],
    ['is claimed', first, { CANCELLED: after(60), GONE: after(60), CLOUD_FAILED: null }],
    ['is claimed again', second, { CANCELLED: after(60), GONE: after(60), CLOUD_FAILED: NOW }],
    ['was claimed by a launcher that died', dead, { CANCELLED: NOW, GONE: null, CLOUD_FAILED: null }],
    ['is known', known, { CANCELLED: NOW, GONE: null, CLOUD_FAILED: NOW }],
  ])('%s', (_what, facts, expected) => {
    for (const cause of ['CANCELLED', 'GONE', 'CLOUD_FAILED'] as const)
      expect([cause, endMachineFrom(facts, cause, NOW)]).toEqual([cause, expected[cause]]);
  });
});

test.each([
  [1, 2],
  [2, 4],
  [11, 2048],
  [12, 3600],
  [5000, 3600],
])('R-8.9 after %i attempts to end a machine the next one comes %i seconds later', (attempts, seconds) => {
  expect(retryAt(attempts, NOW)).toEqual(after(seconds));
});

describe('R-8.9 an enrolment token is good', () => {
  const order = { state: 'CLAIMED', leaseExpiresAt: after(1), completedAt: null } as const;
  const completed = { state: 'COMPLETED', leaseExpiresAt: null, completedAt: NOW } as const;
  test.each([
    ['while the claim holds', order, NOW, true],
    ['not longer', order, after(1), false],
    ['just before 24 hours after the completion', completed, after(86_399), true],
    ['not at 24 hours', completed, after(86_400), false],
    ['not when the order failed', { ...completed, state: 'FAILED' } as const, NOW, false],
    ['not before it is claimed', { ...order, state: 'OPEN', leaseExpiresAt: null } as const, NOW, false],
  ])('%s', (_when, facts, now, good) => {
    expect(mayEnrol(facts, now)).toBe(good);
  });
});
