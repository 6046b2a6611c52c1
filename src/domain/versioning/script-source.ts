import { createHash } from 'node:crypto';
import { invalid } from '../errors';
import { assertBytes, assertStorable } from '../text';

/** 256 KiB of UTF-8. */
export const MAXIMUM_SOURCE_BYTES = 262_144;

/** The text of a RightScript. @throws DomainError INVALID or LIMIT_EXCEEDED */
export function assertSource(source: string, ...path: string[]): void {
  assertStorable(source, ...path);
  if (source.trim().length === 0)
    throw invalid(`\`${path.at(-1)}\` is blank: give the text of the script.`, ...path);
  assertBytes(source, MAXIMUM_SOURCE_BYTES, ...path);
}

/** Left out: unchanged. */
export interface SourceUpdate {
  readonly source?: string | null;
}

/** The source, if an update really changes it. @throws DomainError INVALID or LIMIT_EXCEEDED */
export function planSource(
  current: { readonly source: string },
  { source }: SourceUpdate,
): { source?: string } {
  if (source === null)
    throw invalid(
      '`source` can not be null: leave it out to keep the text, or give a new one.',
      'input',
      'source',
    );
  if (source === undefined) return {};
  assertSource(source, 'input', 'source');
  return source === current.source ? {} : { source };
}

/** A source as the audit log tells it: the text itself may hold secrets. */
export const describeSource = (source: string) => ({
  sourceBytes: Buffer.byteLength(source),
  sourceSha256: createHash('sha256').update(source).digest('hex'),
});
