import { normalEmail } from '../../../src/domain/access/email';

describe('e-mail addresses', () => {
  it.each([
    ['Ada@Example.COM', 'ada@example.com'],
    [' ada@example.com ', 'ada@example.com'],
    ["o'brien+tag@sub.example.com", "o'brien+tag@sub.example.com"],
    ['ÄDA@example.com', 'äda@example.com'],
  ])('R-2.2 %p is kept as %p, whoever writes it', (email, expected) => {
    expect(normalEmail(email, 'input', 'email')).toBe(expected);
  });

  it.each([
    ['', '`email` is not an e-mail address: give one such as ada@example.com.'],
    ['ada', '`email` is not an e-mail address: give one such as ada@example.com.'],
    ['a da@example.com', '`email` is not an e-mail address: give one such as ada@example.com.'],
    ['ada@b@example.com', '`email` is not an e-mail address: give one such as ada@example.com.'],
    ['ada@x.com,bob@x.com', '`email` is not an e-mail address: give one such as ada@example.com.'],
    ['ada\0@example.com', '`email` holds a NUL character or half a surrogate pair: remove it.'],
    [`${'a'.repeat(250)}@x.com`, '`email` has 256 characters; at most 254 are allowed.'],
  ])('refuses %p', (email, message) => {
    expect(() => normalEmail(email, 'input', 'email')).toThrow(message);
  });
});
