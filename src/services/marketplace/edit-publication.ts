import type { Publication } from '../../entities/marketplace/publication';
import { recordAudit } from '../../persistence/access/audit-store';
import { lockPublication, lockPublishedLineage } from '../../persistence/marketplace/publication-store';
import { ownPublication } from '../../persistence/marketplace/republish-store';
import type { Row } from '../../persistence/select';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { missingPublication } from './missing-publication';

/** Which publication, by its key, and whether to do it. */
export interface ChoosePublication {
  readonly publicationId: string;
  /** Only looks whether it can be done, and what would be. */
  readonly dryRun?: boolean | null;
}

/** What an edit of a publication changed, for the audit log. */
export interface PublicationEdit {
  readonly verb: string;
  readonly changes: Record<string, unknown>;
}

/**
 * The frame of every edit of a publication: locks it after its whole lineage, of which another one may come to be listed,
 * runs `change` and writes the audit entry.
 *
 * @param change what to do with the locked publication; `null` when nothing changed: then there is no entry
 * @returns the key of the publication
 * @throws DomainError NOT_FOUND, NOT_EDITABLE for what others offer, or whatever `change` refuses
 */
export function editPublication(
  context: ActionContext,
  publicationId: string,
  change: (tx: Transaction, publication: Row<Publication>) => Promise<PublicationEdit | null>,
): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    const known = await ownPublication(tx.manager, accountId, publicationId);
    if (known !== null) await lockPublishedLineage(tx.manager, accountId, known.lineageId);
    const publication = await lockPublication(tx.manager, accountId, publicationId);
    if (publication === null) throw await missingPublication(tx, publicationId);
    const edit = await change(tx, publication);
    if (edit !== null)
      await recordAudit(tx, {
        action: `publication.${edit.verb}`,
        objectType: 'Publication',
        objectId: publicationId,
        changes: edit.changes,
      });
    return publicationId;
  });
}
