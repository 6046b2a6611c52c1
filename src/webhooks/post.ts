import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AttemptOutcome } from '../domain/events/delivery-attempt';
import { assertPublicTarget, publicLookup } from './public-address';

const TIMEOUT = 10_000;
/** Bytes of an answer that are read; where there is more, the connection is ended. */
const READ_BYTES = 65_536;
/** Characters of it that are kept. */
const EXCERPT_LENGTH = 200;

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether it may go to addresses that are not public. */
  readonly privateAllowed: boolean;
  /** Gives it up. */
  readonly signal: AbortSignal;
  /** Milliseconds from the look-up of the name to the end of the answer; 10 s unless told. */
  readonly timeout?: number;
}

/** Posts once, without following redirects. It never fails: that nothing was answered is an outcome, too. */
export async function post(what: Post): Promise<AttemptOutcome> {
  const { timeout = TIMEOUT } = what;
  const deadline = AbortSignal.timeout(timeout);
  try {
    const response = await answerTo(what, AbortSignal.any([what.signal, deadline]));
    const { statusCode: status = 0, headers } = response;
    return { status, retryAfter: headers['retry-after'] ?? null, excerpt: await excerptOf(response) };
  } catch (error) {
    if (deadline.aborted) return { error: `The receiver did not answer within ${timeout / 1000} seconds.` };
    return { error: reasonOf(error) };
  }
}

function answerTo(
  { url, headers, body, privateAllowed }: Post,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    if (!privateAllowed) assertPublicTarget(target);
    const request = target.protocol === 'https:' ? requestHttps : requestHttp;
    const sent = request(target, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      // A connection of its own, to an address that was checked.
      agent: false,
      signal,
      ...(!privateAllowed && { lookup: publicLookup(signal) }),
    });
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.on('close', () => reject(new Error('The receiver ended the connection without an answer.')));
    sent.end(body);
  });
}

/** The beginning of an answer, on one line. An answer that breaks off, or is never complete, was given by its status. */
async function excerptOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (bytes < EXCERPT_LENGTH * 4) chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > READ_BYTES) break;
    }
  } catch {
    response.destroy();
  }
  const text = Buffer.concat(chunks)
    .subarray(0, EXCERPT_LENGTH * 4)
    .toString('utf8');
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, EXCERPT_LENGTH)
    .toWellFormed();
}

/** Of several addresses that were tried, each has its own. */
function reasonOf(error: unknown): string {
  const reasons = error instanceof AggregateError ? error.errors.map(messageOf) : [messageOf(error)];
  return [...new Set(reasons)].join('; ').slice(0, 500);
}

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
