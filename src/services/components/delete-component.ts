import { DomainError, invalid, notFound } from '../../domain/errors';
import { COMPONENT_NAMES, componentAction, type ComponentType } from '../../domain/versioning/component-type';
import { recordAudit } from '../../persistence/access/audit-store';
import { lockLineage, markLineageDeleted } from '../../persistence/components/component-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { assertUnpublished } from '../marketplace/assert-unpublished';
import { assertUnused } from './assert-unused';

/**
 * Removes HEAD and all revisions from the local collection. What points at them keeps working.
 *
 * @param id of any version of the lineage
 * @throws DomainError NOT_FOUND, PUBLISHED, or IN_USE with the ServerTemplates that pin a version of it
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
    if (version.originalId !== null)
      throw new DomainError(
        'NOT_EDITABLE',
        `This ${COMPONENT_NAMES[type]} was ${version.revision > 0 ? 'imported' : 'subscribed to'}: it is its publisher's. \`removeImport\` takes it out of the local collection.`,
        { path: ['input', 'id'] },
      );
    await assertUnpublished(tx, type, lineage);
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
