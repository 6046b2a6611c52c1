import { DomainError, invalid } from './errors';

export const MAXIMUM_TAGS = 100;
/** An index entry holds no more. */
const MAXIMUM_TAG_BYTES = 1024;
const MACHINE_TAG = /^[a-z][a-z0-9_]*:[A-Za-z](?:[^=]*[^=\s])?=/;

/** `namespace:predicate=value`, or a raw tag without `:` and `=`. */
export function assertTag(tag: string, ...path: string[]): void {
  const bytes = Buffer.byteLength(tag, 'utf8');
  if (bytes === 0 || bytes > MAXIMUM_TAG_BYTES)
    throw invalid(`A tag has 1 to ${MAXIMUM_TAG_BYTES} bytes of UTF-8; this one has ${bytes}.`, ...path);
  if (tag !== tag.trim()) throw invalid(`The tag "${tag}" starts or ends with a space: remove it.`, ...path);
  if (/[:=]/.test(tag) && !MACHINE_TAG.test(tag))
    throw invalid(
      `The tag "${tag}" is neither a machine tag (\`namespace:predicate=value\`, the namespace in lower case, the predicate starting with a letter) nor a raw tag (without \`:\` and \`=\`).`,
      ...path,
    );
}

/** The tags with `added` behind them: unique ignoring case, the first spelling stays. */
export function withTags(tags: readonly string[], added: readonly string[], ...path: string[]): string[] {
  const bySpelling = new Map(tags.map((tag) => [tag.toLowerCase(), tag]));
  for (const tag of added) {
    assertTag(tag, ...path);
    const key = tag.toLowerCase();
    if (!bySpelling.has(key)) bySpelling.set(key, tag);
  }
  if (bySpelling.size > MAXIMUM_TAGS)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `At most ${MAXIMUM_TAGS} tags are allowed; this would make ${bySpelling.size}.`,
      {
        path,
      },
    );
  return [...bySpelling.values()];
}

/** The tags without `removed`, whose spelling is matched ignoring case. */
export function withoutTags(tags: readonly string[], removed: readonly string[]): string[] {
  const gone = new Set(removed.map((tag) => tag.toLowerCase()));
  return tags.filter((tag) => !gone.has(tag.toLowerCase()));
}
