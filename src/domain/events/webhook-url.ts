import { invalid } from '../errors';
import { assertStorable } from '../text';

const MAXIMUM_LENGTH = 2048;

/**
 * A URL that events may be posted to, as it was given. Where its host leads to is checked when it is connected to.
 *
 * @param privateAllowed whether plain HTTP is allowed, too
 * @throws DomainError INVALID
 */
export function checkWebhookUrl(text: string, privateAllowed: boolean, ...path: string[]): string {
  assertStorable(text, ...path);
  if (text.length > MAXIMUM_LENGTH)
    throw invalid(
      `\`${path.at(-1)}\` has ${text.length} characters; at most ${MAXIMUM_LENGTH} are allowed.`,
      ...path,
    );
  // A parser leaves some of them out: what is shown would not be what is asked.
  if (/[\s\p{Cc}]/u.test(text))
    throw invalid(
      `\`${path.at(-1)}\` holds white space or control characters: leave them out, or write them as in %20.`,
      ...path,
    );
  if (!URL.canParse(text))
    throw invalid(
      `\`${path.at(-1)}\` is not a URL: give one such as https://receiver.example/events.`,
      ...path,
    );
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'https:' && !(privateAllowed && protocol === 'http:'))
    throw invalid(
      protocol === 'http:'
        ? `\`${path.at(-1)}\` must be https: events would be readable on their way. (Whoever runs the service can allow http with MCI_GRAPH_WEBHOOK_PRIVATE_ADDRESSES.)`
        : `\`${path.at(-1)}\` must begin with https://.`,
      ...path,
    );
  if (username !== '' || password !== '')
    throw invalid(
      `\`${path.at(-1)}\` holds a user name or password: leave them out, and check the signature at the receiver.`,
      ...path,
    );
  if (hash !== '')
    throw invalid(`\`${path.at(-1)}\` has a fragment (#…), which no receiver sees: leave it out.`, ...path);
  return text;
}
