import { createHmac, randomBytes } from 'node:crypto';

/** Signatures as Standard Webhooks 1.0 says: https://www.standardwebhooks.com. */

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** Milliseconds for which a rotated secret signs beside the newest one. */
export const ROTATION_TIME = 86_400_000;

/** 256 random bits. */
export const mintWebhookSecret = (): Buffer => randomBytes(SECRET_BYTES);

/** A secret as receivers are given it. */
export const secretText = (secret: Buffer): string => SECRET_PREFIX + secret.toString('base64');

/** What is signed: the message that is sent, and when. */
export interface SignedMessage {
  /** The same in all attempts. */
  readonly id: string;
  readonly sentAt: Date;
  readonly payload: string;
}

/** The headers by which a receiver knows who sent a message, with a signature by each secret. */
export function signatureHeaders(
  secrets: readonly Buffer[],
  { id, sentAt, payload }: SignedMessage,
): Record<string, string> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const signatures = secrets.map((secret) =>
    createHmac('sha256', secret).update(`${id}.${timestamp}.${payload}`, 'utf8').digest('base64'),
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  };
}
