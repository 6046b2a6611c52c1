import { answeredBySql, jsonList, jsonPage } from './json';
import { marketplaceNewest, marketplaceSearch } from './marketplace';
import { keyIn, type Operation } from './operation';
import { cloudVisible, imageVisible, ME, typeVisible, using, VIEWER, versionVisible } from './predicates';
import { twentyTemplates } from './twenty-templates';

const SETTINGS = jsonList(
  `SELECT 'set_' || setting.id AS id, json_build_object('name', cloud.name) AS cloud,
     CASE WHEN image.id IS NOT NULL THEN json_build_object('name', image.name, 'resourceUid', image.resource_uid) END AS image,
     json_build_object('name', type.name) AS "instanceType"
   FROM multi_cloud_image_settings AS setting
   JOIN clouds AS cloud ON cloud.id = setting.cloud_id AND ${cloudVisible('cloud')}
   JOIN instance_types AS type ON type.id = setting.instance_type_id AND ${typeVisible('type')}
   LEFT JOIN cloud_images AS image ON image.id = setting.image_id AND ${imageVisible('image')}
   WHERE setting.multi_cloud_image_id = mci.id ORDER BY cloud.name, setting.id`,
);

/** What a template pins, the default first. @param node SQL for the JSON of the MCI `mci` */
const pins = (node: string): string =>
  jsonList(
    `SELECT template.default_mci_lineage_id = pin.mci_lineage_id AS "isDefault", ${node} AS "multiCloudImage"
     FROM server_template_multi_cloud_images AS pin
     JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id AND ${versionVisible('mci')}
     WHERE pin.server_template_id = template.id
     ORDER BY template.default_mci_lineage_id = pin.mci_lineage_id DESC, pin.position`,
  );

const ONE = `WITH ${VIEWER} SELECT row_to_json(answer)::text AS json FROM (
  SELECT 'stp_' || template.id AS id, template.name, template.revision,
    ${pins(`json_build_object('id', 'mci_' || mci.id, 'name', mci.name, 'settings', ${SETTINGS})`)} AS "multiCloudImages"
  FROM server_templates AS template WHERE template.id = $2 AND ${versionVisible('template')}) AS answer`;

const NESTED_IMAGES = `WITH ${VIEWER} SELECT json_build_object('edges', ${jsonList(
  `SELECT json_build_object('id', 'cld_' || cloud.id, 'name', cloud.name, 'images', ${jsonPage(
    `SELECT 'img_' || image.id AS id, image.name, image.resource_uid AS "resourceUid" FROM cloud_images AS image
     WHERE image.cloud_id = cloud.id AND image.cpu_architecture = 'arm64' AND image.lifecycle = 'AVAILABLE'
       AND (image.deprecates_at <= now()) IS NOT TRUE AND ${imageVisible('image')}
     ORDER BY image.name, image.id`,
    '$2::int',
  )}) AS node
   FROM (SELECT * FROM clouds AS cloud WHERE ${cloudVisible('cloud')} ORDER BY name, id LIMIT 12) AS cloud
   ORDER BY cloud.name, cloud.id`,
)})::text AS json`;

const REVISIONS = jsonPage(
  `SELECT revision.revision, revision.commit_message AS "commitMessage" FROM multi_cloud_images AS revision
   WHERE revision.account_id = ${ME} AND NOT revision.snapshot AND revision.lineage_id = mci.lineage_id
     AND revision.revision > 0 AND (revision.deleted_at IS NULL OR revision.original_id IS NULL)
   ORDER BY revision.revision DESC, revision.id DESC`,
  2,
);

const NESTED_PAGES = `WITH ${VIEWER}, page AS MATERIALIZED (
    SELECT template.* FROM listed_component_tags AS tagged
    JOIN server_templates AS template ON template.id = tagged.component_id
    WHERE tagged.account_id = ${ME} AND tagged.component_type = 'ServerTemplate' AND tagged.key = 'team:owner=web'
      AND (tagged.name, tagged.component_id) > ($2, $3::uuid)
    ORDER BY tagged.name, tagged.component_id LIMIT 11)
  SELECT json_build_object('edges', ${jsonList(
    `SELECT json_build_object('id', 'stp_' || template.id, 'name', template.name, 'multiCloudImages',
       ${pins(`json_build_object('id', 'mci_' || mci.id, 'name', mci.name, 'revisions', ${REVISIONS})`)}) AS node
     FROM (SELECT * FROM page ORDER BY name, id LIMIT 10) AS template ORDER BY template.name, template.id`,
  )}, 'pageInfo', json_build_object('hasNextPage', (SELECT count(*) > 10 FROM page)))::text AS json`;

/** Settings that name the image in any slot. */
const naming = (column: string): string =>
  `ARRAY(${['image_id', 'kernel_image_id', 'ramdisk_image_id']
    .map((slot) => `SELECT ${column} FROM multi_cloud_image_settings WHERE ${slot} = image.id`)
    .join(' UNION ')})`;

const WHERE_USED = `WITH ${VIEWER} SELECT json_build_object('id', 'img_' || image.id, 'name', image.name, 'usedBy',
  json_build_object(
    'settings', ${jsonPage(
      `SELECT 'set_' || setting.id AS id, json_build_object('name', cloud.name) AS cloud,
         json_build_object('name', mci.name, 'revision', mci.revision) AS "multiCloudImage"
       FROM multi_cloud_image_settings AS setting
       JOIN multi_cloud_images AS mci ON mci.id = setting.multi_cloud_image_id AND ${using('mci')}
       JOIN clouds AS cloud ON cloud.id = setting.cloud_id AND ${cloudVisible('cloud')}
       WHERE setting.id = ANY(${naming('id')}) ORDER BY setting.id`,
      10,
    )},
    'multiCloudImages', ${jsonPage(
      `SELECT 'mci_' || mci.id AS id, mci.name, mci.revision FROM multi_cloud_images AS mci
       WHERE ${using('mci')} AND mci.id = ANY(${naming('multi_cloud_image_id')}) ORDER BY mci.name, mci.id`,
      10,
    )},
    'serverTemplates', ${jsonPage(
      `SELECT 'stp_' || template.id AS id, template.name, template.revision FROM server_templates AS template
       WHERE ${using('template')} AND template.id = ANY(ARRAY(
         SELECT pin.server_template_id FROM server_template_multi_cloud_images AS pin
         WHERE pin.multi_cloud_image_id = ANY(${naming('multi_cloud_image_id')})))
       ORDER BY template.name, template.id`,
      10,
    )}))::text AS json
  FROM cloud_images AS image WHERE image.id = $2 AND ${imageVisible('image')}`;

/** What a cursor holds, behind the name of its list. */
function boundaryOf(cursor: string | undefined): unknown[] {
  const [, ...values] = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString()) as unknown[];
  return values;
}

/** By the names of the reads. */
export const readOperations: Readonly<Record<string, Operation>> = {
  L20: twentyTemplates,
  ONE: answeredBySql('ONE', 'serverTemplate', ONE, ({ id }) => [keyIn(id)]),
  'NESTED-IMAGES': answeredBySql('NESTED-IMAGES', 'clouds', NESTED_IMAGES, ({ images }) => [images]),
  'NESTED-PAGES': answeredBySql('NESTED-PAGES', 'serverTemplates', NESTED_PAGES, ({ after }) =>
    boundaryOf(after),
  ),
  'WHERE-USED': answeredBySql('WHERE-USED', 'cloudImage', WHERE_USED, ({ id }) => [keyIn(id)]),
  'MARKETPLACE-NEWEST': marketplaceNewest,
  'MARKETPLACE-RARE': marketplaceSearch,
  'MARKETPLACE-FREQUENT': marketplaceSearch,
};
