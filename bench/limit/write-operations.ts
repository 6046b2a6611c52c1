import type { PoolClient } from 'pg';
import { COPY_TEMPLATE, COPY_WHOLE } from './copies';
import { keyIn, type Operation, type OperationInput } from './operation';
import { VIEWER } from './predicates';
import { PUBLISH } from './publish';

/** `$2` pins what `$3` pins. */
const REPIN = `UPDATE server_template_multi_cloud_images AS pin SET multi_cloud_image_id = other.multi_cloud_image_id
  FROM server_template_multi_cloud_images AS other, access_tokens AS token
  WHERE pin.server_template_id = $2 AND other.server_template_id = $3 AND other.mci_lineage_id = pin.mci_lineage_id
    AND token.token_hash = $1`;

/** All servers that launch from `$2` launch from `$3` next, and their instances follow it. */
const MOVE = [
  `WITH ${VIEWER} UPDATE instances AS instance SET server_template_id = $3 FROM servers AS server, viewer
   WHERE server.server_template_id = $2 AND server.account_id = viewer.id AND instance.server_id = server.id
     AND instance.state IN ('PENDING', 'BOOTING', 'OPERATIONAL', 'STRANDED')`,
  `WITH ${VIEWER} UPDATE servers AS server
   SET server_template_id = $3, multi_cloud_image_id = NULL, version = version + 1, updated_at = now() FROM viewer
   WHERE server.server_template_id = $2 AND server.account_id = viewer.id`,
];

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

/** Statements about the key `$2` and a salt, or another key: `$3`. */
async function run(
  client: PoolClient,
  { tokenHash, variables: { id } }: OperationInput,
  statements: readonly string[],
  third: string | undefined,
): Promise<number> {
  let rows = 0;
  for (const text of statements)
    rows += (await client.query(text, [tokenHash, keyIn(id), third])).rowCount ?? 0;
  return rows;
}

/** What the service's operations write, and nothing else: no history, no hash, no check. */
export const writeOperations: Readonly<Record<string, Operation>> = {
  /** A template with all the MCIs that it pins, and their settings. */
  'copy-whole': inTransaction((client, input) => run(client, input, COPY_WHOLE, input.variables['salt'])),
  /** A template and its pins. */
  'copy-template': inTransaction((client, input) =>
    run(client, input, COPY_TEMPLATE, input.variables['salt']),
  ),
  /** The same, and the original pins what another template pins. */
  'copy-and-repin': inTransaction(
    async (client, input) =>
      (await run(client, input, COPY_TEMPLATE, input.variables['salt'])) +
      (await run(client, input, [REPIN], keyIn(input.variables['fromId']))),
  ),
  /** A template and all the MCIs that it pins, to the account's groups. */
  publish: inTransaction((client, input) => run(client, input, PUBLISH, input.variables['salt'])),
  /** All servers of a template, and what they run, to another one. */
  'move-servers': inTransaction((client, input) => run(client, input, MOVE, keyIn(input.variables['toId']))),
};
