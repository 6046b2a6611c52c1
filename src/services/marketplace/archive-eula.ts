import { notFound } from '../../domain/errors';
import { recordAudit } from '../../persistence/access/audit-store';
import { lockEulaOf, markArchived } from '../../persistence/marketplace/eula-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

/**
 * From now on no new publication takes the agreement; those that have it keep it. Doing it again changes nothing.
 *
 * @param id the key of any text of the agreement
 * @returns the same key
 * @throws DomainError NOT_FOUND
 */
export async function archiveEula(context: ActionContext, id: string): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const eula = await lockEulaOf(tx.manager, actingViewer(tx).accountId, id);
    if (eula === null) throw notFound('EULA revision', 'input', 'id');
    if (eula.archivedAt !== null) return id;
    await markArchived(tx.manager, eula.id, tx.now);
    await recordAudit(tx, {
      action: 'eula.archive',
      objectType: 'EulaRevision',
      objectId: id,
      changes: { name: eula.name, archivedAt: tx.now },
    });
    return id;
  });
}
