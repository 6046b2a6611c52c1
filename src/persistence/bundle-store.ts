import type { EntityManager } from 'typeorm';
import type { OrderState } from '../domain/servers/launch-order';
import { CloudImage } from '../entities/cloud-image';
import { LaunchOrder } from '../entities/launch-order';

/** Images made of running machines. */

export type NewBundle = Pick<
  CloudImage,
  | 'id'
  | 'cloudId'
  | 'ownerAccountId'
  | 'resourceUid'
  | 'name'
  | 'description'
  | 'osPlatform'
  | 'operatingSystem'
  | 'cpuArchitecture'
  | 'virtualizationType'
  | 'rootDeviceStorage'
  | 'agentEnabled'
>;

/** A machine image that is still to be made. */
export async function insertBundle(manager: EntityManager, image: NewBundle, now: Date): Promise<void> {
  await manager.insert(CloudImage, {
    ...image,
    imageType: 'MACHINE',
    lifecycle: 'PENDING',
    createdAt: now,
    updatedAt: now,
  });
}

/**
 * The image is made, under the cloud's own id. What somebody set its lifecycle to by hand meanwhile stays.
 *
 * @returns `false`: the account has another image with this id in this cloud
 */
export async function completeBundle(
  manager: EntityManager,
  { id, accountId, cloudId }: { readonly id: string; readonly accountId: string; readonly cloudId: string },
  resourceUid: string,
  now: Date,
): Promise<boolean> {
  const result = await manager
    .createQueryBuilder()
    .update(CloudImage)
    .set({
      resourceUid,
      lifecycle: () => `CASE lifecycle WHEN 'PENDING' THEN 'AVAILABLE' ELSE lifecycle END`,
      publishedAt: now,
      updatedAt: now,
    })
    .where(
      `id = :id AND NOT EXISTS (SELECT FROM cloud_images AS other WHERE other.cloud_id = :cloudId
         AND other.owner_account_id = :accountId AND other.resource_uid = :resourceUid AND other.id <> :id)`,
      { id, accountId, cloudId, resourceUid },
    )
    .execute();
  return result.affected === 1;
}

/** What was still to be made never will be. */
export async function failImages(manager: EntityManager, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await manager
    .createQueryBuilder()
    .update(CloudImage)
    .set({ lifecycle: 'FAILED', updatedAt: now })
    .where(`id = ANY(:ids) AND lifecycle = 'PENDING'`, { ids })
    .execute();
}

/** The cloud's id of an image; provisional until its order is completed. */
export async function bundleUid(manager: EntityManager, id: string): Promise<string | null> {
  const image = await manager.findOne(CloudImage, { where: { id }, select: { id: true, resourceUid: true } });
  return image?.resourceUid ?? null;
}

/** How far the order to make an image is; `null`: the image is no bundle. */
export async function bundleOrderState(manager: EntityManager, imageId: string): Promise<OrderState | null> {
  const order = await manager.findOne(LaunchOrder, { where: { imageId }, select: { id: true, state: true } });
  return order?.state ?? null;
}
