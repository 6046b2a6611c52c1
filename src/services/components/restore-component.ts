import { invalid, notFound } from '../../domain/errors';
import { COMPONENT_NAMES, componentAction, type ComponentType } from '../../domain/versioning/component-type';
import { recordAudit } from '../../persistence/access/audit-store';
import { versionsById } from '../../persistence/components/component-batches';
import { readContents, writeContent } from '../../persistence/components/component-contents';
import {
  COMPONENT_ENTITIES,
  latestRevisions,
  updateOrigins,
  type ComponentRows,
} from '../../persistence/components/component-store';
import { recordHistory } from '../../persistence/components/history-store';
import type { Row } from '../../persistence/select';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { lockHead } from './edit-head';

export interface RestoreComponent {
  readonly headId: string;
  readonly expectedVersion: number;
  readonly revisionId: string;
}

/**
 * Gives HEAD the content of a revision of its lineage. Merges since the last commit are forgotten, so that they
 * can be made again.
 *
 * @returns the key of HEAD
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, STALE, or INVALID for what is no revision of that lineage
 */
export function restoreComponent<T extends ComponentType>(
  context: ActionContext,
  type: T,
  { headId, expectedVersion, revisionId }: RestoreComponent,
): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const head = await lockHead(tx, { type, id: headId, expectedVersion, field: 'headId' });
    const revision = await revisionOf(tx, type, head, revisionId);
    const viewer = actingViewer(tx);
    const latest = (await latestRevisions(tx.manager, type, viewer, [head.lineageId])).get(head.lineageId);
    const [current, wanted] = await readContents(tx.manager, type, [head, revision]);
    if (latest === undefined || current === undefined || wanted === undefined)
      throw new Error(`${type} ${headId} was read without its revisions`);
    const parentIds = [latest.id];
    const sameContent = current.hash === wanted.hash;
    if (sameContent && head.parentIds.join() === parentIds.join()) return headId;
    if (sameContent)
      await updateOrigins(tx.manager, type, [{ id: headId, parentIds, contentHash: current.hash }]);
    else
      await writeContent(tx.manager, type, current, wanted.content, {
        donors: [revisionId],
        columns: { parentIds },
        now: tx.now,
      });
    await recordHistory(tx, [
      {
        type,
        accountId: head.accountId,
        lineageId: head.lineageId,
        event: 'RESTORED',
        componentId: headId,
        parentIds: [...new Set([latest.id, revisionId])],
      },
    ]);
    await recordAudit(tx, {
      action: componentAction(type, 'restore'),
      objectType: type,
      objectId: headId,
      changes: { revision: revision.revision, contentChanged: !sameContent },
    });
    return headId;
  });
}

async function revisionOf<T extends ComponentType>(
  tx: Transaction,
  type: T,
  head: Row<ComponentRows[T]>,
  revisionId: string,
): Promise<Row<ComponentRows[T]>> {
  const name = COMPONENT_NAMES[type];
  const [revision] = await versionsById<ComponentRows[T]>(
    tx.manager,
    COMPONENT_ENTITIES[type],
    actingViewer(tx),
    [revisionId],
  );
  if (revision === undefined) throw notFound(name, 'input', 'revisionId');
  if (revision.lineageId !== head.lineageId)
    throw invalid(
      `\`revisionId\` belongs to another ${name}: name one of this one's \`revisions\`. To take over another one's content, merge it.`,
      'input',
      'revisionId',
    );
  if (revision.revision === 0)
    throw invalid(
      `\`revisionId\` is no committed revision of the ${name}: name one of its \`revisions\`.`,
      'input',
      'revisionId',
    );
  return revision;
}
