import { z } from 'zod';

const ISO_INSTANT = z.iso.datetime({ offset: true });
const ISO_DATE = z.iso.date();
const RFC_2822 =
  /^(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}(?::\d{2})?) (?:([+-]\d{2})(\d{2})|GMT|UTC?)$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * An ISO 8601 time with its zone, or a date (midnight UTC); `null`: neither, no day of the calendar, or in UTC not in
 * the years 1 to 9999, beyond which PostgreSQL reads no ISO 8601 time.
 */
export function parseInstant(text: string): Date | null {
  if (!ISO_INSTANT.safeParse(text).success && !ISO_DATE.safeParse(text).success) {
    return null;
  }
  const instant = new Date(text);
  const year = instant.getUTCFullYear();
  return year >= 1 && year <= 9999 ? instant : null;
}

/** `Wed, 11 Jan 2017 06:23:17 +0000`; `null`: not such a time. */
export function parseRfc2822(text: string): Date | null {
  const [, day, monthName, year, time, hours, minutes] = RFC_2822.exec(text) ?? [];
  if (day === undefined || monthName === undefined) {
    return null;
  }
  const month = String(MONTHS.indexOf(monthName) + 1).padStart(2, '0');
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  return parseInstant(`${year}-${month}-${day.padStart(2, '0')}T${time}${zone}`);
}
