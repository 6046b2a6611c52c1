import { touchPublications } from '../../persistence/marketplace/publication-store';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editPublication, type ChoosePublication } from './edit-publication';

/**
 * Hides a publication from the marketplace; whoever imported it keeps it. A deprecated one stays as it is.
 *
 * @returns the key of the publication
 * @throws DomainError NOT_FOUND or NOT_EDITABLE
 */
export function deprecatePublication(
  context: ActionContext,
  { publicationId, dryRun }: ChoosePublication,
): Promise<string> {
  return editPublication(context, publicationId, async (tx, { id, status }) => {
    if (status === 'DEPRECATED' || dryRun) return null;
    await touchPublications(tx.manager, [id], { status: 'DEPRECATED' }, tx.now);
    return { verb: 'deprecate', changes: { status: 'DEPRECATED' } };
  });
}
