import { imageAvailable, versionVisible } from './visibility';

/** as SQL: whether a version supports the cloud `:cloudId`, as `:viewer` sees it. `version`: the SQL for its id. */

/** Some setting for the cloud has an image that is AVAILABLE to the viewer. */
export const multiCloudImageSupportsCloud = (version: string): string =>
  `EXISTS (SELECT FROM multi_cloud_image_settings AS setting JOIN cloud_images AS image ON image.id = setting.image_id
   WHERE setting.multi_cloud_image_id = ${version} AND setting.cloud_id = :cloudId AND ${imageAvailable('image')})`;

/** Some MCI that it pins does: for versions in the viewer's local collection, whose pins are its own. */
export const serverTemplateSupportsCloud = (version: string): string =>
  `EXISTS (SELECT FROM server_template_multi_cloud_images AS pin
   WHERE pin.server_template_id = ${version} AND ${multiCloudImageSupportsCloud('pin.multi_cloud_image_id')})`;

/** The same of any version: what it pins counts only if the viewer sees it. */
export const offeredServerTemplateSupportsCloud = (version: string): string =>
  `EXISTS (SELECT FROM server_template_multi_cloud_images AS pin
   JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id
   WHERE pin.server_template_id = ${version} AND ${multiCloudImageSupportsCloud('mci.id')} AND ${versionVisible('mci')})`;
