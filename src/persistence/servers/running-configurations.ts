import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { RunningConfiguration } from '../../domain/servers/drift';

/** A running instance of the viewer's: what it was launched with, and what would launch the next one. */
export interface RunningInstance extends RunningConfiguration {
  readonly id: string;
  readonly serverId: string | null;
  readonly serverArrayId: string | null;
}

const image = (alias: string): string =>
  `CASE WHEN ${alias}.id IS NOT NULL THEN jsonb_build_object('id', ${alias}.id, 'resourceUid', ${alias}.resource_uid) END`;

const component = (alias: string, version: string): string =>
  `jsonb_build_object('id', ${alias}.id, 'name', ${alias}.name, 'revision', ${alias}.revision, 'version', ${version})`;

/** Those of the instances that are running: not TERMINATED. */
export function runningInstances(
  manager: EntityManager,
  viewer: Viewer,
  ids: readonly string[],
): Promise<RunningInstance[]> {
  return manager.query(
    `SELECT instance.id, instance.server_id AS "serverId", instance.server_array_id AS "serverArrayId",
       ${component('launched_from', 'instance.launched_from_version')} AS "launchedFrom",
       ${component('follows', 'follows.version')} AS follows,
       CASE WHEN mci.id IS NOT NULL THEN ${component('mci', 'instance.multi_cloud_image_version')} END AS "multiCloudImage",
       ${image('machine')} AS image, ${image('kernel')} AS "kernelImage", ${image('ramdisk')} AS "ramdiskImage",
       jsonb_build_object('id', type.id, 'name', type.name) AS "instanceType", instance.user_data AS "userData"
     FROM instances AS instance
     JOIN server_templates AS launched_from ON launched_from.id = instance.launched_from_id
     JOIN server_templates AS follows ON follows.id = instance.server_template_id
     JOIN cloud_images AS machine ON machine.id = instance.image_id
     JOIN instance_types AS type ON type.id = instance.instance_type_id
     LEFT JOIN multi_cloud_images AS mci ON mci.id = instance.multi_cloud_image_id
     LEFT JOIN cloud_images AS kernel ON kernel.id = instance.kernel_image_id
     LEFT JOIN cloud_images AS ramdisk ON ramdisk.id = instance.ramdisk_image_id
     WHERE instance.id = ANY ($1) AND instance.account_id = $2 AND instance.state <> 'TERMINATED'`,
    [ids, viewer.accountId],
  );
}
