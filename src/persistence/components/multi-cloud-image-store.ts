import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { SettingContent, VisibleCatalog } from '../../domain/versioning/check-setting';
import type { ExistingSetting } from '../../domain/matching/plan-rematch';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import { cloudsById, imagesById, instanceTypesById } from '../batches';
import { headRow, type NewHead } from './component-store';
import { selectRows } from '../select';

type MadeBy = MultiCloudImageSetting['madeBy'];

export async function insertMultiCloudImage(manager: EntityManager, head: NewHead): Promise<void> {
  await manager.insert(MultiCloudImage, headRow(head));
}

/** What the viewer sees of everything that the settings name: three statements, however many they are. */
export async function readVisibleCatalog(
  manager: EntityManager,
  viewer: Viewer,
  settings: readonly SettingContent[],
): Promise<VisibleCatalog> {
  const imageIds = settings.flatMap(({ imageId, kernelImageId, ramdiskImageId }) => [
    imageId,
    ...(kernelImageId === null ? [] : [kernelImageId]),
    ...(ramdiskImageId === null ? [] : [ramdiskImageId]),
  ]);
  const clouds = await cloudsById(manager, viewer, distinct(settings.map(({ cloudId }) => cloudId)));
  const images = await imagesById(manager, viewer, distinct(imageIds));
  const types = await instanceTypesById(
    manager,
    viewer,
    distinct(settings.map(({ instanceTypeId }) => instanceTypeId)),
  );
  return {
    clouds: new Map(clouds.map((cloud) => [cloud.id, cloud])),
    images: new Map(images.filter(({ visible }) => visible).map((image) => [image.id, image])),
    instanceTypes: new Map(types.map((type) => [type.id, type])),
  };
}

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)];

export async function readSettings(
  manager: EntityManager,
  multiCloudImageId: string,
): Promise<ExistingSetting[]> {
  return selectRows(manager, MultiCloudImageSetting, 'setting')
    .where('setting.multi_cloud_image_id = :multiCloudImageId', { multiCloudImageId })
    .getRawMany<ExistingSetting>();
}

export async function insertSettings(
  manager: EntityManager,
  multiCloudImageId: string,
  settings: readonly SettingContent[],
  madeBy: MadeBy,
): Promise<void> {
  if (settings.length === 0) return;
  await manager.insert(
    MultiCloudImageSetting,
    settings.map((setting) => ({ ...setting, id: randomUUID(), multiCloudImageId, madeBy })),
  );
}

/** Replaces the content of settings, which keep their ids: one statement, however many they are. */
export async function updateSettings(
  manager: EntityManager,
  settings: readonly (SettingContent & { readonly id: string })[],
  madeBy: MadeBy,
): Promise<void> {
  if (settings.length === 0) return;
  await manager.query(
    `UPDATE multi_cloud_image_settings AS setting
     SET image_id = changed."imageId", instance_type_id = changed."instanceTypeId",
       kernel_image_id = changed."kernelImageId", ramdisk_image_id = changed."ramdiskImageId",
       user_data = changed."userData", made_by = $2
     FROM jsonb_to_recordset($1::jsonb) AS changed(id uuid, "imageId" uuid, "instanceTypeId" uuid,
       "kernelImageId" uuid, "ramdiskImageId" uuid, "userData" text)
     WHERE setting.id = changed.id`,
    [JSON.stringify(settings), madeBy],
  );
}

export async function deleteSettings(manager: EntityManager, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await manager
    .createQueryBuilder()
    .delete()
    .from(MultiCloudImageSetting)
    .where('id = ANY(:ids)', { ids })
    .execute();
}
