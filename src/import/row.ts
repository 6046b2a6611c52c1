import type { CatalogRow, ListedImage, ListedInstanceType } from '../domain/catalog/catalog-row';
import { parseInstant } from './instant';
import { isJsonObject, type JsonObject, type JsonValue } from './json-records';
import { shown } from './wrong-file';

/** Why one row can't land; never leaves this folder: `landOrRefuse` makes a REFUSED row of it. */
export class RowRefusal extends Error {
  constructor(
    message: string,
    /** Whether the row lists nothing that could be in the catalog, such as a download. */
    readonly listsNothing = false,
  ) {
    super(message);
  }
}

/** Longest text per field, in characters; any other text: 255. */
const MAX_LENGTH: Readonly<Record<string, number>> = { description: 4096 };
const DEFAULT_MAX_LENGTH = 255;

/** In bytes of UTF-8: PostgreSQL indexes no longer keys than about 2,700 bytes. */
const MAX_RESOURCE_UID_BYTES = 1024;

/** NUL, lone surrogates, and what decoding left of bytes that were not UTF-8: PostgreSQL could not keep them. */
const UNCLEAN = /[\0\uFFFD]|\p{Surrogate}/u;

/**
 * The row that `build` makes, or a REFUSED one with the reason that `build` throws as a RowRefusal, or that
 * some text of the row is unclean, missing or too long.
 *
 * @param resourceUid Reads what the row lists, also where the rest of it can't be read; may throw a RowRefusal.
 * @param fieldName What the listing calls a field of the row, for the reason.
 */
export function landOrRefuse(
  row: string,
  resourceUid: () => string,
  build: () => ListedImage | ListedInstanceType,
  fieldName: (field: string) => string = (field) => field,
): CatalogRow {
  try {
    const built = build();
    for (const field of Object.keys(built) as (keyof typeof built)[]) {
      if (field !== 'row') {
        const problem =
          field === 'resourceUid'
            ? resourceUidProblem(built.resourceUid)
            : problemOf(built[field], MAX_LENGTH[field] ?? DEFAULT_MAX_LENGTH);
        if (problem !== null) {
          throw new RowRefusal(`${fieldName(field)} ${problem}`);
        }
      }
    }
    return built;
  } catch (error) {
    if (error instanceof RowRefusal) {
      return refused(row, error.message, error.listsNothing ? [] : listedUids([resourceUid]));
    }
    throw error;
  }
}

/** @param resourceUids What the row lists; `null`: it can't be read. */
export function refused(row: string, reason: string, resourceUids: readonly string[] | null): CatalogRow {
  return { kind: 'REFUSED', row, reason, resourceUids };
}

/**
 * What a refused row lists; `null`: at least one of them can't be read. What is too long for the catalog can't be
 * in it and is left out.
 */
export function listedUids(resourceUids: readonly (() => string)[]): readonly string[] | null {
  try {
    const uids = resourceUids.map((read) => read());
    return uids.some((uid) => problemOf(uid, Infinity) !== null)
      ? null
      : uids.filter((uid) => resourceUidProblem(uid) === null);
  } catch (error) {
    if (error instanceof RowRefusal) {
      return null;
    }
    throw error;
  }
}

function resourceUidProblem(uid: string): string | null {
  const problem = problemOf(uid, Infinity);
  return problem === null && Buffer.byteLength(uid, 'utf8') > MAX_RESOURCE_UID_BYTES
    ? `has more than ${MAX_RESOURCE_UID_BYTES} bytes of UTF-8: shorten it.`
    : problem;
}

/** What keeps this value from being stored, and the cure; `null`: nothing does. */
function problemOf(value: unknown, maxLength: number): string | null {
  if (Array.isArray(value)) {
    return value.reduce<string | null>((problem, element) => problem ?? problemOf(element, maxLength), null);
  }
  if (typeof value !== 'string') {
    return null;
  }
  if (value.trim() === '') {
    return 'is missing: give it a value.';
  }
  if (UNCLEAN.test(value)) {
    return 'holds a character that is not valid text (NUL, half a surrogate pair, or a byte that is not UTF-8): remove it.';
  }
  return value.length > maxLength && [...value].length > maxLength
    ? `has more than ${maxLength} characters: shorten it.`
    : null;
}

/** A place in a JSON file, for people, with unprintable keys escaped: `architectures.x86_64.images.aws`. */
export function jsonPlace(...keys: readonly string[]): string {
  return keys.map((key) => (/^[^\p{C}]{1,100}$/u.test(key) ? key : shown(key))).join('.');
}

export function asObject(value: JsonValue | undefined): JsonObject {
  if (!isJsonObject(value)) {
    throw new RowRefusal('Not a JSON object: give one object per row.');
  }
  return value;
}

/** Text, or `null` where the record has none or only blanks. */
export function optionalText(record: JsonObject, field: string): string | null {
  const value = record[field];
  if (value === undefined || value === null) {
    return null;
  }
  if (typeof value !== 'string') {
    throw new RowRefusal(`${field} is not text: give it in quotes.`);
  }
  return value.trim() === '' ? null : value;
}

export function requiredText(record: JsonObject, field: string): string {
  const value = optionalText(record, field);
  if (value === null) {
    throw new RowRefusal(`${field} is missing: give it a value.`);
  }
  return value;
}

export function optionalInstant(record: JsonObject, field: string): Date | null {
  const text = optionalText(record, field);
  return text === null ? null : readInstant(field, text);
}

export function readInstant(field: string, text: string): Date {
  const instant = parseInstant(text);
  if (instant === null) {
    throw new RowRefusal(
      `${field} ${shown(text)} is not a time in the years 1 to 9999: write it like 2026-07-21T14:07:12Z or 2026-07-21.`,
    );
  }
  return instant;
}

/** `true`, `1` and `"true"` alike: some exports write booleans as numbers or text. */
export function optionalBoolean(record: JsonObject, field: string): boolean | null {
  const value = record[field];
  if (value === undefined || value === null || value === '') {
    return null;
  }
  return readBoolean(field, value);
}

export function readBoolean(field: string, value: JsonValue): boolean {
  switch (typeof value === 'string' ? value.toLowerCase() : value) {
    case true:
    case 1:
    case '1':
    case 'true':
      return true;
    case false:
    case 0:
    case '0':
    case 'false':
      return false;
    default:
      throw new RowRefusal(
        `${field} ${shown(typeof value === 'string' ? value : JSON.stringify(value))} is neither true nor false: write one of them.`,
      );
  }
}
