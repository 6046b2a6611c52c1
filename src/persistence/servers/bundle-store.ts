import { IsNull, Not, type EntityManager } from 'typeorm';
import type { OrderState } from '../../domain/servers/launch-order';
import { CatalogImageListing } from '../../entities/catalog/catalog-history';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { LaunchOrder } from '../../entities/servers/launch-order';
import { lockCatalog } from '../catalog/catalog-source-store';
import { sqlState, violatedConstraint } from '../unit-of-work';

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

/** A bundle, with the account and the cloud that its id is unique in. */
export interface BundlePlace {
  readonly id: string;
  readonly accountId: string;
  readonly cloudId: string;
}

/** What completing a bundle did. */
export interface MadeBundle {
  /** The row by which an import had brought the same image before; `null`: there was none. */
  readonly replacedId: string | null;
}

const ATTEMPTS = 2;
/** Something refers to a row that is to be deleted; since PostgreSQL 18, the first. */
const REFERENCED = ['23001', '23503'];

/**
 * The image is made, under the cloud's own id. What somebody set its lifecycle to by hand meanwhile stays. If an import
 * has brought it before, as a row that nothing names yet, that is replaced by the bundle.
 *
 * @returns `null`: the account has another image with this id in this cloud, which is in use
 */
export async function completeBundle(
  manager: EntityManager,
  bundle: BundlePlace,
  resourceUid: string,
  now: Date,
): Promise<MadeBundle | null> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1)
    try {
      return await manager.transaction(async (nested) => {
        const replaced = await removeImported(nested, bundle, resourceUid);
        await publishBundle(nested, bundle.id, resourceUid, replaced?.sourceId ?? null, now);
        return { replacedId: replaced?.id ?? null };
      });
    } catch (error) {
      if (REFERENCED.includes(sqlState(error) ?? '')) return null;
      // Else an import may have brought it at this very moment: then it is seen now.
      if (violatedConstraint(error) !== 'cloud_images_private_unique') throw error;
    }
  return null;
}

async function publishBundle(
  manager: EntityManager,
  id: string,
  resourceUid: string,
  sourceId: string | null,
  now: Date,
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(CloudImage)
    .set({
      resourceUid,
      ...(sourceId !== null && { sourceId }),
      lifecycle: () => `CASE lifecycle WHEN 'PENDING' THEN 'AVAILABLE' ELSE lifecycle END`,
      publishedAt: now,
      updatedAt: now,
    })
    .where('id = :id', { id })
    .execute();
}

/**
 * Deletes the row by which an import brought the image of a bundle, unless its lifecycle was set by hand; the bundle
 * inherits its history. The database refuses that as soon as anything else refers to it.
 */
async function removeImported(
  manager: EntityManager,
  { id, accountId: ownerAccountId, cloudId }: BundlePlace,
  resourceUid: string,
): Promise<Pick<CloudImage, 'id' | 'sourceId'> | null> {
  const where = { cloudId, ownerAccountId, resourceUid, sourceId: Not(IsNull()), lifecycleHeld: false };
  if (!(await manager.existsBy(CloudImage, where))) return null;
  // An import that is under way may count on the row.
  await lockCatalog(manager, ownerAccountId);
  const imported = await manager.findOne(CloudImage, { where, select: { id: true, sourceId: true } });
  if (imported === null) return null;
  await manager.update(CatalogImageListing, { cloudImageId: imported.id }, { cloudImageId: id });
  await manager.delete(CloudImage, { id: imported.id });
  return imported;
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
