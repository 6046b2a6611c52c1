import { DomainError, notFound } from '../domain/errors';
import { COMPONENT_NAMES, componentAction, type ComponentType } from '../domain/versioning/component-type';
import { recordAudit } from '../persistence/audit-store';
import { lockLineage, markLineageDeleted } from '../persistence/component-store';
import { templatesUsingLineage } from '../persistence/server-template-store';
import { unitOfWork, type ActionContext, type Transaction } from '../persistence/unit-of-work';
import { actingViewer } from './acting-viewer';

/**
 * Removes HEAD and all revisions from the local collection. What points at them keeps working.
 *
 * @param id of any version of the lineage
 * @throws DomainError NOT_FOUND, or IN_USE with the ServerTemplates that name the MCI
 */
export async function deleteComponent(
  context: ActionContext,
  type: ComponentType,
  id: string,
): Promise<void> {
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    const versions = await lockLineage(tx.manager, type, accountId, id);
    const version = versions.find((row) => row.id === id);
    if (version === undefined || version.deletedAt !== null)
      throw notFound(COMPONENT_NAMES[type], 'input', 'id');
    if (type === 'MultiCloudImage') await assertUnused(tx, accountId, version.lineageId);
    await markLineageDeleted(tx.manager, type, accountId, version.lineageId, tx.now);
    await recordAudit(tx, {
      action: componentAction(type, 'delete'),
      objectType: type,
      // HEAD stands for the lineage; what is imported has none.
      objectId: versions[0]?.id ?? id,
      changes: { name: version.name, revisions: versions.map(({ revision }) => revision) },
    });
  });
}

async function assertUnused(tx: Transaction, accountId: string, lineageId: string): Promise<void> {
  const usedBy = await templatesUsingLineage(tx.manager, accountId, lineageId);
  if (usedBy.length > 0)
    throw new DomainError(
      'IN_USE',
      'Cannot delete as the MultiCloud Image (HEAD/committed revision) is being used by one or more ServerTemplates.',
      { path: ['input', 'id'], usedBy },
    );
}
