import { invalid } from '../errors';
import { assertStorable } from '../text';

/** RFC 5321: the longest path, without its angle brackets. */
const MAXIMUM_EMAIL_LENGTH = 254;
const EMAIL = /^[^\s@<>,;]+@[^\s@<>,;]+$/;

/**
 * The address in lower case: were it kept as first written, its spelling would tell an account
 * that another one knows the person already.
 */
export function normalEmail(email: string, ...path: string[]): string {
  assertStorable(email, ...path);
  const normal = email.trim().toLowerCase();
  if (normal.length > MAXIMUM_EMAIL_LENGTH)
    throw invalid(
      `\`${path.at(-1)}\` has ${normal.length} characters; at most ${MAXIMUM_EMAIL_LENGTH} are allowed.`,
      ...path,
    );
  if (!EMAIL.test(normal))
    throw invalid(`\`${path.at(-1)}\` is not an e-mail address: give one such as ada@example.com.`, ...path);
  return normal;
}
