import { notFound } from '../../domain/errors';
import { assertComment, assertTakesFeedback } from '../../domain/marketplace/feedback';
import { recordAudit } from '../../persistence/access/audit-store';
import { insertComment, shareVisiblePublication } from '../../persistence/marketplace/feedback-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

export interface CommentPublication {
  /** The publication's key. */
  readonly publicationId: string;
  readonly text: string;
}

/** Comments on a publication. @returns the publication's key. @throws DomainError NOT_FOUND or INVALID */
export async function commentPublication(
  context: ActionContext,
  { publicationId, text }: CommentPublication,
): Promise<string> {
  assertComment(text, 'input', 'text');
  return unitOfWork(context, async (tx) => {
    const viewer = actingViewer(tx);
    const publication = await shareVisiblePublication(tx.manager, viewer, publicationId);
    if (publication === null) throw notFound('publication', 'input', 'publicationId');
    assertTakesFeedback(publication, 'input', 'publicationId');
    const { accountId } = viewer;
    const { userId } = tx.principal;
    await insertComment(tx.manager, { publicationId, accountId, userId, text }, tx.now);
    await recordAudit(tx, {
      action: 'publication.comment',
      objectType: 'Publication',
      objectId: publicationId,
      changes: { text },
    });
    return publicationId;
  });
}
