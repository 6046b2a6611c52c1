import { DomainError } from '../domain/errors';
import type { RequestContext } from '../loaders/request-context';
import { toUserError, type UserError } from './types/user-error';

/**
 * Runs a use case and makes its payload from what can be read afterwards.
 * An expected refusal becomes `userErrors`; everything else is a fault and passes.
 */
export async function mutate<T, P extends object>(
  context: Pick<RequestContext, 'forget'>,
  act: () => Promise<T>,
  payload: (result: T) => Promise<P> | P,
): Promise<P | { userErrors: UserError[] }> {
  try {
    const result = await act();
    context.forget();
    return { ...(await payload(result)), userErrors: [] };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { userErrors: [toUserError(error)] };
  }
}
