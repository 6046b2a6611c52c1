import type { DataSource } from 'typeorm';

/** Where components, what happened to them, what is offered and imported, and who did it, are stored. */
const TABLES = [
  'multi_cloud_images',
  'multi_cloud_image_settings',
  'multi_cloud_image_matchers',
  'server_templates',
  'server_template_multi_cloud_images',
  'server_template_scripts',
  'right_scripts',
  'publications',
  'publication_versions',
  'imported_versions',
  'publication_importers',
  'eula_acceptances',
  'history_entries',
  'audit_entries',
];

/** Every row of every component, of all accounts, with all columns: equal exactly when nothing changed. */
export async function storedRows(dataSource: DataSource): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown> = {};
  for (const table of TABLES) {
    const [{ found }] = await dataSource.query(
      `SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)), '[]') AS found FROM ${table} AS t`,
    );
    rows[table] = found;
  }
  return rows;
}
