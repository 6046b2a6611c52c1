import { DomainError, invalid } from './errors';

export const MAXIMUM_NAME_LENGTH = 255;
export const MAXIMUM_DESCRIPTION_LENGTH = 65_536;
/** 16 KiB of UTF-8. */
export const MAXIMUM_USER_DATA_BYTES = 16_384;
const MAXIMUM_SEARCH_WORDS = 10;

/** PostgreSQL stores no NUL, and UTF-8 has no lone surrogates: such text would fail or change on its way. */
export function assertStorable(text: string, ...path: string[]): void {
  if (text.includes('\0') || !text.isWellFormed())
    throw invalid(`\`${path.at(-1)}\` holds a NUL character or half a surrogate pair: remove it.`, ...path);
}

export function assertName(name: string, ...path: string[]): void {
  assertStorable(name, ...path);
  if (name.trim().length === 0) throw invalid(`\`${path.at(-1)}\` is empty: give a name.`, ...path);
  assertLength(name, MAXIMUM_NAME_LENGTH, ...path);
}

export function assertDescription(description: string | null | undefined, ...path: string[]): void {
  if (description == null) return;
  assertStorable(description, ...path);
  assertLength(description, MAXIMUM_DESCRIPTION_LENGTH, ...path);
}

/** A text that must be there: storable, not blank, at most `maximum` characters. */
export function assertText(text: string, maximum: number, ...path: string[]): void {
  assertStorable(text, ...path);
  if (text.trim().length === 0)
    throw invalid(`\`${path.at(-1)}\` is empty: it must hold 1 to ${maximum} characters.`, ...path);
  assertLength(text, maximum, ...path);
}

function assertLength(text: string, maximum: number, ...path: string[]): void {
  if (text.length > maximum)
    throw invalid(
      `\`${path.at(-1)}\` has ${text.length} characters; at most ${maximum} are allowed.`,
      ...path,
    );
}

export function assertUserData(userData: string | null | undefined, ...path: string[]): void {
  if (userData == null) return;
  assertStorable(userData, ...path);
  assertBytes(userData, MAXIMUM_USER_DATA_BYTES, ...path);
}

/** @throws DomainError LIMIT_EXCEEDED */
export function assertBytes(text: string, maximum: number, ...path: string[]): void {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > maximum)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `\`${path.at(-1)}\` has ${bytes} bytes of UTF-8; at most ${maximum} are allowed.`,
      { path },
    );
}

/** The words of a search; each must occur, whole or as a part. */
export function searchWords(search: string, ...path: string[]): string[] {
  assertStorable(search, ...path);
  const words = search.split(/\s+/).filter((word) => word.length > 0);
  if (words.length > MAXIMUM_SEARCH_WORDS)
    throw invalid(
      `\`${path.at(-1)}\` has ${words.length} words; at most ${MAXIMUM_SEARCH_WORDS} are searched.`,
      ...path,
    );
  return words;
}
