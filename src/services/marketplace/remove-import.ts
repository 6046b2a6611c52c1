import { invalid, notFound } from '../../domain/errors';
import { COMPONENT_NAMES, componentAction, type ComponentType } from '../../domain/versioning/component-type';
import { recordAudit } from '../../persistence/access/audit-store';
import { lockLineage, markLineageDeleted } from '../../persistence/components/component-store';
import { lockCollections } from '../../persistence/marketplace/import-facts';
import { markImportsRemoved } from '../../persistence/marketplace/import-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { assertUnused } from '../components/assert-unused';

/**
 * Removes all that was imported of a lineage from the local collection. What points at it keeps working, and it
 * can be imported again.
 *
 * @param id of any version of it
 * @throws DomainError NOT_FOUND, IN_USE with the ServerTemplates that pin a version of it, or INVALID for a private one
 */
export async function removeImport(context: ActionContext, type: ComponentType, id: string): Promise<void> {
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    await lockCollections(tx.manager, [accountId]);
    const lineage = await lockLineage(tx.manager, type, accountId, id);
    const version = lineage.find((row) => row.id === id);
    if (version === undefined || version.deletedAt !== null)
      throw notFound(COMPONENT_NAMES[type], 'input', 'id');
    const imported = lineage.find(({ originalId }) => originalId !== null);
    if (imported === undefined)
      throw invalid(
        `This ${COMPONENT_NAMES[type]} was not imported, it is this account's own: \`delete${type}\` deletes it.`,
        'input',
        'id',
      );
    const { lineageId } = version;
    if (type !== 'ServerTemplate') await assertUnused(tx, type, accountId, lineageId);
    const revisions = await markLineageDeleted(tx.manager, type, accountId, lineageId, tx.now);
    await markImportsRemoved(tx.manager, accountId, lineageId, tx.now);
    await recordAudit(tx, {
      action: componentAction(type, 'removeImport'),
      objectType: type,
      objectId: version.snapshot ? imported.id : id,
      changes: { name: version.name, revisions },
    });
  });
}
