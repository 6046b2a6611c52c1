import type { ActionContext } from '../../persistence/unit-of-work';
import { joinPublication, type Joined, type JoinPublication } from './join-publication';

/**
 * Brings a published HEAD and all that it pins into the local collection, where they follow what is republished.
 *
 * @throws DomainError NOT_FOUND, DEPENDENCY_NOT_VISIBLE, or INVALID for one's own, a deprecated one or a revision
 */
export const subscribePublication = (context: ActionContext, input: JoinPublication): Promise<Joined> =>
  joinPublication(context, 'SUBSCRIBE', input);
