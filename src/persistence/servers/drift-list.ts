import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { ServerDefinition } from '../../entities/servers/server-definition';
import { SERVER_ARRAYS, SERVERS, type DefinitionKind } from './definition-kind';

/** as SQL: the running instances for which the rule in domain/servers/drift.ts finds a difference. */

type Kind = Pick<DefinitionKind<ServerDefinition>, 'table' | 'owner'>;

/** A value that can be chosen to be none, chosen, or inherited. */
const unlessNone = (field: string, column: string): string =>
  `CASE WHEN '${field}' = ANY (next.none) THEN NULL ELSE coalesce(next.${column}, setting.${column}) END`;

/** What runs, and what next would launch now, value by value. */
const VALUES: readonly (readonly [running: string, next: string])[] = [
  ['running.launched_from_id', 'template.id'],
  ['running.launched_from_version', 'template.version'],
  ['running.server_template_id', 'template.id'],
  ['running.multi_cloud_image_id', 'mci.id'],
  ['running.multi_cloud_image_version', 'mci.version'],
  ['running.image_id', 'coalesce(next.image_id, setting.image_id)'],
  ['running.instance_type_id', 'coalesce(next.instance_type_id, setting.instance_type_id)'],
  ['running.kernel_image_id', unlessNone('KERNEL_IMAGE', 'kernel_image_id')],
  ['running.ramdisk_image_id', unlessNone('RAMDISK_IMAGE', 'ramdisk_image_id')],
  ['running.user_data', unlessNone('USER_DATA', 'user_data')],
];

/**
 * By key from each instance to its server or array, template, MCI and setting: the limits keep PostgreSQL from reading
 * whole tables instead.
 *
 * @param scope SQL: which of the account's instances are looked at
 */
const drifted = ({ table, owner }: Kind, selected: string, scope: string): string =>
  `SELECT ${selected} FROM instances AS running
   CROSS JOIN LATERAL (
     SELECT definition.server_template_id, definition.multi_cloud_image_id, definition.image_id, definition.instance_type_id,
       definition.kernel_image_id, definition.ramdisk_image_id, definition.user_data, definition.none
     FROM ${table} AS definition WHERE definition.id = running.${owner} LIMIT 1
   ) AS next
   CROSS JOIN LATERAL (
     SELECT version.id, version.version, version.default_mci_lineage_id
     FROM server_templates AS version WHERE version.id = next.server_template_id LIMIT 1
   ) AS template
   LEFT JOIN LATERAL (
     SELECT version.id, version.version FROM multi_cloud_images AS version
     WHERE version.id = coalesce(next.multi_cloud_image_id, (
       SELECT pin.multi_cloud_image_id FROM server_template_multi_cloud_images AS pin
       WHERE pin.server_template_id = template.id AND pin.mci_lineage_id = template.default_mci_lineage_id))
     LIMIT 1
   ) AS mci ON TRUE
   LEFT JOIN LATERAL (
     SELECT own.image_id, own.instance_type_id, own.kernel_image_id, own.ramdisk_image_id, own.user_data
     FROM multi_cloud_image_settings AS own
     WHERE own.multi_cloud_image_id = mci.id AND own.cloud_id = running.cloud_id LIMIT 1
   ) AS setting ON TRUE
   WHERE running.state <> 'TERMINATED' AND ${scope}
     AND (${VALUES.map(([running]) => running).join(', ')})
       IS DISTINCT FROM (${VALUES.map(([, next]) => next).join(', ')})`;

/**
 * Narrows a list of the viewer's instances to those that drifted, or to all the others, terminated ones too. The drifted
 * ones are found first, as a set: as a condition on row after row, it would be tested until a page is full.
 */
export function whereDrifted(
  query: SelectQueryBuilder<ObjectLiteral>,
  instance: string,
  wanted: boolean,
  viewer: Viewer,
): void {
  const found = [SERVERS, SERVER_ARRAYS]
    .map((kind) => drifted(kind, 'running.id', 'running.account_id = :viewer'))
    .join(' UNION ALL ');
  query.andWhere(`${instance}.id ${wanted ? '= ANY' : '<> ALL'} (ARRAY(${found}))`, {
    viewer: viewer.accountId,
  });
}

/** How many running instances of each array drifted; arrays without any are missing. */
export async function driftedCounts(
  manager: EntityManager,
  viewer: Viewer,
  serverArrayIds: readonly string[],
): Promise<{ readonly serverArrayId: string; readonly count: number }[]> {
  const ofArrays = 'running.account_id = $1 AND running.server_array_id = ANY ($2)';
  return manager.query(
    `SELECT server_array_id AS "serverArrayId", count(*)::int AS count
     FROM (${drifted(SERVER_ARRAYS, 'running.server_array_id', ofArrays)}) AS instance GROUP BY server_array_id`,
    [viewer.accountId, serverArrayIds],
  );
}
