import { randomUUID } from 'node:crypto';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { Publication } from '../../entities/marketplace/publication';
import { PublicationComment, PublicationRating } from '../../entities/marketplace/publication-feedback';
import type { ListQuery } from '../keyset-page';
import { selectRows, type Row } from '../select';
import { publicationVisible } from '../visibility';

/** Ratings of publications and comments on them. */

const visible = (manager: EntityManager, viewer: Viewer, id: string): SelectQueryBuilder<Publication> =>
  selectRows(manager, Publication, 'publication')
    .where('publication.id = :id', { id })
    .andWhere(publicationVisible('publication'), { viewer: viewer.accountId });

/** Whether the viewer may look at it. */
export const seesPublication = (manager: EntityManager, viewer: Viewer, id: string): Promise<boolean> =>
  visible(manager, viewer, id).getExists();

/** What the viewer may look at; it takes what it takes now until the transaction ends. */
export async function shareVisiblePublication(
  manager: EntityManager,
  viewer: Viewer,
  id: string,
): Promise<Row<Publication> | null> {
  const query = visible(manager, viewer, id).setLock('for_key_share');
  return (await query.getRawOne<Row<Publication>>()) ?? null;
}

/** The same, locked against all others who rate it; imports go on meanwhile. */
export async function lockVisiblePublication(
  manager: EntityManager,
  viewer: Viewer,
  id: string,
): Promise<Row<Publication> | null> {
  const query = visible(manager, viewer, id).setLock('for_no_key_update');
  return (await query.getRawOne<Row<Publication>>()) ?? null;
}

export type NewRating = Pick<PublicationRating, 'publicationId' | 'userId' | 'rating'>;

/** Writes a person's rating, or changes it. The publication must be locked. @returns whether it changed */
export async function writeRating(
  manager: EntityManager,
  { publicationId, userId, rating }: NewRating,
  now: Date,
): Promise<boolean> {
  const before = await manager.findOneBy(PublicationRating, { publicationId, userId });
  if (before?.rating === rating) return false;
  await manager.upsert(PublicationRating, { publicationId, userId, rating, updatedAt: now }, [
    'publicationId',
    'userId',
  ]);
  await manager.query(
    'UPDATE publications SET rating_sum = rating_sum + $2, rating_count = rating_count + $3 WHERE id = $1',
    [publicationId, rating - (before?.rating ?? 0), before ? 0 : 1],
  );
  return true;
}

export type NewComment = Pick<PublicationComment, 'publicationId' | 'accountId' | 'userId' | 'text'>;

export async function insertComment(manager: EntityManager, comment: NewComment, now: Date): Promise<void> {
  await manager.insert(PublicationComment, { ...comment, id: randomUUID(), createdAt: now });
}

/** What was said about a publication (the parent), newest first. Whoever may see the publication may see it. */
export function commentsOfPublication(): ListQuery<PublicationComment> {
  return {
    name: 'commentsOfPublication',
    order: {
      keys: [
        { expression: 'comment.created_at', property: 'createdAt', type: 'timestamptz' },
        { expression: 'comment.id', property: 'id', type: 'uuid' },
      ],
      descending: true,
    },
    rows: (manager, publication) =>
      selectRows(manager, PublicationComment, 'comment')
        .innerJoin('publications', 'publication', 'publication.id = comment.publication_id')
        .addSelect('comment.account_id = publication.account_id', 'byPublisher')
        .where(`comment.publication_id = ${publication}`),
  };
}
