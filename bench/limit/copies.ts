import { ME, VIEWER } from './predicates';

/** Every copy's key follows from the original's and from `$3`, which differs from copy to copy. */
export const copied = (id: string): string => `md5(${id}::text || $3)::uuid`;

const VERSION = 'id, account_id, lineage_id, revision, name, description, tags, created_at, updated_at';
const versionOf = (alias: string): string =>
  `${copied(`${alias}.id`)}, ${ME}, ${copied(`${alias}.lineage_id`)}, 0, ${alias}.name, ${alias}.description, ${alias}.tags, now(), now()`;

/** The MCIs that the template `$2` pins. */
export const PINNED = `SELECT pin.multi_cloud_image_id FROM server_template_multi_cloud_images AS pin WHERE pin.server_template_id = $2`;

const MULTI_CLOUD_IMAGES = `WITH ${VIEWER} INSERT INTO multi_cloud_images (${VERSION})
  SELECT ${versionOf('mci')} FROM multi_cloud_images AS mci WHERE mci.id IN (${PINNED})`;

const SETTINGS = `WITH ${VIEWER} INSERT INTO multi_cloud_image_settings (id, multi_cloud_image_id, cloud_id, image_id, instance_type_id,
    kernel_image_id, ramdisk_image_id, user_data, made_by)
  SELECT ${copied('setting.id')}, ${copied('setting.multi_cloud_image_id')}, setting.cloud_id, setting.image_id,
    setting.instance_type_id, setting.kernel_image_id, setting.ramdisk_image_id, setting.user_data, setting.made_by
  FROM multi_cloud_image_settings AS setting, viewer WHERE setting.multi_cloud_image_id IN (${PINNED})`;

/** @param lineage SQL for the lineage of a pinned MCI, of `pinned` */
const template = (
  lineage: (pinned: string) => string,
): string => `WITH ${VIEWER} INSERT INTO server_templates (${VERSION}, default_mci_lineage_id)
  SELECT ${versionOf('template')}, ${lineage('template.default_mci_lineage_id')}
  FROM server_templates AS template WHERE template.id = $2`;

/** @param of SQL for what is pinned instead of a version or lineage */
const pins = (
  of: (pinned: string) => string,
): string => `WITH ${VIEWER} INSERT INTO server_template_multi_cloud_images
    (server_template_id, mci_lineage_id, multi_cloud_image_id, position)
  SELECT ${copied('pin.server_template_id')}, ${of('pin.mci_lineage_id')}, ${of('pin.multi_cloud_image_id')}, pin.position
  FROM server_template_multi_cloud_images AS pin, viewer WHERE pin.server_template_id = $2`;

const theCopy = (pinned: string): string => copied(pinned);
const theSame = (pinned: string): string => pinned;

/** The template `$2` with all the MCIs that it pins, and their settings. */
export const COPY_WHOLE = [MULTI_CLOUD_IMAGES, SETTINGS, template(theCopy), pins(theCopy)];
/** The template `$2` and its pins. */
export const COPY_TEMPLATE = [template(theSame), pins(theSame)];
