import type { MigrationInterface, QueryRunner } from 'typeorm';

const COMPONENTS = ['multi_cloud_images', 'server_templates'];

/** Tables that hold the content of a component version, and their reference to it. */
const CONTENTS = [
  { table: 'multi_cloud_image_settings', parent: 'multi_cloud_images', reference: 'multi_cloud_image_id' },
  { table: 'multi_cloud_image_matchers', parent: 'multi_cloud_images', reference: 'multi_cloud_image_id' },
  {
    table: 'server_template_multi_cloud_images',
    parent: 'server_templates',
    reference: 'server_template_id',
  },
];

const EVENTS = [
  { event: 'INSERT', transition: 'NEW TABLE AS changed' },
  { event: 'UPDATE', transition: 'NEW TABLE AS changed' },
  { event: 'DELETE', transition: 'OLD TABLE AS changed' },
];

const ROLES = "ARRAY['OBSERVER', 'ACTOR', 'DESIGNER', 'LIBRARY', 'PUBLISHER', 'ADMIN', 'INFRASTRUCTURE']";

/** Search by index, and the rules that the database itself holds. */
export class SearchAndRules1763600000001 implements MigrationInterface {
  name = 'SearchAndRules1763600000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const extension of ['pg_trgm', 'btree_gin'])
      await runner.query(`CREATE EXTENSION IF NOT EXISTS ${extension}`);
    await this.search(runner);
    await this.uniqueIgnoringCase(runner);
    await this.sealedRevisions(runner);
    await this.defaultMultiCloudImage(runner);
    await this.appendOnlyAudit(runner);
  }

  private async search(runner: QueryRunner): Promise<void> {
    // A tag is found by itself, and a machine tag also by `namespace:predicate=*`.
    await runner.query(`
      CREATE FUNCTION tag_search_keys(tags text[]) RETURNS text[]
      LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
        SELECT tags || ARRAY(
          SELECT DISTINCT split_part(tag, '=', 1) || '=*' FROM unnest(tags) AS tag WHERE tag LIKE '%:%=%'
        )
      $$`);
    for (const table of COMPONENTS) {
      await runner.query(`
        CREATE INDEX ${table}_search ON ${table}
        USING gin (account_id, (name || ' ' || coalesce(description, '')) gin_trgm_ops)`);
      await runner.query(
        `CREATE INDEX ${table}_tags ON ${table} USING gin (account_id, tag_search_keys(tags))`,
      );
    }
    await runner.query(`
      CREATE INDEX cloud_images_search ON cloud_images
      USING gin ((name || ' ' || coalesce(description, '')) gin_trgm_ops)`);
    await runner.query(`
      CREATE INDEX cloud_image_tags_search ON cloud_image_tags USING gin (account_id, tag_search_keys(tags))`);
    // Images without a publication time sort as the oldest.
    await runner.query(`
      CREATE INDEX cloud_images_published ON cloud_images (coalesce(published_at, '-infinity'), resource_uid, id)`);
    await runner.query(`
      CREATE INDEX cloud_images_cloud_published ON cloud_images
      (cloud_id, coalesce(published_at, '-infinity'), resource_uid, id)`);
  }

  private async uniqueIgnoringCase(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE UNIQUE INDEX accounts_name_unique ON accounts (lower(name))');
    await runner.query('CREATE UNIQUE INDEX users_email_unique ON users (lower(email))');
    await runner.query(`ALTER TABLE memberships ADD CONSTRAINT memberships_roles CHECK (roles <@ ${ROLES})`);
    await runner.query(
      `ALTER TABLE access_tokens ADD CONSTRAINT access_tokens_roles CHECK (roles <@ ${ROLES})`,
    );
    await runner.query(`
      ALTER TABLE access_tokens ADD CONSTRAINT access_tokens_machine_roles
      CHECK (user_id IS NOT NULL OR roles IS NOT NULL)`);
  }

  /** a committed revision never changes, not even through SQL. Only its deletion mark may be set. */
  private async sealedRevisions(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION refuse_sealed_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.sealed AND (TG_OP = 'DELETE'
           OR (to_jsonb(NEW) - 'deleted_at') IS DISTINCT FROM (to_jsonb(OLD) - 'deleted_at')) THEN
          RAISE EXCEPTION '% %: a committed revision never changes', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF (NEW.id, NEW.account_id, NEW.lineage_id, NEW.revision, NEW.cloned_from_id)
           IS DISTINCT FROM (OLD.id, OLD.account_id, OLD.lineage_id, OLD.revision, OLD.cloned_from_id) THEN
          RAISE EXCEPTION '% %: the identity of a version never changes', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE FUNCTION require_sealed_revision() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE complete boolean;
      BEGIN
        EXECUTE format('SELECT sealed FROM %I WHERE id = $1', TG_TABLE_NAME) INTO complete USING NEW.id;
        IF complete IS FALSE THEN
          RAISE EXCEPTION '% %: a revision must be sealed in the transaction that makes it', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`);
    // Arguments: the component's table, the reference to it. One check per statement, not per row.
    await runner.query(`
      CREATE FUNCTION refuse_sealed_content_change() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE sealed_id uuid;
      BEGIN
        EXECUTE format(
          'SELECT parent.id FROM %I AS parent WHERE parent.sealed AND parent.id IN (SELECT %I FROM changed) LIMIT 1',
          TG_ARGV[0], TG_ARGV[1]) INTO sealed_id;
        IF sealed_id IS NOT NULL THEN
          RAISE EXCEPTION '% of % %: a committed revision never changes', TG_TABLE_NAME, TG_ARGV[0], sealed_id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`);
    for (const table of COMPONENTS) {
      await runner.query(`
        CREATE TRIGGER ${table}_sealed BEFORE UPDATE OR DELETE ON ${table}
        FOR EACH ROW EXECUTE FUNCTION refuse_sealed_version_change()`);
      await runner.query(`
        CREATE CONSTRAINT TRIGGER ${table}_complete AFTER INSERT ON ${table}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.revision > 0)
        EXECUTE FUNCTION require_sealed_revision()`);
    }
    for (const { table, parent, reference } of CONTENTS) {
      for (const { event, transition } of EVENTS)
        await runner.query(`
          CREATE TRIGGER ${table}_sealed_${event.toLowerCase()} AFTER ${event} ON ${table}
          REFERENCING ${transition} FOR EACH STATEMENT
          EXECUTE FUNCTION refuse_sealed_content_change('${parent}', '${reference}')`);
      await runner.query(`
        CREATE FUNCTION ${table}_keep_parent() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '${table}: content never moves to another version'
            USING ERRCODE = 'integrity_constraint_violation';
        END $$`);
      await runner.query(`
        CREATE TRIGGER ${table}_keep_parent BEFORE UPDATE OF ${reference} ON ${table}
        FOR EACH ROW WHEN (NEW.${reference} IS DISTINCT FROM OLD.${reference})
        EXECUTE FUNCTION ${table}_keep_parent()`);
    }
  }

  /** exactly one default when there is any MCI, and it is one of them. Checked at the end of the transaction. */
  private async defaultMultiCloudImage(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION require_default_multi_cloud_image() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        template_id uuid;
        broken boolean;
      BEGIN
        IF TG_TABLE_NAME = 'server_templates' THEN template_id := NEW.id;
        ELSIF TG_OP = 'DELETE' THEN template_id := OLD.server_template_id;
        ELSE template_id := NEW.server_template_id;
        END IF;
        SELECT CASE
          WHEN template.default_mci_lineage_id IS NULL THEN EXISTS (
            SELECT FROM server_template_multi_cloud_images AS pin WHERE pin.server_template_id = template.id)
          ELSE NOT EXISTS (
            SELECT FROM server_template_multi_cloud_images AS pin
            WHERE pin.server_template_id = template.id AND pin.mci_lineage_id = template.default_mci_lineage_id)
        END INTO broken FROM server_templates AS template WHERE template.id = template_id;
        IF broken THEN
          RAISE EXCEPTION 'server_templates %: exactly one of its MCIs must be the default', template_id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE CONSTRAINT TRIGGER server_templates_default AFTER INSERT OR UPDATE ON server_templates
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_default_multi_cloud_image()`);
    await runner.query(`
      CREATE CONSTRAINT TRIGGER server_template_multi_cloud_images_default
      AFTER INSERT OR UPDATE OR DELETE ON server_template_multi_cloud_images
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_default_multi_cloud_image()`);
  }

  private async appendOnlyAudit(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit_entries: what was recorded never changes'
          USING ERRCODE = 'integrity_constraint_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER audit_entries_append_only ON audit_entries');
    await runner.query(
      'DROP TRIGGER server_template_multi_cloud_images_default ON server_template_multi_cloud_images',
    );
    await runner.query('DROP TRIGGER server_templates_default ON server_templates');
    for (const { table } of CONTENTS) {
      await runner.query(`DROP TRIGGER ${table}_keep_parent ON ${table}`);
      await runner.query(`DROP FUNCTION ${table}_keep_parent`);
      for (const { event } of EVENTS)
        await runner.query(`DROP TRIGGER ${table}_sealed_${event.toLowerCase()} ON ${table}`);
    }
    for (const table of COMPONENTS) {
      await runner.query(`DROP TRIGGER ${table}_complete ON ${table}`);
      await runner.query(`DROP TRIGGER ${table}_sealed ON ${table}`);
      await runner.query(`DROP INDEX ${table}_tags, ${table}_search`);
    }
    await runner.query(`
      DROP INDEX cloud_images_search, cloud_image_tags_search, cloud_images_published, cloud_images_cloud_published,
        accounts_name_unique, users_email_unique`);
    await runner.query('ALTER TABLE memberships DROP CONSTRAINT memberships_roles');
    await runner.query(
      'ALTER TABLE access_tokens DROP CONSTRAINT access_tokens_roles, DROP CONSTRAINT access_tokens_machine_roles',
    );
    await runner.query(`
      DROP FUNCTION refuse_audit_change, require_default_multi_cloud_image, refuse_sealed_content_change,
        require_sealed_revision, refuse_sealed_version_change, tag_search_keys`);
  }
}
