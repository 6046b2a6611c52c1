import type { ActionContext } from '../../persistence/unit-of-work';
import { joinPublication, type Joined, type JoinPublication } from './join-publication';

/**
 * Brings a published revision and all that it pins into the local collection.
 *
 * @throws DomainError NOT_FOUND, EULA_NOT_ACCEPTED, DEPENDENCY_NOT_VISIBLE, or INVALID for one's own, a deprecated one or a HEAD
 */
export const importPublication = (context: ActionContext, input: JoinPublication): Promise<Joined> =>
  joinPublication(context, 'IMPORT', input);
