import { touchPublications } from '../../persistence/marketplace/publication-store';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editPublication, type ChoosePublication } from './edit-publication';

/**
 * Offers a deprecated publication again. An active one stays as it is.
 *
 * @returns the key of the publication
 * @throws DomainError NOT_FOUND or NOT_EDITABLE
 */
export function reactivatePublication(
  context: ActionContext,
  { publicationId, dryRun }: ChoosePublication,
): Promise<string> {
  return editPublication(context, publicationId, async (tx, { id, status }) => {
    if (status === 'ACTIVE' || dryRun) return null;
    await touchPublications(tx.manager, [id], { status: 'ACTIVE' }, tx.now);
    return { verb: 'reactivate', changes: { status: 'ACTIVE' } };
  });
}
