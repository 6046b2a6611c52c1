import type { EntityManager } from 'typeorm';
import { key, owner, TIME } from './seed-keys';
import type { SeedSizes } from './seed-options';

const SERVERS_PER_ARRAY = 100;
const INSTANCES_PER_ARRAY = 50;
/** Of each server, before the one that runs. */
const ENDED_PER_SERVER = 20;
/** Every so many running instances were launched with other user data. */
const DRIFTED_EVERY = 20;
/** Every so many running instances are to be terminated. */
const TERMINATE_EVERY = 200;
/** Of server or array `n`, and of its instances. */
const TAGS = `ARRAY['team:owner=' || CASE WHEN n / 2 % 7 = 0 THEN 'web' ELSE 'database' END]
  || CASE WHEN n / 2 % 1000 = 0 THEN ARRAY['rare'] ELSE ARRAY[]::text[] END`;

/** Servers and arrays share the templates out evenly, each in a cloud that its template's default MCI has a setting for. */
export async function insertServers(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  const lineages = Math.floor(sizes.templates / 2);
  await manager.query(
    `INSERT INTO deployments (id, account_id, name, created_at, updated_at)
     SELECT ${key('deployment', 'n')}, ${key('account', 'n')}, 'Deployment ' || n, ${TIME}, ${TIME}
     FROM generate_series(0, $1::int - 1) AS n`,
    [sizes.accounts],
  );
  const arrays = Math.ceil(sizes.servers / SERVERS_PER_ARRAY);
  await insertDefinitions(manager, 'servers', sizes.servers, { lineages, sizes });
  await insertDefinitions(manager, 'server_arrays', arrays, { lineages, sizes });
  await insertInstances(manager, 'servers', 'server_id', ENDED_PER_SERVER, 1);
  await insertInstances(manager, 'server_arrays', 'server_array_id', 0, INSTANCES_PER_ARRAY);
  await insertOrders(manager);
}

async function insertDefinitions(
  manager: EntityManager,
  table: 'servers' | 'server_arrays',
  count: number,
  { lineages, sizes }: { lineages: number; sizes: SeedSizes },
): Promise<void> {
  const counts = table === 'servers' ? ['', ''] : [', min_count, max_count', ', 0, 1000'];
  await manager.query(
    `INSERT INTO ${table} (id, account_id, deployment_id, cloud_id, server_template_id, name, tags, created_at, updated_at${counts[0]})
     SELECT ${key(table, 'n')}, template.account_id, ${key('deployment', owner('lineage', sizes))}, setting.cloud_id, template.id,
       'Number ' || n, ${TAGS}, ${TIME}, ${TIME}${counts[1]}
     FROM generate_series(0, $1::int - 1) AS n CROSS JOIN LATERAL (SELECT n % $2::int AS lineage) AS made
     JOIN server_templates AS template ON template.id = ${key('template', "lineage || ' ' || n / 2 % 2")}
     JOIN server_template_multi_cloud_images AS pin
       ON pin.server_template_id = template.id AND pin.mci_lineage_id = template.default_mci_lineage_id
     CROSS JOIN LATERAL (
       SELECT cloud_id FROM multi_cloud_image_settings AS offered
       WHERE offered.multi_cloud_image_id = pin.multi_cloud_image_id ORDER BY cloud_id LIMIT 1 OFFSET n % 3
     ) AS setting`,
    [count, lineages],
  );
}

/** As next would launch them, but for the user data of some. */
async function insertInstances(
  manager: EntityManager,
  table: 'servers' | 'server_arrays',
  reference: 'server_id' | 'server_array_id',
  ended: number,
  running: number,
): Promise<void> {
  await manager.query(
    `INSERT INTO instances (id, account_id, cloud_id, server_template_id, multi_cloud_image_id, image_id, instance_type_id,
       kernel_image_id, ramdisk_image_id, user_data, name, tags, ${reference}, launched_from_id, launched_from_version,
       multi_cloud_image_version, state, resource_uid, launched_at, claimable_at, terminated_at)
     SELECT ${key(`instance of ${table}`, "made.id || ' ' || made.number")}, made.account_id, made.cloud_id, template.id, mci.id,
       setting.image_id, setting.instance_type_id, setting.kernel_image_id, setting.ramdisk_image_id,
       CASE WHEN made.position % ${DRIFTED_EVERY} = 0 THEN 'other' ELSE setting.user_data END,
       made.name || ' #' || made.number, made.tags, made.id, template.id, template.version, mci.version,
       CASE WHEN made.number <= $1::int THEN 'TERMINATED' ELSE 'OPERATIONAL' END, 'i-${table}-' || made.position,
       ${TIME} + (made.number * 100000 + made.position) * interval '1 second',
       ${TIME} + (made.number * 100000 + made.position) * interval '1 second',
       CASE WHEN made.number <= $1::int THEN ${TIME} + (made.number * 100000 + made.position + 60) * interval '1 second' END
     FROM (SELECT definition.*, number, row_number() OVER (ORDER BY definition.id, number) AS position
           FROM ${table} AS definition, generate_series(1, $1::int + $2::int) AS number) AS made
     JOIN server_templates AS template ON template.id = made.server_template_id
     JOIN server_template_multi_cloud_images AS pin
       ON pin.server_template_id = template.id AND pin.mci_lineage_id = template.default_mci_lineage_id
     JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id
     JOIN multi_cloud_image_settings AS setting ON setting.multi_cloud_image_id = mci.id AND setting.cloud_id = made.cloud_id`,
    [ended, running],
  );
}

/** Each instance's LAUNCH, done long ago, and what launchers have still to do. */
async function insertOrders(manager: EntityManager): Promise<void> {
  await manager.query(
    `INSERT INTO launch_orders (id, account_id, kind, state, instance_id, attempts, created_at, claimable_at, completed_at)
     SELECT ${key('launch of', 'id')}, account_id, 'LAUNCH', 'COMPLETED', id, 1, launched_at, launched_at,
       launched_at + interval '20 seconds'
     FROM instances`,
  );
  await manager.query(
    `INSERT INTO launch_orders (id, account_id, kind, state, instance_id, created_at, claimable_at)
     SELECT ${key('end of', 'id')}, account_id, 'TERMINATE', 'OPEN', id, launched_at + interval '1 day', launched_at + interval '1 day'
     FROM (SELECT *, row_number() OVER (ORDER BY id) AS position FROM instances WHERE state <> 'TERMINATED') AS running
     WHERE position % ${TERMINATE_EVERY} = 0`,
  );
}
