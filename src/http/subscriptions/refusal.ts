import { GraphQLError } from 'graphql';
import { isFault } from '../format-error';

/** A subscription that does not begin, or ends: with what its client is told, still to be formatted. */
export class Refusal extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super(errors.map(({ message }) => message).join('\n'));
  }

  /** Whether it is no fault of the client and may pass: whoever comes back may go on after the last event. */
  get passing(): boolean {
    return this.errors.some((error) => isFault(error) || error.extensions['code'] === 'UNAVAILABLE');
  }
}

export const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });

/** Whatever was thrown, as what the client is told; faults are masked when they are formatted. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof GraphQLError) return new Refusal([error]);
  const cause = error instanceof Error ? error : new Error(String(error));
  return new Refusal([new GraphQLError(cause.message, { originalError: cause })]);
}
