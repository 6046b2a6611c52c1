import type { EntityManager } from 'typeorm';
import { Publication, PublicationVersion } from '../../entities/marketplace/publication';
import { tableOf } from './import-facts';
import { insertCarriedVersions, type CarriedVersion } from './publication-store';
import { selectRows, type Row } from '../select';

/** One of the account's publications, not locked yet. */
export async function ownPublication(
  manager: EntityManager,
  accountId: string,
  id: string,
): Promise<Row<Publication> | null> {
  const row = await selectRows(manager, Publication, 'publication')
    .where('publication.id = :id AND publication.account_id = :accountId', { id, accountId })
    .getRawOne<Row<Publication>>();
  return row ?? null;
}

/** What a locked publication carries, and the hash (hex) of what it offers. */
export async function frozenContent(
  manager: EntityManager,
  { id, componentType, contentId }: Pick<Publication, 'id' | 'componentType' | 'contentId'>,
): Promise<{ readonly contentHash: string; readonly versionIds: readonly string[] }> {
  const [row]: ({ contentHash: string; versionIds: string[] } | undefined)[] = await manager.query(
    `SELECT encode(content.content_hash, 'hex') AS "contentHash",
       ARRAY(SELECT carried.version_id FROM publication_versions AS carried
         WHERE carried.publication_id = $1) AS "versionIds"
     FROM ${tableOf(manager, componentType)} AS content WHERE content.id = $2`,
    [id, contentId],
  );
  if (row === undefined) throw new Error(`Publication ${id} offers what is not there`);
  return row;
}

/** What a locked publication of a HEAD offers and carries from now on. Three statements. */
export async function replaceFrozenContent(
  manager: EntityManager,
  publicationId: string,
  { name, contentId, carried }: { name: string; contentId: string; carried: readonly CarriedVersion[] },
  now: Date,
): Promise<void> {
  await manager.delete(PublicationVersion, { publicationId });
  await insertCarriedVersions(
    manager,
    carried.map((version) => ({ ...version, publicationId })),
  );
  await manager.update(Publication, { id: publicationId }, { name, contentId, updatedAt: now });
}
