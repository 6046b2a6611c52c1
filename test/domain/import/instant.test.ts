import { parseInstant, parseRfc2822 } from '../../../src/import/instant';

describe('R-3.3: times that PostgreSQL can keep', () => {
  test.each(['0000-01-01', '0000-12-31T23:59:59Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00'])(
    '%s is in UTC not in the years 1 to 9999',
    (text) => expect(parseInstant(text)).toBeNull(),
  );

  test.each([
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    ['0000-12-31T23:59:59-14:00', '0001-01-01T13:59:59.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ])('%s is', (text, instant) => expect(parseInstant(text)?.toISOString()).toBe(instant));

  test('a time of another notation has the same bounds', () => {
    expect(parseRfc2822('Sat, 01 Jan 0000 00:00:00 +0000')).toBeNull();
    expect(parseRfc2822('Fri, 31 Dec 9999 23:59:59 -1400')).toBeNull();
  });
});
