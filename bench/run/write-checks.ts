import type { Client } from 'pg';
import { SERVERS } from './server-fixture';
import { MULTI_CLOUD_IMAGES, SETTINGS_PER_MULTI_CLOUD_IMAGE } from './write-fixture';

/** What writes left behind, counted: the service and bare SQL must write the same. */

/** The one value that an SQL expression has. */
export async function value<T>(
  client: Client,
  expression: string,
  parameters: readonly string[],
): Promise<T> {
  const { rows } = await client.query<{ value: T }>(`SELECT ${expression} AS value`, [...parameters]);
  const [row] = rows;
  if (row === undefined) throw new Error('The database answered nothing.');
  return row.value;
}

/** @throws Error when a template doesn't have all MCIs with all settings */
export async function assertWhole(client: Client, id: string, operation: string): Promise<void> {
  const counted = await value<string>(
    client,
    `(SELECT count(DISTINCT pin.multi_cloud_image_id) || ' MCIs with ' || count(setting.id) || ' settings'
      FROM server_template_multi_cloud_images AS pin
      LEFT JOIN multi_cloud_image_settings AS setting ON setting.multi_cloud_image_id = pin.multi_cloud_image_id
      WHERE pin.server_template_id = substr($1, 5)::uuid)`,
    [id],
  );
  assertEqual(
    operation,
    counted,
    `${MULTI_CLOUD_IMAGES} MCIs with ${MULTI_CLOUD_IMAGES * SETTINGS_PER_MULTI_CLOUD_IMAGE} settings`,
  );
}

/** @throws Error when a merge did not take over what was merged */
export async function assertSamePins(client: Client, id: string, otherId: string): Promise<void> {
  const same = await value<string>(
    client,
    `(SELECT count(*) || ' pins' FROM server_template_multi_cloud_images AS pin
      JOIN server_template_multi_cloud_images AS other USING (mci_lineage_id, multi_cloud_image_id)
      WHERE pin.server_template_id = substr($1, 5)::uuid AND other.server_template_id = substr($2, 5)::uuid)`,
    [id, otherId],
  );
  assertEqual('merge', same, `${MULTI_CLOUD_IMAGES} pins`);
}

/** @throws Error when a template and all MCIs that it pins weren't published, each to one group and to be found by words */
export async function assertPublished(client: Client, id: string, operation: string): Promise<void> {
  const counted = await value<string>(
    client,
    `(SELECT count(*) || ' publications with ' || count(DISTINCT lineage_id) || ' descriptions, carrying '
        || sum(carried.count) || ' versions to ' || sum(offered.count) || ' groups'
      FROM publications AS publication JOIN published_lineages AS lineage USING (lineage_id),
        LATERAL (SELECT count(*) FROM publication_versions WHERE publication_id = publication.id) AS carried,
        LATERAL (SELECT count(*) FROM publication_account_groups WHERE publication_id = publication.id) AS offered
      WHERE publication.search <> '' AND (publication.component_id = substr($1, 5)::uuid OR publication.component_id IN (
        SELECT multi_cloud_image_id FROM server_template_multi_cloud_images WHERE server_template_id = substr($1, 5)::uuid)))`,
    [id],
  );
  const publications = 1 + MULTI_CLOUD_IMAGES;
  // Each carries its own version; the template's also all others.
  assertEqual(
    operation,
    counted,
    `${publications} publications with ${publications} descriptions, carrying ${publications + MULTI_CLOUD_IMAGES} versions to ${publications} groups`,
  );
}

/** @throws Error when not all servers and all of their instances came to a template */
export async function assertMoved(client: Client, id: string, operation: string): Promise<void> {
  const counted = await value<string>(
    client,
    `(SELECT count(*) || ' servers' FROM servers AS server
      JOIN instances AS instance ON instance.server_id = server.id AND instance.server_template_id = server.server_template_id
      WHERE server.server_template_id = substr($1, 5)::uuid AND server.version = 2)`,
    [id],
  );
  assertEqual(operation, counted, `${SERVERS} servers`);
}

function assertEqual(operation: string, counted: string, wanted: string): void {
  if (counted !== wanted) throw new Error(`${operation} wrote ${counted} instead of ${wanted}.`);
}
