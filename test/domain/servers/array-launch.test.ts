import { planArrayLaunch } from '../../../src/domain/servers/array-launch';
import { bootSeconds } from '../../../src/domain/servers/boot-time';

describe('R-8.5 instances of an array', () => {
  const array = { name: 'web', maxCount: 5 };

  test('are numbered through its life', () => {
    expect(planArrayLaunch(array, { count: 2, running: 3, launched: 7 })).toEqual(['web #8', 'web #9']);
  });

  test.each([
    [{ count: 0, running: 0, launched: 0 }, 'INVALID'],
    [{ count: 3, running: 3, launched: 3 }, 'LIMIT_EXCEEDED'],
  ])('%j is %s', (launch, code) => {
    expect(() => planArrayLaunch(array, launch)).toThrow(
      expect.objectContaining({ code, details: { path: ['input', 'count'] } }),
    );
  });
});

describe('R-8.3 boot time', () => {
  const claimableAt = new Date('2026-01-01T00:00:00.000Z');
  const operationalAt = new Date('2026-01-01T00:01:30.250Z');
  test.each([
    [{ claimableAt, operationalAt, forced: false }, 90.25],
    [{ claimableAt, operationalAt, forced: true }, null],
    [{ claimableAt, operationalAt: null, forced: false }, null],
    [{ claimableAt: null, operationalAt: null, forced: false }, null],
  ])('%j: %s', (times, seconds) => {
    expect(bootSeconds(times)).toBe(seconds);
  });
});
