import { assertEulaName, assertEulaText, assertNotArchived } from '../../../src/domain/marketplace/eula';

describe('R-9.7: licence agreements', () => {
  test.each([
    ['name', assertEulaName, 50],
    ['text', assertEulaText, 500_000],
  ] as const)('a %s has a bounded number of characters', (field, check, maximum) => {
    for (const text of ['x', 'x'.repeat(maximum)]) expect(() => check(text, field)).not.toThrow();
    for (const text of ['', ' \n', 'x'.repeat(maximum + 1)])
      expect(() => check(text, field)).toThrow(
        expect.objectContaining({
          code: 'INVALID',
          details: { path: [field] },
          message: expect.stringContaining(`${maximum}`),
        }),
      );
  });

  test('what is archived gets no new text', () => {
    expect(() => assertNotArchived(null)).not.toThrow();
    expect(() => assertNotArchived(new Date())).toThrow(
      expect.objectContaining({ code: 'NOT_EDITABLE', details: { path: ['input', 'id'] } }),
    );
  });
});
