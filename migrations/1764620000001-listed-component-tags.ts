import type { MigrationInterface, QueryRunner } from 'typeorm';

const TYPES = [
  ['multi_cloud_images', 'MultiCloudImage'],
  ['server_templates', 'ServerTemplate'],
  ['right_scripts', 'RightScript'],
] as const;

/** As the indexes for what is current say it. */
const isListed = (row: string): string =>
  `((${row}.revision = 0 OR ${row}.original_id IS NOT NULL) AND NOT ${row}.snapshot AND NOT ${row}.superseded
    AND ${row}.deleted_at IS NULL)`;

/** @param type SQL */
const insertFrom = (table: string, type: string): string =>
  `INSERT INTO listed_component_tags (account_id, component_type, key, name, component_id)
   SELECT DISTINCT component.account_id, ${type}, key, component.name, component.id
     FROM ${table} AS component CROSS JOIN unnest(tag_search_keys(component.tags)) AS key
    WHERE ${isListed('component')}`;

/** Tags of what an account works with, in the order of names: a page of a tagged list reads no more than the page. */
export class ListedComponentTags1764620000001 implements MigrationInterface {
  name = 'ListedComponentTags1764620000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE listed_component_tags (
        account_id uuid NOT NULL,
        component_type text NOT NULL,
        key text NOT NULL,
        name text NOT NULL,
        component_id uuid NOT NULL,
        CONSTRAINT listed_component_tags_pkey PRIMARY KEY (account_id, component_type, key, name, component_id),
        CONSTRAINT listed_component_tags_component_type CHECK (
          component_type IN ('MultiCloudImage', 'ServerTemplate', 'RightScript')))`,
    );
    await runner.query(
      `COMMENT ON TABLE listed_component_tags IS 'Tags of HEADs and of the newest imported revisions, for lists by tag and name; written by triggers (R-10.1).'`,
    );
    await runner.query(
      `COMMENT ON COLUMN listed_component_tags.component_type IS 'GraphQL type of the component.'`,
    );
    await runner.query(
      `COMMENT ON COLUMN listed_component_tags.key IS 'By what a tag is searched: itself, or namespace:predicate=*.'`,
    );
    await runner.query(`COMMENT ON COLUMN listed_component_tags.name IS 'Of the component.'`);
    await this.functions(runner);
    for (const [table, type] of TYPES) {
      await runner.query(insertFrom(table, `'${type}'`));
      await this.triggers(runner, table, type);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table] of TYPES)
      for (const trigger of ['added', 'changed', 'removed'])
        await runner.query(`DROP TRIGGER ${table}_tags_${trigger} ON ${table}`);
    await runner.query('DROP FUNCTION list_added_tags, list_changed_tags');
    await runner.query('DROP TABLE listed_component_tags');
  }

  private async functions(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE FUNCTION list_added_tags() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        ${insertFrom('added', 'TG_ARGV[0]')};
        RETURN NULL;
      END $$`,
    );
    await runner.query(
      `CREATE FUNCTION list_changed_tags() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM listed_component_tags
         WHERE account_id = OLD.account_id AND component_type = TG_ARGV[0] AND key = ANY(tag_search_keys(OLD.tags))
           AND name = OLD.name AND component_id = OLD.id;
        IF TG_OP = 'UPDATE' THEN
          ${insertFrom('(SELECT NEW.*)', 'TG_ARGV[0]')};
        END IF;
        RETURN NULL;
      END $$`,
    );
  }

  private async triggers(runner: QueryRunner, table: string, type: string): Promise<void> {
    await runner.query(
      `CREATE TRIGGER ${table}_tags_added AFTER INSERT ON ${table} REFERENCING NEW TABLE AS added
       FOR EACH STATEMENT EXECUTE FUNCTION list_added_tags('${type}')`,
    );
    const facts = (row: string): string => `(${row}.account_id, ${row}.name, ${row}.tags, ${isListed(row)})`;
    await runner.query(
      `CREATE TRIGGER ${table}_tags_changed AFTER UPDATE OF account_id, name, tags, revision, original_id, snapshot, superseded,
         deleted_at ON ${table}
       FOR EACH ROW WHEN (${facts('OLD')} IS DISTINCT FROM ${facts('NEW')})
       EXECUTE FUNCTION list_changed_tags('${type}')`,
    );
    await runner.query(
      `CREATE TRIGGER ${table}_tags_removed AFTER DELETE ON ${table}
       FOR EACH ROW WHEN (${isListed('OLD')}) EXECUTE FUNCTION list_changed_tags('${type}')`,
    );
  }
}
