import {
  failureOf,
  MAXIMUM_ATTEMPTS,
  nextStep,
  retryDelay,
  type AttemptOutcome,
} from '../../../src/domain/events/delivery-attempt';
import { checkNewWebhook, planWebhookUpdate, type WebhookFields } from '../../../src/domain/events/webhook';
import { checkWebhookUrl } from '../../../src/domain/events/webhook-url';

const HOUR = 3_600_000;
const now = new Date('2026-01-01T00:00:00.000Z');

const answered = (status: number, retryAfter: string | null = null): AttemptOutcome => ({
  status,
  retryAfter,
  excerpt: '',
});
const after = (outcome: AttemptOutcome, attempts = 1, random = 0.5) =>
  nextStep(outcome, { attempts, now, random });

describe('what becomes of a delivery after an attempt', () => {
  test.each([200, 201, 202, 204, 299])('%d is delivered', (status) => {
    expect(after(answered(status))).toEqual({ state: 'DELIVERED' });
    expect(failureOf(answered(status))).toBeNull();
  });

  test.each([100, 199, 300, 301, 307, 400, 404, 409, 429, 500, 503])('%d is tried again', (status) => {
    expect(after(answered(status))).toEqual({ state: 'PENDING', delay: 10_000 });
    expect(failureOf(answered(status))).toContain(String(status));
  });

  test('no answer is tried again, and the reason is kept', () => {
    expect(after({ error: 'connect ECONNREFUSED' })).toEqual({ state: 'PENDING', delay: 10_000 });
    expect(failureOf({ error: 'connect ECONNREFUSED' })).toBe('connect ECONNREFUSED');
  });

  test('410 gives it up at once, for good', () => {
    expect(after(answered(410))).toEqual({ state: 'DEAD', gone: true });
  });

  test('delays grow threefold up to six hours, and the last attempt is a good day after the first', () => {
    const delays = Array.from({ length: MAXIMUM_ATTEMPTS - 1 }, (_, index) => retryDelay(index + 1, 0.5));
    expect(delays.map((delay) => delay / 1000)).toEqual([
      10, 30, 90, 270, 810, 2430, 7290, 21_600, 21_600, 21_600, 21_600,
    ]);
    const whole = delays.reduce((sum, delay) => sum + delay);
    expect(whole).toBeGreaterThan(24 * HOUR);
    expect(whole).toBeLessThan(30 * HOUR);
    expect(after(answered(500), MAXIMUM_ATTEMPTS - 1)).toMatchObject({ state: 'PENDING' });
    expect(after(answered(500), MAXIMUM_ATTEMPTS)).toEqual({ state: 'DEAD', gone: false });
    expect(after(answered(204), MAXIMUM_ATTEMPTS)).toEqual({ state: 'DELIVERED' });
  });

  test('they vary by a fifth both ways', () => {
    expect([0, 0.5, 1].map((random) => retryDelay(1, random))).toEqual([8000, 10_000, 12_000]);
    expect(retryDelay(11, 1)).toBe(7.2 * HOUR);
  });

  test.each([
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:05:00 GMT', 300_000],
    // No sooner than we would have.
    ['1', 10_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 10_000],
    // No later than the longest delay.
    ['86400', 6 * HOUR],
    ['9999999999', 6 * HOUR],
    ['Thu, 01 Jan 2099 00:00:00 GMT', 6 * HOUR],
    // Not understood.
    ['soon', 10_000],
    ['-5', 10_000],
    ['', 10_000],
    ['99999999999999999999', 10_000],
  ])('Retry-After: %s', (retryAfter, delay) => {
    expect(after(answered(503, retryAfter))).toEqual({ state: 'PENDING', delay });
  });
});

describe('where events may be posted to', () => {
  test.each(['https://receiver.example/events?key=1', 'https://[2606:4700::1]:8443/', 'HTTPS://a.example'])(
    '%s',
    (url) => {
      expect(checkWebhookUrl(url, false, 'input', 'url')).toBe(url);
    },
  );

  test('plain HTTP only where that is allowed', () => {
    expect(checkWebhookUrl('http://receiver/events', true, 'input', 'url')).toBe('http://receiver/events');
    expect(() => checkWebhookUrl('http://receiver/events', false, 'input', 'url')).toThrow(
      'MCI_GRAPH_WEBHOOK_PRIVATE_ADDRESSES',
    );
  });

  test.each([
    ['', 'is not a URL'],
    ['receiver.example', 'is not a URL'],
    ['https://', 'is not a URL'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['javascript:alert(1)', 'must begin with https://'],
    ['https://user:password@receiver.example', 'user name or password'],
    ['https://token@receiver.example', 'user name or password'],
    ['https://receiver.example/#part', 'fragment'],
    [`https://receiver.example/${'x'.repeat(2048)}`, 'at most 2048'],
    ['https://receiver.example/\0', 'NUL'],
    [' https://receiver.example', 'white space'],
    ['https://receiver.example/a\tb', 'white space'],
    ['https://receiver.example/\n', 'white space'],
    ['https://receiver.example/\u001b[2J', 'control characters'],
  ])('%j is refused', (url, message) => {
    for (const privateAllowed of [false, true])
      expect(() => checkWebhookUrl(url, privateAllowed, 'input', 'url')).toThrow(
        expect.objectContaining({
          code: 'INVALID',
          message: expect.stringContaining(message),
          details: { path: ['input', 'url'] },
        }),
      );
  });
});

describe('what a webhook is told', () => {
  const current: WebhookFields = {
    url: 'https://a.example',
    description: null,
    events: ['COMPONENT'],
    lineageIds: [],
    active: true,
  };

  test('each event and lineage is named once', () => {
    expect(
      checkNewWebhook(
        { url: 'https://a.example', events: ['INSTANCE', 'INSTANCE'], lineageIds: ['a', 'a'] },
        false,
      ),
    ).toEqual({
      url: 'https://a.example',
      description: null,
      events: ['INSTANCE'],
      lineageIds: ['a'],
      active: true,
    });
  });

  test('nothing, or more than a hundred lineages, is refused', () => {
    expect(() => checkNewWebhook({ url: current.url, events: [] }, false)).toThrow('`events` is empty');
    const lineageIds = Array.from({ length: 101 }, (_, index) => String(index));
    expect(() => checkNewWebhook({ url: current.url, events: ['COMPONENT'], lineageIds }, false)).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });

  test('only what differs changes', () => {
    expect(planWebhookUpdate(current, { url: current.url, events: ['COMPONENT'] }, false)).toEqual({});
    expect(planWebhookUpdate(current, { active: false, description: 'x' }, false)).toEqual({
      active: false,
      description: 'x',
    });
    expect(planWebhookUpdate({ ...current, description: 'x' }, { description: null }, false)).toEqual({
      description: null,
    });
  });

  test.each(['url', 'events', 'lineageIds', 'active'])('`%s` can not be cleared', (field) => {
    expect(() => planWebhookUpdate(current, { [field]: null }, false)).toThrow(
      expect.objectContaining({ code: 'INVALID', details: { path: ['input', field] } }),
    );
  });
});
