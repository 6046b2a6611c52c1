import type { EntityManager } from 'typeorm';
import {
  MAXIMUM_UNUSABLE,
  type OfferedPin,
  type UnusablePart,
  type UnusableParts,
} from '../../domain/marketplace/offer';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import { HEAD_FIRST } from '../components/component-store';
import { queryPrepared } from '../prepared-statement';
import { lockPublishedLineages } from './publication-store';
import { cloudVisible, imageVisible, instanceTypeVisible } from '../visibility';

/** What publishing must know of what a template pins, and of the images that settings name (R-9.2). */

/** A locked version that a ServerTemplate version pins. */
export interface PinnedVersionFacts extends OfferedPin {
  readonly description: string | null;
  readonly commitMessage: string | null;
  /** Of an imported one: the publication that it came with. */
  readonly sourcePublicationId: string | null;
}

/** The accounts of the groups `$2`. Nobody: either everyone, or nobody yet, for whom only what is public will do. */
const MEMBERS = `members AS MATERIALIZED (
  SELECT DISTINCT account_id FROM account_group_members WHERE account_group_id = ANY($2::uuid[]))`;

/** SQL: whether all members fulfil a condition on `member.account_id`, and there are any. */
const all = (condition: string): string =>
  `(EXISTS (SELECT FROM members) AND NOT EXISTS (SELECT FROM members AS member WHERE NOT ${condition}))`;

const SOURCE_MEANT = `(source.visibility = 'PUBLIC' OR ${all(`(member.account_id = source.account_id OR EXISTS (
  SELECT FROM publication_account_groups AS offered
  JOIN account_group_members AS reached ON reached.account_group_id = offered.account_group_id
  WHERE offered.publication_id = source.id AND reached.account_id = member.account_id))`)})`;

/** Where versions are, and where a template names them. */
const PINS: Readonly<Record<PinnedType, { readonly table: string; readonly ids: string }>> = {
  MultiCloudImage: {
    table: 'multi_cloud_images',
    ids: 'SELECT multi_cloud_image_id FROM server_template_multi_cloud_images WHERE server_template_id = $1',
  },
  RightScript: {
    table: 'right_scripts',
    ids: 'SELECT right_script_id FROM server_template_scripts WHERE server_template_id = $1',
  },
};

/**
 * Everything that a locked template version pins, each once, locked in the order in which commits and deletions lock it:
 * nothing of it is edited, deleted or published by somebody else meanwhile. Then what is published of these lineages: it
 * gets no words. Three statements.
 *
 * @param accountGroupIds to whom it is to be offered; none: to everyone
 */
export async function lockPins(
  manager: EntityManager,
  serverTemplateId: string,
  accountGroupIds: readonly string[],
): Promise<PinnedVersionFacts[]> {
  const found: PinnedVersionFacts[] = [];
  for (const type of ['MultiCloudImage', 'RightScript'] as const) {
    const { table, ids } = PINS[type];
    const rows = await queryPrepared<PinnedVersionFacts>(
      manager,
      `WITH ${MEMBERS}
       SELECT '${type}' AS type, component.id, component.lineage_id AS "lineageId", component.revision,
         component.snapshot, component.name, component.description, component.commit_message AS "commitMessage",
         component.original_id AS "originalId", source.id AS "sourcePublicationId",
         coalesce(${SOURCE_MEANT}, false) AS "sourceMeant"
       FROM ${table} AS component
       LEFT JOIN imported_versions AS imported ON imported.version_id = component.id
       LEFT JOIN publications AS source ON source.id = imported.publication_id
       WHERE component.id IN (${ids})
       ORDER BY ${HEAD_FIRST} DESC, component.id FOR NO KEY UPDATE OF component`,
      [serverTemplateId, accountGroupIds],
    );
    found.push(...rows);
  }
  const own = found.filter(({ originalId }) => originalId === null);
  await lockPublishedLineages(
    manager,
    own.map(({ lineageId }) => lineageId),
  );
  return found;
}

const USABLE_IMAGE = `(image.owner_account_id IS NULL OR ${all(`(member.account_id = image.owner_account_id OR EXISTS (
  SELECT FROM cloud_image_shares AS share
  WHERE share.cloud_image_id = image.id AND share.account_id = member.account_id))`)})`;
const USABLE_CLOUD = `(cloud.account_id IS NULL OR ${all('member.account_id = cloud.account_id')})`;
const USABLE_TYPE = `(type.owner_account_id IS NULL OR ${all('member.account_id = type.owner_account_id')})`;
/** SQL: the name of what the account `$3` sees itself; of all else nothing. */
const nameIf = (visible: string, of: string): string =>
  `CASE WHEN ${visible.replaceAll(':viewer', '$3')} THEN ${of}.name END AS name`;

/**
 * What the settings of MCI versions name that some account of an audience can't use (R-3.2). One statement.
 *
 * @param accountGroupIds the audience; none: everyone
 */
export async function unusableParts(
  manager: EntityManager,
  accountId: string,
  multiCloudImageIds: readonly string[],
  accountGroupIds: readonly string[],
): Promise<UnusableParts> {
  if (multiCloudImageIds.length === 0) return { parts: [], total: 0, reachesAccounts: true };
  const rows = await queryPrepared<UnusablePart & Omit<UnusableParts, 'parts'>>(
    manager,
    `WITH ${MEMBERS}, setting AS MATERIALIZED (
       SELECT multi_cloud_image_id, image_id, kernel_image_id, ramdisk_image_id, cloud_id, instance_type_id
       FROM multi_cloud_image_settings WHERE multi_cloud_image_id = ANY($1)),
     -- Each part is judged once, however many settings name it, and found by its key, whatever the statistics say.
     part AS MATERIALIZED (
       SELECT 1 AS place, 'image' AS kind, image.id, ${nameIf(imageVisible('image'), 'image')}, image.resource_uid AS uid
       FROM (SELECT image_id FROM setting UNION SELECT kernel_image_id FROM setting
         UNION SELECT ramdisk_image_id FROM setting) AS named(id)
       CROSS JOIN LATERAL (SELECT * FROM cloud_images WHERE id = named.id OFFSET 0) AS image WHERE NOT ${USABLE_IMAGE}
       UNION ALL
       SELECT 2, 'cloud', cloud.id, ${nameIf(cloudVisible('cloud'), 'cloud')}, cloud.region
       FROM (SELECT DISTINCT cloud_id FROM setting) AS named(id)
       CROSS JOIN LATERAL (SELECT * FROM clouds WHERE id = named.id OFFSET 0) AS cloud WHERE NOT ${USABLE_CLOUD}
       UNION ALL
       SELECT 3, 'instance type', type.id, ${nameIf(instanceTypeVisible('type'), 'type')}, type.resource_uid
       FROM (SELECT DISTINCT instance_type_id FROM setting) AS named(id)
       CROSS JOIN LATERAL (SELECT * FROM instance_types WHERE id = named.id OFFSET 0) AS type WHERE NOT ${USABLE_TYPE})
     SELECT part.kind, part.name, part.uid, mci.name AS "multiCloudImage", mci.revision, mci.snapshot,
       mci.original_id IS NOT NULL AS imported, count(*) OVER ()::integer AS total,
       EXISTS (SELECT FROM members) AS "reachesAccounts"
     FROM part
     JOIN setting ON part.id IN (setting.image_id, setting.kernel_image_id, setting.ramdisk_image_id, setting.cloud_id,
       setting.instance_type_id)
     JOIN multi_cloud_images AS mci ON mci.id = setting.multi_cloud_image_id
     ORDER BY part.place, part.name, part.uid, mci.name, mci.id
     LIMIT ${MAXIMUM_UNUSABLE}`,
    [multiCloudImageIds, accountGroupIds, accountId],
  );
  return {
    parts: rows.map(({ total: _total, reachesAccounts: _reaches, ...part }) => part),
    total: rows[0]?.total ?? 0,
    reachesAccounts: rows[0]?.reachesAccounts ?? true,
  };
}
