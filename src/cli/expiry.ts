import { invalid } from '../domain/errors';

const DAYS = /^(\d{1,5})d$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;
const DAY_MILLISECONDS = 86_400_000;

/** When something expires: days from now (`30d`) or an instant; a mere date means its first moment in UTC. */
export function expiryOf(text: string, now: Date): Date {
  const days = DAYS.exec(text)?.[1];
  if (days !== undefined) return new Date(now.getTime() + Number(days) * DAY_MILLISECONDS);
  const instant = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant))
    throw invalid(
      `\`expires\` is "${text}": give days from now, such as 30d, or a time such as 2030-01-31T00:00:00Z.`,
      'expires',
    );
  return new Date(instant);
}
