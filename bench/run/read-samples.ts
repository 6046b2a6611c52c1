import type { Client } from 'pg';
import { encodeCursor } from '../../src/domain/paging';
import { toGlobalId } from '../../src/domain/global-id';

/** What the reads of one database ask for: its first rows of the wanted shape. */
export interface ReadSamples {
  /** Global id of a template with four MCIs of six settings each. */
  readonly serverTemplateId: string;
  /** Global id of an image that a dozen settings name. */
  readonly imageId: string;
  /** The tenth tagged template: the next page begins behind it. */
  readonly after: { readonly cursor: string; readonly name: string; readonly id: string };
  /** A word that one lineage of the marketplace has. */
  readonly rareWords: string;
}

/** @throws Error when the database has no such rows */
export async function readSamples(client: Client, accountId: string): Promise<ReadSamples> {
  const template = await row<{ id: string }>(
    client,
    `SELECT template.id FROM server_templates AS template
     WHERE template.account_id = $1 AND template.revision = 0 AND (
       SELECT count(*) FROM server_template_multi_cloud_images AS pin
       JOIN multi_cloud_image_settings AS setting ON setting.multi_cloud_image_id = pin.multi_cloud_image_id
       WHERE pin.server_template_id = template.id) = 24
     ORDER BY template.name LIMIT 1`,
    accountId,
  );
  const image = await row<{ id: string }>(
    client,
    `SELECT setting.image_id AS id FROM multi_cloud_image_settings AS setting
     JOIN multi_cloud_images AS mci ON mci.id = setting.multi_cloud_image_id AND mci.account_id = $1
     GROUP BY setting.image_id HAVING count(*) <= 12 ORDER BY count(*) DESC, setting.image_id LIMIT 1`,
    accountId,
  );
  const last = await row<{ id: string; name: string }>(
    client,
    `SELECT id, name FROM server_templates
     WHERE account_id = $1 AND revision = 0 AND NOT snapshot AND 'team:owner=web' = ANY(tags)
     ORDER BY name, id OFFSET 9 LIMIT 1`,
    accountId,
  );
  const rare = await row<{ word: string }>(
    client,
    `SELECT split_part(lineage.long_description, 'build ', 2) AS word
     FROM published_lineages AS lineage JOIN publications AS publication USING (lineage_id)
     WHERE publication.visibility = 'PUBLIC' AND publication.account_id <> $1
     ORDER BY length(lineage.long_description) DESC, lineage.lineage_id LIMIT 1`,
    accountId,
  );
  return {
    serverTemplateId: toGlobalId('ServerTemplate', template.id),
    imageId: toGlobalId('CloudImage', image.id),
    after: { ...last, cursor: encodeCursor('serverTemplates/NAME_ASC', [last.name, last.id]) },
    rareWords: rare.word,
  };
}

async function row<R extends object>(client: Client, sql: string, accountId: string): Promise<R> {
  const { rows } = await client.query<R>(sql, [accountId]);
  const [first] = rows;
  if (first === undefined) throw new Error(`The seeded data has no row for: ${sql}`);
  return first;
}
