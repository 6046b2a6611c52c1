import type { Client } from 'pg';
import { key } from '../seed-keys';
import { SETTINGS_PER_MULTI_CLOUD_IMAGE, WRITER } from './write-fixture';

/** As many as one bulk update takes. */
export const SERVERS = 1_000;

/**
 * Servers of the writer that launch from a template, in all clouds in turns, each with an instance that runs.
 *
 * @param number of the template: their keys follow from it
 * @returns their global ids
 */
export async function insertServers(client: Client, templateId: string, number: number): Promise<string[]> {
  const servers = `generate_series(1, ${SERVERS}) AS s, LATERAL (SELECT (s - 1) % ${SETTINGS_PER_MULTI_CLOUD_IMAGE} + 1) AS cloud(n)`;
  const server = key('write server', `'${number} ' || s`);
  const template = `'${templateId.slice('stp_'.length)}'::uuid`;
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO deployments (id, account_id, name, created_at, updated_at)
     VALUES (${key('writer', "'deployment'")}, ${WRITER}, 'Write deployment', now(), now()) ON CONFLICT DO NOTHING`,
  );
  await client.query(
    `INSERT INTO servers (id, account_id, cloud_id, server_template_id, deployment_id, name, created_at, updated_at)
     SELECT ${server}, ${WRITER}, ${key('write cloud', 'n')}, ${template}, ${key('writer', "'deployment'")},
       'Write server ${number} ' || s, now(), now() FROM ${servers}`,
  );
  await client.query(
    `INSERT INTO instances (id, account_id, cloud_id, server_template_id, multi_cloud_image_id, image_id, instance_type_id,
       name, server_id, launched_from_id, launched_from_version, multi_cloud_image_version, state, resource_uid, launched_at)
     SELECT ${key('write instance', `'${number} ' || s`)}, ${WRITER}, ${key('write cloud', 'n')}, ${template},
       pin.multi_cloud_image_id, ${key('write image', 'n')}, ${key('write type', 'n')}, 'Write server ${number} ' || s || ' #1',
       ${server}, ${template}, 1, 1, 'OPERATIONAL', 'i-${number}-' || s, now()
     FROM ${servers} JOIN server_template_multi_cloud_images AS pin ON pin.server_template_id = ${template} AND pin.position = 0`,
  );
  await client.query('COMMIT');
  const { rows } = await client.query<{ id: string }>(`SELECT 'srv_' || ${server} AS id FROM ${servers}`);
  return rows.map(({ id }) => id);
}
