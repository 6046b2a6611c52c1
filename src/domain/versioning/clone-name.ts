import { MAXIMUM_NAME_LENGTH } from '../text';

/** a name whose last word is a version, such as `v8`. What would fill half a name counts nothing. */
const VERSIONED = /^(.*(?:^|[ _-])v)(\d{1,100})$/s;

/** The names that a clone may get without being told, the first one first: it takes the first that is free. */
export function* cloneNames(name: string): Generator<string, never> {
  const [, stem = `${name} v`, number = '1'] = VERSIONED.exec(name) ?? [];
  for (let next = BigInt(number) + 1n; ; next += 1n) {
    const suffix = String(next);
    // What would be too long loses the end of its first part, never its number.
    const room = MAXIMUM_NAME_LENGTH - suffix.length;
    yield stem.length <= room ? `${stem}${suffix}` : `${startOf(stem, room - 2)} v${suffix}`;
  }
}

/** At most so many characters from the start; never half of a surrogate pair. */
const startOf = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
