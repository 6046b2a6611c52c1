import { notFound } from '../../domain/errors';
import {
  assertNotOwn,
  assertPerson,
  assertRating,
  assertTakesFeedback,
} from '../../domain/marketplace/feedback';
import { recordAudit } from '../../persistence/access/audit-store';
import { lockVisiblePublication, writeRating } from '../../persistence/marketplace/feedback-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

export interface RatePublication {
  /** The publication's key. */
  readonly publicationId: string;
  /** 1 to 4. */
  readonly rating: number;
}

/**
 * Rates a publication, or changes the person's earlier rating of it.
 *
 * @returns the publication's key
 * @throws DomainError NOT_FOUND or INVALID
 */
export async function ratePublication(
  context: ActionContext,
  { publicationId, rating }: RatePublication,
): Promise<string> {
  assertRating(rating, 'input', 'rating');
  return unitOfWork(context, async (tx) => {
    const viewer = actingViewer(tx);
    const publication = await lockVisiblePublication(tx.manager, viewer, publicationId);
    if (publication === null) throw notFound('publication', 'input', 'publicationId');
    assertNotOwn(publication, viewer.accountId, 'input', 'publicationId');
    assertTakesFeedback(publication, 'input', 'publicationId');
    const userId = assertPerson(tx.principal);
    // Nothing of the earlier one: the person may have given it in another account.
    if (await writeRating(tx.manager, { publicationId, userId, rating }, tx.now))
      await recordAudit(tx, {
        action: 'publication.rate',
        objectType: 'Publication',
        objectId: publicationId,
        changes: { rating },
      });
    return publicationId;
  });
}
