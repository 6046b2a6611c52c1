import type { Client } from 'pg';
import { mintToken } from '../../src/domain/access/token';
import { key } from '../seed-keys';
import { insertToken } from './tokens';

/** Of the template whose writes are measured. */
export const MULTI_CLOUD_IMAGES = 50;
export const SETTINGS_PER_MULTI_CLOUD_IMAGE = 30;

/** Who writes, and who imports what the writer offers. */
export interface Writers {
  readonly token: string;
  readonly importerToken: string;
  /** Global id of the group that the importer is in. */
  readonly groupId: string;
}

const ROLES = ['OBSERVER', 'ACTOR', 'DESIGNER', 'LIBRARY', 'PUBLISHER'];
/** SQL: the key of the account that writes. */
export const WRITER = key('writer', "'account'");
const IMPORTER = key('importer', "'account'");
const GROUP = key('writer', "'group'");

/** Two accounts, and thirty clouds with an image and an instance type each. */
export async function insertWriters(client: Client): Promise<Writers> {
  const clouds = `generate_series(1, ${SETTINGS_PER_MULTI_CLOUD_IMAGE}) AS n`;
  await client.query(
    `INSERT INTO accounts (id, name, created_at) VALUES (${WRITER}, 'Bench writer', now()), (${IMPORTER}, 'Bench importer', now())`,
  );
  await client.query(
    `INSERT INTO organizations (account_id, name, email, created_at, updated_at)
     VALUES (${WRITER}, 'Writers', 'writers@example.com', now(), now())`,
  );
  await client.query(
    `INSERT INTO account_groups (id, account_id, name, created_at, updated_at) VALUES (${GROUP}, ${WRITER}, 'Readers', now(), now())`,
  );
  await client.query(
    `INSERT INTO account_group_members (account_group_id, account_id, created_at) VALUES (${GROUP}, ${IMPORTER}, now())`,
  );
  await client.query(
    `INSERT INTO clouds (id, cloud_type, region, name, display_name, created_at)
     SELECT ${key('write cloud', 'n')}, 'google', 'write-' || n, 'Write cloud ' || n, 'Write cloud ' || n, now() FROM ${clouds}`,
  );
  await client.query(
    `INSERT INTO cloud_images (id, cloud_id, resource_uid, name, image_type, lifecycle, created_at, updated_at)
     SELECT ${key('write image', 'n')}, ${key('write cloud', 'n')}, 'write-image', 'Write image', 'MACHINE', 'AVAILABLE', now(), now()
     FROM ${clouds}`,
  );
  await client.query(
    `INSERT INTO instance_types (id, cloud_id, resource_uid, name, created_at, updated_at)
     SELECT ${key('write type', 'n')}, ${key('write cloud', 'n')}, 'write-type', 'Write type', now(), now() FROM ${clouds}`,
  );
  const tokens = { token: mintToken(), importerToken: mintToken() };
  const { rows } = await client.query<{ writer: string; importer: string; group: string }>(
    `SELECT ${WRITER} AS writer, ${IMPORTER} AS importer, ${GROUP} AS group`,
  );
  const [ids] = rows;
  if (ids === undefined) throw new Error('The database answered nothing.');
  await insertToken(client, ids.writer, tokens.token, ROLES);
  await insertToken(client, ids.importer, tokens.importerToken, ROLES);
  return { ...tokens, groupId: `grp_${ids.group}` };
}

/**
 * A template at HEAD that pins fifty MCIs at HEAD with thirty settings each, none of it ever committed.
 *
 * @param number of the template: its keys follow from it
 * @returns its global id
 */
export async function insertTemplate(client: Client, number: number): Promise<string> {
  const mcis = `generate_series(1, ${MULTI_CLOUD_IMAGES}) AS m`;
  const mci = (what: string): string => key(`write mci ${what}`, `'${number} ' || m`);
  const template = key('write template', `'${number}'`);
  const columns = 'id, account_id, lineage_id, revision, name, created_at, updated_at';
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO multi_cloud_images (${columns})
     SELECT ${mci('head')}, ${WRITER}, ${mci('lineage')}, 0, 'Write MCI ${number} ' || m, now(), now() FROM ${mcis}`,
  );
  await client.query(
    `INSERT INTO multi_cloud_image_settings (id, multi_cloud_image_id, cloud_id, image_id, instance_type_id)
     SELECT ${key('write setting', `'${number} ' || m || ' ' || n`)}, ${mci('head')}, ${key('write cloud', 'n')},
       ${key('write image', 'n')}, ${key('write type', 'n')}
     FROM ${mcis}, generate_series(1, ${SETTINGS_PER_MULTI_CLOUD_IMAGE}) AS n`,
  );
  await client.query(
    `INSERT INTO server_templates (${columns}, default_mci_lineage_id)
     SELECT ${template}, ${WRITER}, ${key('write template lineage', `'${number}'`)}, 0, 'Write template ${number}', now(), now(),
       ${mci('lineage')} FROM (VALUES (1)) AS first(m)`,
  );
  await client.query(
    `INSERT INTO server_template_multi_cloud_images (server_template_id, mci_lineage_id, multi_cloud_image_id, position)
     SELECT ${template}, ${mci('lineage')}, ${mci('head')}, m - 1 FROM ${mcis}`,
  );
  await client.query('COMMIT');
  const { rows } = await client.query<{ id: string }>(`SELECT 'stp_' || ${template} AS id`);
  const [row] = rows;
  if (row === undefined) throw new Error('The database answered nothing.');
  return row.id;
}

/** Edits every MCI that the template pins, and pins their HEADs again, as people would before the next commit. */
export async function editTemplate(client: Client, id: string): Promise<void> {
  const template = id.slice('stp_'.length);
  await client.query('BEGIN');
  await client.query(
    `UPDATE multi_cloud_images AS head SET description = 'Edited', version = head.version + 1, updated_at = now(),
       content_hash = NULL
     FROM server_template_multi_cloud_images AS pin
     WHERE pin.server_template_id = $1 AND head.lineage_id = pin.mci_lineage_id AND head.revision = 0 AND NOT head.snapshot
       AND head.account_id = ${WRITER}`,
    [template],
  );
  await client.query(
    `UPDATE server_template_multi_cloud_images AS pin SET multi_cloud_image_id = head.id
     FROM multi_cloud_images AS head
     WHERE pin.server_template_id = $1 AND head.lineage_id = pin.mci_lineage_id AND head.revision = 0 AND NOT head.snapshot
       AND head.account_id = ${WRITER}`,
    [template],
  );
  await client.query(
    `UPDATE server_templates SET version = version + 1, updated_at = now(), content_hash = NULL WHERE id = $1`,
    [template],
  );
  await client.query('COMMIT');
}
