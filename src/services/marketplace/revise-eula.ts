import { notFound } from '../../domain/errors';
import { assertEulaText, assertNotArchived } from '../../domain/marketplace/eula';
import { recordAudit } from '../../persistence/access/audit-store';
import { insertEulaRevision, lockEulaOf, newestRevision } from '../../persistence/marketplace/eula-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

export interface ReviseEula {
  /** The key of any text of the agreement. */
  readonly id: string;
  readonly text: string;
}

/**
 * Gives a licence agreement its next text; those before stay. The newest text over again makes none.
 *
 * @returns the key of the newest text
 * @throws DomainError NOT_FOUND, INVALID, or NOT_EDITABLE once it is archived
 */
export async function reviseEula(context: ActionContext, { id, text }: ReviseEula): Promise<string> {
  assertEulaText(text, 'input', 'text');
  return unitOfWork(context, async (tx) => {
    const eula = await lockEulaOf(tx.manager, actingViewer(tx).accountId, id);
    if (eula === null) throw notFound('EULA revision', 'input', 'id');
    assertNotArchived(eula.archivedAt);
    const newest = await newestRevision(tx.manager, eula.id, text);
    if (newest.same) return newest.id;
    const revision = newest.revision + 1;
    const made = await insertEulaRevision(tx.manager, { eulaId: eula.id, revision, text }, tx.now);
    await recordAudit(tx, {
      action: 'eula.revise',
      objectType: 'EulaRevision',
      objectId: made,
      changes: { name: eula.name, revision },
    });
    return made;
  });
}
