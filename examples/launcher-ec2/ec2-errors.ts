import { EC2ServiceException } from '@aws-sdk/client-ec2';

/** EC2 will not do it, however often it is asked: the order fails with this message. */
export class Refusal extends Error {}

/** Said of the caller's pace, clock or credentials, not of the order: a later attempt may do better. */
const NOT_ABOUT_THE_ORDER = new Set([
  'AuthFailure',
  'ExpiredToken',
  'InvalidClientTokenId',
  'RequestExpired',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SignatureDoesNotMatch',
  'Throttling',
  'UnrecognizedClientException',
]);

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof EC2ServiceException && error.name === code;

/** The refusal that an error is; anything else is thrown on, for a later attempt. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!(error instanceof EC2ServiceException) || !isRefused(error)) throw error;
  return new Refusal(`${error.name}: ${error.message}`, { cause: error });
}

/** A lack of capacity comes as a fault of the server, but lasts: whoever launched chooses another type or zone. */
function isRefused({ name, $fault }: EC2ServiceException): boolean {
  if (name.startsWith('Insufficient')) return true;
  return $fault === 'client' && !NOT_ABOUT_THE_ORDER.has(name);
}
