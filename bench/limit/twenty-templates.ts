import type { Operation } from './operation';
import { cloudVisible, current, imageVisible, ME, typeVisible, VIEWER, versionVisible } from './predicates';

interface FlatRow {
  readonly templateId: string;
  readonly templateName: string;
  readonly revision: number;
  readonly isDefault: boolean | null;
  readonly mciId: string | null;
  readonly mciName: string;
  readonly settingId: string | null;
  readonly cloud: string;
  readonly imageId: string | null;
  readonly image: string;
  readonly resourceUid: string;
  readonly type: string;
}

/** One row per setting: `JSON.stringify` is faster than PostgreSQL at much JSON. */
const SQL = `WITH ${VIEWER},
  page AS MATERIALIZED (
    SELECT id, name, revision, default_mci_lineage_id FROM server_templates AS template
    WHERE ${current('template')} AND account_id = ${ME} ORDER BY name, id LIMIT 20)
  SELECT page.id AS "templateId", page.name AS "templateName", page.revision,
    page.default_mci_lineage_id = pin.mci_lineage_id AS "isDefault", mci.id AS "mciId", mci.name AS "mciName",
    setting.id AS "settingId", cloud.name AS cloud, image.id AS "imageId", image.name AS image,
    image.resource_uid AS "resourceUid", type.name AS type
  FROM page
  LEFT JOIN (server_template_multi_cloud_images AS pin
    JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id AND ${versionVisible('mci')})
    ON pin.server_template_id = page.id
  LEFT JOIN (multi_cloud_image_settings AS setting
    JOIN clouds AS cloud ON cloud.id = setting.cloud_id AND ${cloudVisible('cloud')}
    JOIN instance_types AS type ON type.id = setting.instance_type_id AND ${typeVisible('type')})
    ON setting.multi_cloud_image_id = mci.id
  LEFT JOIN cloud_images AS image ON image.id = setting.image_id AND ${imageVisible('image')}
  ORDER BY page.name, page.id, "isDefault" DESC, pin.position, cloud.name, setting.id`;

interface Pin {
  readonly isDefault: boolean;
  readonly multiCloudImage: { readonly id: string; readonly name: string; readonly settings: object[] };
}

/** L20. */
export const twentyTemplates: Operation = async ({ pool, tokenHash }) => {
  const { rows } = await pool.query<FlatRow>({ name: 'L20', text: SQL, values: [tokenHash] });
  const edges: { node: { id: string; name: string; revision: number; multiCloudImages: Pin[] } }[] = [];
  let templateId = '';
  let mciId = '';
  let pins: Pin[] = [];
  let settings: object[] = [];
  for (const row of rows) {
    if (row.templateId !== templateId) {
      templateId = row.templateId;
      mciId = '';
      pins = [];
      const id = `stp_${templateId}`;
      edges.push({ node: { id, name: row.templateName, revision: row.revision, multiCloudImages: pins } });
    }
    if (row.mciId === null) continue;
    if (row.mciId !== mciId) {
      mciId = row.mciId;
      settings = [];
      pins.push({
        isDefault: row.isDefault === true,
        multiCloudImage: { id: `mci_${mciId}`, name: row.mciName, settings },
      });
    }
    if (row.settingId === null) continue;
    settings.push({
      id: `set_${row.settingId}`,
      cloud: { name: row.cloud },
      image: row.imageId === null ? null : { name: row.image, resourceUid: row.resourceUid },
      instanceType: { name: row.type },
    });
  }
  return `${JSON.stringify({ data: { serverTemplates: { edges } } })}\n`;
};
