import type { EntityManager } from 'typeorm';
import type { Viewer } from '../src/domain/access/viewer';

/** Rows of the seeded data that the queries ask for. */
export interface Samples {
  readonly viewer: Viewer;
  readonly cloudId: string;
  readonly cloudIds: readonly string[];
  /** A private cloud, for which nobody has settings. */
  readonly unusedCloudId: string;
  /** Images of very many settings, the first of each cloud. */
  readonly popularImageIds: readonly string[];
  readonly imageIds: readonly string[];
  readonly imageNames: readonly string[];
  readonly kernelImageId: string;
  readonly image: { readonly resourceUid: string; readonly name: string; readonly fingerprint: string };
  readonly naturalKeys: readonly { cloudType: string; region: string; resourceUid: string }[];
  readonly instanceTypeIds: readonly string[];
  readonly multiCloudImages: readonly { id: string; lineageId: string; name: string }[];
  readonly serverTemplates: readonly { id: string; lineageId: string; name: string }[];
  readonly rightScripts: readonly { id: string; lineageId: string; name: string }[];
  /** The script version that most ServerTemplates run. */
  readonly popularRightScriptId: string;
  readonly settingIds: readonly string[];
  readonly serverIds: readonly string[];
  readonly serverArrayIds: readonly string[];
  /** Running ones. */
  readonly instanceIds: readonly string[];
  /** Publications of others. */
  readonly publications: readonly SamplePublication[];
  /** Own ones. */
  readonly ownPublicationIds: readonly string[];
  /** Imported MCIs. */
  readonly imports: readonly { versionId: string; lineageId: string }[];
  /** MCIs at HEAD that are clones of imported ones. */
  readonly cloneIds: readonly string[];
}

/** The same rows in every run: the first ones by key. */
export async function readSamples(manager: EntityManager, viewer: Viewer): Promise<Samples> {
  const [
    clouds,
    unused,
    popular,
    images,
    kernels,
    types,
    mcis,
    templates,
    scripts,
    popularScripts,
    settings,
    servers,
    serverArrays,
    instances,
    publications,
    ownPublications,
    imports,
    clones,
  ] = await Promise.all([
    column(manager, `SELECT id FROM clouds WHERE account_id IS NULL ORDER BY name LIMIT 25`),
    column(manager, `SELECT id FROM clouds WHERE account_id = $1`, viewer.accountId),
    column(
      manager,
      `SELECT image_id AS id FROM multi_cloud_image_settings GROUP BY image_id ORDER BY count(*) DESC, image_id LIMIT 20`,
    ),
    manager.query<SampleImage[]>(
      `SELECT image.id, image.name, image.resource_uid AS "resourceUid", image.fingerprint, cloud.cloud_type AS "cloudType", cloud.region
       FROM (SELECT DISTINCT image_id FROM multi_cloud_image_settings ORDER BY image_id LIMIT 100) AS used
       JOIN cloud_images AS image ON image.id = used.image_id JOIN clouds AS cloud ON cloud.id = image.cloud_id ORDER BY image.id`,
    ),
    column(
      manager,
      `SELECT kernel_image_id AS id FROM multi_cloud_image_settings WHERE kernel_image_id IS NOT NULL ORDER BY 1 LIMIT 1`,
    ),
    column(manager, `SELECT id FROM instance_types ORDER BY id LIMIT 100`),
    components(manager, 'multi_cloud_images', viewer),
    components(manager, 'server_templates', viewer),
    components(manager, 'right_scripts', viewer),
    column(
      manager,
      `SELECT attached.right_script_id AS id FROM server_template_scripts AS attached
       JOIN server_templates AS template ON template.id = attached.server_template_id
       WHERE template.account_id = $1 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
      viewer.accountId,
    ),
    column(
      manager,
      `SELECT setting.id FROM multi_cloud_image_settings AS setting JOIN multi_cloud_images AS mci ON mci.id = setting.multi_cloud_image_id
       WHERE mci.account_id = $1 ORDER BY setting.id LIMIT 100`,
      viewer.accountId,
    ),
    column(manager, `SELECT id FROM servers WHERE account_id = $1 ORDER BY id LIMIT 100`, viewer.accountId),
    column(
      manager,
      `SELECT id FROM server_arrays WHERE account_id = $1 ORDER BY id LIMIT 100`,
      viewer.accountId,
    ),
    column(
      manager,
      `SELECT id FROM instances WHERE account_id = $1 AND state <> 'TERMINATED' ORDER BY id LIMIT 100`,
      viewer.accountId,
    ),
    manager.query<SamplePublication[]>(
      `SELECT id, lineage_id AS "lineageId", content_id AS "contentId", name FROM publications
       WHERE account_id <> $1 AND visibility = 'PUBLIC' AND component_type = 'MultiCloudImage' AND revision = 1
         AND name ~ ' [0-9]{4}$'
       ORDER BY id LIMIT 100`,
      [viewer.accountId],
    ),
    column(
      manager,
      `SELECT id FROM publications WHERE account_id = $1 ORDER BY id LIMIT 100`,
      viewer.accountId,
    ),
    manager.query<{ versionId: string; lineageId: string }[]>(
      `SELECT version_id AS "versionId", lineage_id AS "lineageId" FROM imported_versions
       WHERE account_id = $1 AND component_type = 'MultiCloudImage' ORDER BY version_id LIMIT 100`,
      [viewer.accountId],
    ),
    column(
      manager,
      `SELECT id FROM multi_cloud_images WHERE account_id = $1 AND cloned_from_id IS NOT NULL ORDER BY id LIMIT 100`,
      viewer.accountId,
    ),
  ]);
  return {
    viewer,
    cloudId: first(clouds),
    cloudIds: clouds,
    unusedCloudId: first(unused),
    popularImageIds: popular,
    imageIds: images.map((image) => image.id),
    imageNames: images.map((image) => image.name),
    kernelImageId: first(kernels),
    image: first(images),
    naturalKeys: images.map(({ cloudType, region, resourceUid }) => ({ cloudType, region, resourceUid })),
    instanceTypeIds: types,
    multiCloudImages: mcis,
    serverTemplates: templates,
    rightScripts: scripts,
    popularRightScriptId: first(popularScripts),
    settingIds: settings,
    serverIds: servers,
    serverArrayIds: serverArrays,
    instanceIds: instances,
    publications,
    ownPublicationIds: ownPublications,
    imports,
    cloneIds: clones,
  };
}

interface SamplePublication {
  readonly id: string;
  readonly lineageId: string;
  /** The MCI that it offers. */
  readonly contentId: string;
  readonly name: string;
}

interface SampleImage {
  id: string;
  name: string;
  resourceUid: string;
  fingerprint: string;
  cloudType: string;
  region: string;
}

async function column(manager: EntityManager, sql: string, ...parameters: unknown[]): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(sql, parameters);
  return rows.map((row) => row.id);
}

const components = (
  manager: EntityManager,
  table: string,
  viewer: Viewer,
): Promise<{ id: string; lineageId: string; name: string }[]> =>
  manager.query(
    `SELECT id, lineage_id AS "lineageId", name FROM ${table} WHERE account_id = $1 AND revision = 0 AND NOT snapshot ORDER BY id LIMIT 100`,
    [viewer.accountId],
  );

export function first<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('The database lacks rows to ask for: seed it with bench:seed.');
  return row;
}
