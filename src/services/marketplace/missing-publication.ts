import { DomainError, notFound } from '../../domain/errors';
import { seesPublication } from '../../persistence/marketplace/feedback-store';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

/**
 * Why a publication that is not the account's own can't be changed: what others offer it is theirs to change; of anything
 * else nothing is told.
 */
export async function missingPublication(tx: Transaction, publicationId: string): Promise<DomainError> {
  const path = ['input', 'publicationId'];
  if (!(await seesPublication(tx.manager, actingViewer(tx), publicationId)))
    return notFound('publication', ...path);
  return new DomainError(
    'NOT_EDITABLE',
    'Only its publisher changes a publication: import it (a HEAD: subscribe to it), clone it, and publish the clone.',
    { path },
  );
}
