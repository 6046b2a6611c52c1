import type { Viewer } from '../../domain/access/viewer';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import { ServerTemplate } from '../../entities/components/server-template';
import type { ListQuery, Order } from '../keyset-page';
import { selectRows } from '../select';

/** R-5.6: from an image, or an MCI or script version, to what of the viewer's local collection uses it. */

const orderById = (alias: string): Order => ({
  keys: [{ expression: `${alias}.id`, property: 'id', type: 'uuid' }],
  descending: false,
});

const byNameAndId = (alias: string): Order => ({
  keys: [
    { expression: `${alias}.name`, property: 'name', type: 'text' },
    { expression: `${alias}.id`, property: 'id', type: 'uuid' },
  ],
  descending: false,
});

/**
 * SQL for an array of `column` of the settings that name the image in any slot. Made first, one index per slot: as a
 * condition among others, it would be tested on row after row of the list's order until a page is full.
 */
const ofSettingsNaming = (image: string | null, column: 'id' | 'multi_cloud_image_id'): string =>
  `ARRAY(${['image_id', 'kernel_image_id', 'ramdisk_image_id']
    .map((slot) => `SELECT ${column} FROM multi_cloud_image_settings WHERE ${slot} = ${image}`)
    .join(' UNION ')})`;

/** Settings that name the image (the parent), in any slot. */
export function settingsUsingImage(viewer: Viewer): ListQuery<MultiCloudImageSetting> {
  return {
    name: 'settingsUsingImage',
    order: orderById('setting'),
    rows: (manager, image) =>
      selectRows(manager, MultiCloudImageSetting, 'setting')
        .innerJoin('multi_cloud_images', 'mci', 'mci.id = setting.multi_cloud_image_id')
        .where('mci.account_id = :viewer AND mci.deleted_at IS NULL AND NOT mci.snapshot', {
          viewer: viewer.accountId,
        })
        .andWhere(`setting.id = ANY(${ofSettingsNaming(image, 'id')})`),
  };
}

/** MCI versions with such a setting. */
export function multiCloudImagesUsingImage(viewer: Viewer): ListQuery<MultiCloudImage> {
  return {
    name: 'multiCloudImagesUsingImage',
    order: byNameAndId('mci'),
    rows: (manager, image) =>
      selectRows(manager, MultiCloudImage, 'mci')
        .where('mci.account_id = :viewer AND mci.deleted_at IS NULL AND NOT mci.snapshot', {
          viewer: viewer.accountId,
        })
        .andWhere(`mci.id = ANY(${ofSettingsNaming(image, 'multi_cloud_image_id')})`),
  };
}

/** ServerTemplate versions that name such an MCI. */
export function serverTemplatesUsingImage(viewer: Viewer): ListQuery<ServerTemplate> {
  return {
    name: 'serverTemplatesUsingImage',
    order: byNameAndId('template'),
    rows: (manager, image) =>
      selectRows(manager, ServerTemplate, 'template')
        .where('template.account_id = :viewer AND template.deleted_at IS NULL AND NOT template.snapshot', {
          viewer: viewer.accountId,
        })
        .andWhere(
          `template.id = ANY(ARRAY(SELECT pin.server_template_id FROM server_template_multi_cloud_images AS pin
           WHERE pin.multi_cloud_image_id = ANY(${ofSettingsNaming(image, 'multi_cloud_image_id')})))`,
        ),
  };
}

/** ServerTemplate versions that name this very MCI version (the parent), and whether it is their default. */
export function serverTemplatesUsingMultiCloudImage(viewer: Viewer): ListQuery<ServerTemplate> {
  return {
    name: 'serverTemplatesUsingMultiCloudImage',
    order: byNameAndId('template'),
    rows: (manager, mci) =>
      selectRows(manager, ServerTemplate, 'template')
        .innerJoin('server_template_multi_cloud_images', 'pin', 'pin.server_template_id = template.id')
        .addSelect('template.default_mci_lineage_id = pin.mci_lineage_id', 'isDefault')
        .where('template.account_id = :viewer AND template.deleted_at IS NULL AND NOT template.snapshot', {
          viewer: viewer.accountId,
        })
        .andWhere(`pin.multi_cloud_image_id = ${mci}`),
  };
}

/** ServerTemplate versions that run this very script version (the parent) in any phase, each once. */
export function serverTemplatesUsingRightScript(viewer: Viewer): ListQuery<ServerTemplate> {
  return {
    name: 'serverTemplatesUsingRightScript',
    order: byNameAndId('template'),
    rows: (manager, script) =>
      selectRows(manager, ServerTemplate, 'template')
        .where('template.account_id = :viewer AND template.deleted_at IS NULL AND NOT template.snapshot', {
          viewer: viewer.accountId,
        })
        .andWhere(
          `template.id = ANY(ARRAY(SELECT attached.server_template_id FROM server_template_scripts AS attached
           WHERE attached.right_script_id = ${script}))`,
        ),
  };
}
