import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { Account } from '../entities/access/account';
import { CloudImageTags } from '../entities/catalog/cloud-image';
import { imagesById } from './batches';

/** Tags of things that have no versions, locked until the transaction ends so that no addition is lost. */

/** The account's tags on an image; `null` when it does not see the image. */
export async function lockImageTags(
  manager: EntityManager,
  viewer: Viewer,
  imageId: string,
): Promise<string[] | null> {
  const [image] = await imagesById(manager, viewer, [imageId]);
  if (!image?.visible) return null;
  const key = { accountId: viewer.accountId, cloudImageId: imageId };
  await manager
    .createQueryBuilder()
    .insert()
    .into(CloudImageTags)
    .values({ ...key, tags: [] })
    .orIgnore()
    .execute();
  return lockedTags(
    manager
      .createQueryBuilder(CloudImageTags, 'tagged')
      .select('tagged.tags', 'tags')
      .where('tagged.account_id = :accountId AND tagged.cloud_image_id = :cloudImageId', key)
      .setLock('pessimistic_write')
      .getRawOne<{ tags: string[] }>(),
  );
}

export async function updateImageTags(
  manager: EntityManager,
  viewer: Viewer,
  imageId: string,
  tags: string[],
): Promise<void> {
  await manager.update(CloudImageTags, { accountId: viewer.accountId, cloudImageId: imageId }, { tags });
}

export async function lockAccountTags(manager: EntityManager, accountId: string): Promise<string[]> {
  return lockedTags(
    manager
      .createQueryBuilder(Account, 'account')
      .select('account.tags', 'tags')
      .where('account.id = :accountId', { accountId })
      // The weaker lock lets others insert rows that refer to the account meanwhile.
      .setLock('for_no_key_update')
      .getRawOne<{ tags: string[] }>(),
  );
}

export async function updateAccountTags(
  manager: EntityManager,
  accountId: string,
  tags: string[],
): Promise<void> {
  await manager.update(Account, { id: accountId }, { tags });
}

async function lockedTags(found: Promise<{ tags: string[] } | undefined>): Promise<string[]> {
  const row = await found;
  if (row === undefined) throw new Error('The row whose tags are to change is gone');
  return row.tags;
}
