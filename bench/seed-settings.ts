import type { SeedSizes } from './seed-options';
import { blocksPerCloud, keyOf, PRIVATE_EVERY, range, spread, TYPES_PER_CLOUD } from './seed-values';

/** A row of `multi_cloud_image_settings`. */
export interface SettingRow {
  readonly [column: string]: string | null;
  readonly cloud_id: string;
  readonly image_id: string;
  readonly instance_type_id: string;
  readonly kernel_image_id: string | null;
  readonly ramdisk_image_id: string | null;
  readonly user_data: string | null;
}

/** The settings of a version of MCI lineage `n`. Some images are named by very many. */
export function* settingsOf(n: number, revision: number, sizes: SeedSizes): Generator<SettingRow> {
  const { clouds, settingsPerMci } = sizes;
  const blocks = blocksPerCloud(sizes);
  const multiCloudImageId = keyOf('mci', n, revision);
  for (const s of range(0, settingsPerMci)) {
    const cloud = (n + s) % clouds;
    const random = spread(n * 31 + s);
    const imageNumber = random % 10 === 0 ? 1 : PRIVATE_EVERY * (random % blocks) + 4 + (spread(n) % 15);
    yield {
      id: keyOf('setting', n, revision, s),
      multi_cloud_image_id: multiCloudImageId,
      cloud_id: keyOf('cloud', cloud),
      image_id: keyOf('image', cloud + clouds * imageNumber),
      instance_type_id: keyOf('type', cloud, spread(n + s) % TYPES_PER_CLOUD),
      kernel_image_id: n % 10 === 0 ? keyOf('image', cloud + clouds * 2) : null,
      ramdisk_image_id: n % 10 === 0 ? keyOf('image', cloud + clouds * 3) : null,
      user_data: s === 0 ? '#cloud-config' : null,
      made_by: 'HAND',
    };
  }
}
