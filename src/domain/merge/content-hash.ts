import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json';
import type { Content } from './content';

/** Rises when the canonical text changes, so that hashes of two formats are never taken for equal. */
const FORMAT = 1;

/** SHA-256 in hexadecimal of the canonical text: equal exactly when a diff finds nothing. */
export function contentHash(content: Content): string {
  return createHash('sha256')
    .update(`${FORMAT}:${canonicalJson(content)}`, 'utf8')
    .digest('hex');
}
