import {
  membershipCodeExpiry,
  mintMembershipCode,
  normalMembershipCode,
} from '../../../src/domain/marketplace/membership-code';

describe('R-9.5: membership codes', () => {
  test('hold at least 128 random bits, and can be pasted', () => {
    const codes = Array.from({ length: 100 }, mintMembershipCode);
    expect(new Set(codes).size).toBe(100);
    for (const code of codes) {
      const [, random = ''] = /^mcigg_([\w-]+)$/.exec(code) ?? [];
      expect(Buffer.from(random, 'base64url')).toHaveLength(32);
      expect(normalMembershipCode(` ${code}\n`)).toBe(code);
    }
  });

  test('expire after 6 days', () => {
    expect(membershipCodeExpiry(new Date('2026-02-25T10:00:00.000Z'))).toEqual(
      new Date('2026-03-03T10:00:00.000Z'),
    );
  });
});
