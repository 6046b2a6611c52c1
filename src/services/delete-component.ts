import { DomainError, invalid, notFound } from '../domain/errors';
import { COMPONENT_NAMES, componentAction, type ComponentType } from '../domain/versioning/component-type';
import type { PinnedType } from '../domain/versioning/pin-updates';
import { recordAudit } from '../persistence/audit-store';
import { lockLineage, markLineageDeleted } from '../persistence/component-store';
import { templatesUsingLineage } from '../persistence/server-template-store';
import { unitOfWork, type ActionContext, type Transaction } from '../persistence/unit-of-work';
import { actingViewer } from './acting-viewer';

/**
 * Removes HEAD and all revisions from the local collection. What points at them keeps working.
 *
 * @param id of any version of the lineage
 * @throws DomainError NOT_FOUND, or IN_USE with the ServerTemplates that pin a version of it
 */
export async function deleteComponent(
  context: ActionContext,
  type: ComponentType,
  id: string,
): Promise<void> {
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    const lineage = await lockLineage(tx.manager, type, accountId, id);
    const version = lineage.find((row) => row.id === id);
    if (version === undefined || version.deletedAt !== null)
      throw notFound(COMPONENT_NAMES[type], 'input', 'id');
    if (version.snapshot)
      throw invalid(
        `This is the content of a HEAD of the ${COMPONENT_NAMES[type]} as a clone or a merge took it: pass the id of the lineage's \`head\`.`,
        'input',
        'id',
      );
    if (type !== 'ServerTemplate') await assertUnused(tx, type, accountId, version.lineageId);
    const revisions = await markLineageDeleted(tx.manager, type, accountId, version.lineageId, tx.now);
    await recordAudit(tx, {
      action: componentAction(type, 'delete'),
      objectType: type,
      // HEAD stands for the lineage; what is imported has none.
      objectId: lineage.find(({ snapshot }) => !snapshot)?.id ?? id,
      changes: { name: version.name, revisions },
    });
  });
}

async function assertUnused(
  tx: Transaction,
  type: PinnedType,
  accountId: string,
  lineageId: string,
): Promise<void> {
  const usedBy = await templatesUsingLineage(tx.manager, type, accountId, lineageId);
  if (usedBy.length > 0)
    throw new DomainError(
      'IN_USE',
      `Cannot delete as the ${COMPONENT_NAMES[type]} (HEAD/committed revision) is being used by one or more ServerTemplates.`,
      { path: ['input', 'id'], usedBy },
    );
}
