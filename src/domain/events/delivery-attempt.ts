/** What came of one attempt: an answer, or why there is none. */
export type AttemptOutcome =
  | {
      readonly status: number;
      /** The header of that name. */
      readonly retryAfter: string | null;
      /** The beginning of the answer's body. */
      readonly excerpt: string;
    }
  | { readonly error: string };

/** What becomes of a delivery after an attempt. */
export type NextStep =
  | { readonly state: 'DELIVERED' }
  /** Tried again after so many milliseconds. */
  | { readonly state: 'PENDING'; readonly delay: number }
  /** Given up. `gone`: the receiver wants nothing more, ever. */
  | { readonly state: 'DEAD'; readonly gone: boolean };

/** 10 s, 30 s, 90 s … up to 6 h: the last attempt is made some 27 hours after the first. */
export const MAXIMUM_ATTEMPTS = 12;
const FIRST_DELAY = 10_000;
const FACTOR = 3;
const LONGEST_DELAY = 6 * 3_600_000;
/** Part of the delay by which it varies both ways: receivers that come back are not met by all at once. */
const JITTER = 0.2;
const GONE = 410;

/**
 * @param attempts how many were made, this one included
 * @param random from 0 to 1, decides on the jitter
 */
export function nextStep(
  outcome: AttemptOutcome,
  { attempts, now, random }: { readonly attempts: number; readonly now: Date; readonly random: number },
): NextStep {
  if ('status' in outcome && outcome.status >= 200 && outcome.status < 300) return { state: 'DELIVERED' };
  if ('status' in outcome && outcome.status === GONE) return { state: 'DEAD', gone: true };
  if (attempts >= MAXIMUM_ATTEMPTS) return { state: 'DEAD', gone: false };
  const asked = 'status' in outcome ? askedDelay(outcome.retryAfter, now) : 0;
  return { state: 'PENDING', delay: Math.max(retryDelay(attempts, random), asked) };
}

/** Milliseconds between an attempt, counted from 1, and the next one. */
export function retryDelay(attempts: number, random: number): number {
  const delay = Math.min(FIRST_DELAY * FACTOR ** (attempts - 1), LONGEST_DELAY);
  return Math.round(delay * (1 - JITTER + 2 * JITTER * random));
}

/** What `Retry-After` asks for, seconds or a date; at most the longest delay. 0: nothing that is understood. */
function askedDelay(retryAfter: string | null, now: Date): number {
  if (retryAfter === null) return 0;
  const delay = /^\d{1,10}$/.test(retryAfter)
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - now.getTime();
  return Number.isNaN(delay) ? 0 : Math.min(Math.max(delay, 0), LONGEST_DELAY);
}

/** What is told of a failed attempt; `null`: it was none. */
export function failureOf(outcome: AttemptOutcome): string | null {
  if ('error' in outcome) return outcome.error;
  const { status, excerpt } = outcome;
  if (status >= 200 && status < 300) return null;
  const what =
    status >= 300 && status < 400
      ? `The receiver redirects (${status}), which is not followed: give the URL that it leads to.`
      : `The receiver answered ${status}.`;
  return excerpt === '' ? what : `${what} ${excerpt}`;
}
