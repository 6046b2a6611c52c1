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
  if (name.length > MAXIMUM_NAME_LENGTH)
    throw invalid(
      `\`${path.at(-1)}\` has ${name.length} characters; at most ${MAXIMUM_NAME_LENGTH} are allowed.`,
      ...path,
    );
}

export function assertDescription(description: string | null | undefined, ...path: string[]): void {
  if (description == null) return;
  assertStorable(description, ...path);
  if (description.length > MAXIMUM_DESCRIPTION_LENGTH)
    throw invalid(
      `\`${path.at(-1)}\` has ${description.length} characters; at most ${MAXIMUM_DESCRIPTION_LENGTH} are allowed.`,
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
