import type { PoolClient } from 'pg';
import { keyIn, type Operation, type OperationInput } from './operation';
import { ME, VIEWER } from './predicates';

/** Every copy's key follows from the original's and from `$3`, which differs from copy to copy. */
const copied = (id: string): string => `md5(${id}::text || $3)::uuid`;

const VERSION = 'id, account_id, lineage_id, revision, name, description, tags, created_at, updated_at';
const versionOf = (alias: string): string =>
  `${copied(`${alias}.id`)}, ${ME}, ${copied(`${alias}.lineage_id`)}, 0, ${alias}.name, ${alias}.description, ${alias}.tags, now(), now()`;

const PINNED = `SELECT pin.multi_cloud_image_id FROM server_template_multi_cloud_images AS pin WHERE pin.server_template_id = $2`;

const MULTI_CLOUD_IMAGES = `WITH ${VIEWER} INSERT INTO multi_cloud_images (${VERSION})
  SELECT ${versionOf('mci')} FROM multi_cloud_images AS mci WHERE mci.id IN (${PINNED})`;

const SETTINGS = `WITH ${VIEWER} INSERT INTO multi_cloud_image_settings (id, multi_cloud_image_id, cloud_id, image_id, instance_type_id,
    kernel_image_id, ramdisk_image_id, user_data, made_by)
  SELECT ${copied('setting.id')}, ${copied('setting.multi_cloud_image_id')}, setting.cloud_id, setting.image_id,
    setting.instance_type_id, setting.kernel_image_id, setting.ramdisk_image_id, setting.user_data, setting.made_by
  FROM multi_cloud_image_settings AS setting, viewer WHERE setting.multi_cloud_image_id IN (${PINNED})`;

/** @param lineage SQL for the lineage of a pinned MCI, of `pinned` */
const template = (
  lineage: (pinned: string) => string,
): string => `WITH ${VIEWER} INSERT INTO server_templates (${VERSION}, default_mci_lineage_id)
  SELECT ${versionOf('template')}, ${lineage('template.default_mci_lineage_id')}
  FROM server_templates AS template WHERE template.id = $2`;

/** @param of SQL for what is pinned instead of a version or lineage */
const pins = (
  of: (pinned: string) => string,
): string => `WITH ${VIEWER} INSERT INTO server_template_multi_cloud_images
    (server_template_id, mci_lineage_id, multi_cloud_image_id, position)
  SELECT ${copied('pin.server_template_id')}, ${of('pin.mci_lineage_id')}, ${of('pin.multi_cloud_image_id')}, pin.position
  FROM server_template_multi_cloud_images AS pin, viewer WHERE pin.server_template_id = $2`;

const theCopy = (pinned: string): string => copied(pinned);
const theSame = (pinned: string): string => pinned;

/** `$2` pins what `$3` pins. */
const REPIN = `UPDATE server_template_multi_cloud_images AS pin SET multi_cloud_image_id = other.multi_cloud_image_id
  FROM server_template_multi_cloud_images AS other, access_tokens AS token
  WHERE pin.server_template_id = $2 AND other.server_template_id = $3 AND other.mci_lineage_id = pin.mci_lineage_id
    AND token.token_hash = $1`;

const WHOLE = [MULTI_CLOUD_IMAGES, SETTINGS, template(theCopy), pins(theCopy)];
const TEMPLATE = [template(theSame), pins(theSame)];

/** The statements in one transaction. Answers how many rows they wrote. */
const inTransaction =
  (write: (client: PoolClient, input: OperationInput) => Promise<number>): Operation =>
  async (input) => {
    const client = await input.pool.connect();
    try {
      await client.query('BEGIN');
      const rows = await write(client, input);
      await client.query('COMMIT');
      return JSON.stringify({ rows });
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  };

async function insert(
  client: PoolClient,
  { tokenHash, variables: { id, salt } }: OperationInput,
  statements: readonly string[],
): Promise<number> {
  let rows = 0;
  for (const text of statements)
    rows += (await client.query(text, [tokenHash, keyIn(id), salt])).rowCount ?? 0;
  return rows;
}

/** `INSERT … SELECT` of what the service's operations write, and nothing else: no history, no hash, no check. */
export const writeOperations: Readonly<Record<string, Operation>> = {
  /** A template with all the MCIs that it pins, and their settings. */
  'copy-whole': inTransaction((client, input) => insert(client, input, WHOLE)),
  /** A template and its pins. */
  'copy-template': inTransaction((client, input) => insert(client, input, TEMPLATE)),
  /** The same, and the original pins what another template pins. */
  'copy-and-repin': inTransaction(async (client, input) => {
    const rows = await insert(client, input, TEMPLATE);
    const { id, fromId } = input.variables;
    const repinned = await client.query(REPIN, [input.tokenHash, keyIn(id), keyIn(fromId)]);
    return rows + (repinned.rowCount ?? 0);
  }),
};
