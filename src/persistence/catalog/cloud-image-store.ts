import { In, type EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { EditableImage } from '../../domain/catalog/edit-image';
import { Account } from '../../entities/access/account';
import { CloudImage, CloudImageShare } from '../../entities/catalog/cloud-image';
import { selectRows } from '../select';
import { imageVisible } from '../visibility';

/** An image that the viewer sees, locked until the end of the transaction; `null`: it sees none with this key. */
export async function lockVisibleImage(
  manager: EntityManager,
  viewer: Viewer,
  id: string,
): Promise<EditableImage | null> {
  const query = selectRows(manager, CloudImage, 'image')
    .where('image.id = :id', { id, viewer: viewer.accountId })
    .andWhere(imageVisible('image'))
    .setLock('for_no_key_update');
  return (await query.getRawOne<EditableImage>()) ?? null;
}

export async function updateImageLifecycle(
  manager: EntityManager,
  id: string,
  change: Pick<CloudImage, 'lifecycle' | 'lifecycleHeld' | 'deprecatesAt' | 'replacementId' | 'updatedAt'>,
): Promise<void> {
  await manager.update(CloudImage, { id }, change);
}

/** Those of the keys that are accounts. */
export async function existingAccounts(manager: EntityManager, ids: readonly string[]): Promise<Set<string>> {
  const rows = await manager
    .createQueryBuilder(Account, 'account')
    .select('account.id', 'id')
    .where('account.id = ANY(:ids)', { ids })
    .getRawMany<{ id: string }>();
  return new Set(rows.map(({ id }) => id));
}

/** Shares an image; answers the accounts that did not have it. */
export async function addShares(
  manager: EntityManager,
  cloudImageId: string,
  accountIds: readonly string[],
  createdAt: Date,
): Promise<string[]> {
  if (accountIds.length === 0) return [];
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(CloudImageShare)
    .values(accountIds.map((accountId) => ({ cloudImageId, accountId, createdAt })))
    .orIgnore()
    .returning('account_id')
    .execute();
  return (inserted.raw as { account_id: string }[]).map(({ account_id: accountId }) => accountId);
}

/** Ends shares; answers the accounts that had the image. */
export async function removeShares(
  manager: EntityManager,
  cloudImageId: string,
  accountIds: readonly string[],
): Promise<string[]> {
  const deleted = await manager
    .createQueryBuilder()
    .delete()
    .from(CloudImageShare)
    .where({ cloudImageId, accountId: In([...accountIds]) })
    .returning('account_id')
    .execute();
  return (deleted.raw as { account_id: string }[]).map(({ account_id: accountId }) => accountId);
}
