import type { MigrationInterface, QueryRunner } from 'typeorm';

const VERSIONED = ['multi_cloud_images', 'server_templates'];

const IDENTITY = ['id', 'account_id', 'lineage_id', 'revision', 'cloned_from_id'];

/** Content that versions had before there were scripts. */
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

const COMMENTS = {
  snapshot: 'Content of a HEAD as a clone or merge took it, never changing (R-6.8); not listed anywhere.',
  content_hash: 'SHA-256 of the content (R-6.9); null only on a HEAD that was never committed.',
  parent_ids:
    "Versions that this one came from (R-6.8): HEAD''s last revision or clone source, then the merges since.",
};

/** Where versions come from, snapshots of HEADs, RightScripts, and the history of each lineage (sections 5 and 6). */
export class VersionControl1763700000000 implements MigrationInterface {
  name = 'VersionControl1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of VERSIONED) await this.version(runner, table);
    await this.identity(runner, [...IDENTITY, 'snapshot']);
    await this.rightScripts(runner);
    await this.history(runner);
  }

  /** Snapshots of a HEAD live in the tables of the versions, outside their unique numbers. */
  private async version(runner: QueryRunner, table: string): Promise<void> {
    await runner.query(`
      ALTER TABLE ${table}
        ADD COLUMN snapshot boolean NOT NULL DEFAULT false,
        ADD COLUMN content_hash bytea,
        ADD COLUMN parent_ids uuid[] NOT NULL DEFAULT '{}',
        DROP CONSTRAINT ${table}_revision,
        DROP CONSTRAINT ${table}_head_unsealed`);
    await runner.query(`
      ALTER TABLE ${table}
        ADD CONSTRAINT ${table}_head_unsealed CHECK (revision > 0 OR snapshot OR NOT sealed),
        ADD CONSTRAINT ${table}_snapshot CHECK (revision = 0 OR NOT snapshot),
        ADD CONSTRAINT ${table}_hashed CHECK (content_hash IS NOT NULL OR NOT sealed)`);
    for (const [column, comment] of Object.entries(COMMENTS))
      await runner.query(`COMMENT ON COLUMN ${table}.${column} IS '${comment}'`);
    await runner.query(
      `CREATE UNIQUE INDEX ${table}_revision ON ${table} (account_id, lineage_id, revision) WHERE NOT snapshot`,
    );
    await this.headIndexes(runner, table, 'revision = 0 AND NOT snapshot AND deleted_at IS NULL');
    await this.sealing(runner, table, 'NEW.revision > 0 OR NEW.snapshot');
  }

  /** Columns of a version that never change, whatever else may. */
  private async identity(runner: QueryRunner, columns: readonly string[]): Promise<void> {
    const of = (row: string): string => columns.map((column) => `${row}.${column}`).join(', ');
    await runner.query(`
      CREATE OR REPLACE FUNCTION refuse_sealed_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.sealed AND (TG_OP = 'DELETE'
           OR (to_jsonb(NEW) - 'deleted_at') IS DISTINCT FROM (to_jsonb(OLD) - 'deleted_at')) THEN
          RAISE EXCEPTION '% %: a committed revision never changes', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF (${of('NEW')})
           IS DISTINCT FROM (${of('OLD')}) THEN
          RAISE EXCEPTION '% %: the identity of a version never changes', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$`);
  }

  /** Before this migration nothing could tell them from HEADs. Their triggers would refuse it. */
  private async dropSnapshots(runner: QueryRunner): Promise<void> {
    const tables = [...VERSIONED, ...CONTENTS.map(({ table }) => table)];
    for (const table of tables) await runner.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    for (const { table, parent, reference } of CONTENTS)
      await runner.query(
        `DELETE FROM ${table} WHERE ${reference} IN (SELECT id FROM ${parent} WHERE snapshot)`,
      );
    for (const table of VERSIONED) {
      await runner.query(
        `UPDATE ${table} SET cloned_from_id = NULL WHERE cloned_from_id IN (SELECT id FROM ${table} WHERE snapshot)`,
      );
      await runner.query(`DELETE FROM ${table} WHERE snapshot`);
    }
    for (const table of tables) await runner.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  }

  private async headIndexes(runner: QueryRunner, table: string, where: string): Promise<void> {
    await runner.query(
      `DROP INDEX IF EXISTS ${table}_head_name, ${table}_head_updated, ${table}_head_created`,
    );
    for (const [index, column] of [
      ['name', 'name'],
      ['updated', 'updated_at'],
      ['created', 'created_at'],
    ])
      await runner.query(
        `CREATE INDEX ${table}_head_${index} ON ${table} (account_id, ${column}, id) WHERE ${where}`,
      );
  }

  private async sealing(runner: QueryRunner, table: string, when: string): Promise<void> {
    await runner.query(`DROP TRIGGER IF EXISTS ${table}_complete ON ${table}`);
    await runner.query(`
      CREATE CONSTRAINT TRIGGER ${table}_complete AFTER INSERT ON ${table}
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (${when})
      EXECUTE FUNCTION require_sealed_revision()`);
  }

  private async rightScripts(runner: QueryRunner): Promise<void> {
    const table = 'right_scripts';
    await runner.query(`
      CREATE TABLE right_scripts (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        lineage_id uuid NOT NULL,
        revision integer NOT NULL,
        version integer NOT NULL DEFAULT 1,
        sealed boolean NOT NULL DEFAULT false,
        snapshot boolean NOT NULL DEFAULT false,
        content_hash bytea,
        parent_ids uuid[] NOT NULL DEFAULT '{}',
        name text NOT NULL,
        description text,
        tags text[] NOT NULL DEFAULT '{}',
        commit_message text,
        committed_at timestamptz(3),
        committed_by_id uuid,
        cloned_from_id uuid,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        deleted_at timestamptz(3),
        source text NOT NULL,
        CONSTRAINT right_scripts_key PRIMARY KEY (id),
        CONSTRAINT right_scripts_id_lineage UNIQUE (id, lineage_id),
        CONSTRAINT right_scripts_revision_range CHECK (revision >= 0),
        CONSTRAINT right_scripts_head_unsealed CHECK (revision > 0 OR snapshot OR NOT sealed),
        CONSTRAINT right_scripts_snapshot CHECK (revision = 0 OR NOT snapshot),
        CONSTRAINT right_scripts_hashed CHECK (content_hash IS NOT NULL OR NOT sealed),
        CONSTRAINT right_scripts_commit CHECK ((revision = 0) = (committed_at IS NULL)),
        CONSTRAINT right_scripts_tag_count CHECK (cardinality(tags) <= 100),
        CONSTRAINT right_scripts_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT,
        CONSTRAINT right_scripts_committed_by FOREIGN KEY (committed_by_id) REFERENCES users(id) ON DELETE RESTRICT,
        CONSTRAINT right_scripts_cloned_from FOREIGN KEY (cloned_from_id) REFERENCES right_scripts(id) ON DELETE RESTRICT
      )`);
    const comments = {
      ...COMMENTS,
      account_id: 'Account that owns the lineage.',
      lineage_id: 'Shared by HEAD and all its revisions.',
      revision: '0 is HEAD.',
      version: "Rises by one whenever HEAD''s content changes (R-6.9).",
      sealed: 'A revision is sealed once its content is complete; from then on it never changes (R-6.1).',
      cloned_from_id: 'Version that the lineage was cloned from, for ever (R-6.4).',
    };
    for (const [column, comment] of Object.entries(comments))
      await runner.query(`COMMENT ON COLUMN right_scripts.${column} IS '${comment}'`);
    await runner.query(`COMMENT ON TABLE right_scripts IS 'Versions of RightScripts; revision 0 is HEAD.'`);
    await runner.query(
      'CREATE UNIQUE INDEX right_scripts_revision ON right_scripts (account_id, lineage_id, revision) WHERE NOT snapshot',
    );
    await runner.query('CREATE INDEX right_scripts_lineage ON right_scripts (lineage_id, revision)');
    await runner.query('CREATE INDEX right_scripts_name ON right_scripts (account_id, name, id)');
    await runner.query('CREATE INDEX right_scripts_updated ON right_scripts (account_id, updated_at, id)');
    await runner.query('CREATE INDEX right_scripts_created ON right_scripts (account_id, created_at, id)');
    await runner.query(`
      CREATE INDEX right_scripts_search ON right_scripts
      USING gin (account_id, (name || ' ' || coalesce(description, '')) gin_trgm_ops)`);
    await runner.query(
      'CREATE INDEX right_scripts_tags ON right_scripts USING gin (account_id, tag_search_keys(tags))',
    );
    await this.headIndexes(runner, table, 'revision = 0 AND NOT snapshot AND deleted_at IS NULL');
    await runner.query(`
      CREATE TRIGGER right_scripts_sealed BEFORE UPDATE OR DELETE ON right_scripts
      FOR EACH ROW EXECUTE FUNCTION refuse_sealed_version_change()`);
    await this.sealing(runner, table, 'NEW.revision > 0 OR NEW.snapshot');
    await this.scriptsOfTemplates(runner);
  }

  private async scriptsOfTemplates(runner: QueryRunner): Promise<void> {
    const table = 'server_template_scripts';
    await runner.query(`
      CREATE TABLE server_template_scripts (
        server_template_id uuid NOT NULL,
        phase text NOT NULL,
        script_lineage_id uuid NOT NULL,
        right_script_id uuid NOT NULL,
        position integer NOT NULL,
        CONSTRAINT server_template_scripts_key PRIMARY KEY (server_template_id, phase, script_lineage_id),
        CONSTRAINT server_template_scripts_position CHECK (position >= 0),
        CONSTRAINT server_template_scripts_phase CHECK (phase IN ('BOOT', 'OPERATIONAL', 'DECOMMISSION')),
        CONSTRAINT server_template_scripts_template FOREIGN KEY (server_template_id)
          REFERENCES server_templates(id) ON DELETE RESTRICT,
        CONSTRAINT server_template_scripts_pin FOREIGN KEY (right_script_id, script_lineage_id)
          REFERENCES right_scripts(id, lineage_id) ON DELETE RESTRICT
      )`);
    await runner.query(
      `COMMENT ON COLUMN ${table}.right_script_id IS 'The pinned version: HEAD or a revision of that lineage.'`,
    );
    await runner.query(
      `COMMENT ON COLUMN ${table}.position IS 'Place in the order of the phase; the first is 0.'`,
    );
    await runner.query(`
      COMMENT ON TABLE ${table} IS
      'RightScripts that a ServerTemplate version attaches; a lineage at most once per phase (R-5.4).'`);
    await runner.query(`CREATE INDEX ${table}_script ON ${table} (right_script_id, server_template_id)`);
    await runner.query(`CREATE INDEX ${table}_lineage ON ${table} (script_lineage_id, server_template_id)`);
    await runner.query(`CREATE INDEX ${table}_order ON ${table} (server_template_id, phase, position)`);
    for (const { event, transition } of EVENTS)
      await runner.query(`
        CREATE TRIGGER ${table}_sealed_${event.toLowerCase()} AFTER ${event} ON ${table}
        REFERENCING ${transition} FOR EACH STATEMENT
        EXECUTE FUNCTION refuse_sealed_content_change('server_templates', 'server_template_id')`);
    await runner.query(`
      CREATE FUNCTION ${table}_keep_parent() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '${table}: content never moves to another version'
          USING ERRCODE = 'integrity_constraint_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER ${table}_keep_parent BEFORE UPDATE OF server_template_id ON ${table}
      FOR EACH ROW WHEN (NEW.server_template_id IS DISTINCT FROM OLD.server_template_id)
      EXECUTE FUNCTION ${table}_keep_parent()`);
  }

  private async history(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE history_entries (
        account_id uuid NOT NULL,
        lineage_id uuid NOT NULL,
        number integer NOT NULL,
        component_type text NOT NULL,
        event text NOT NULL,
        component_id uuid NOT NULL,
        parent_ids uuid[] NOT NULL DEFAULT '{}',
        message text,
        at timestamptz(3) NOT NULL,
        user_id uuid,
        CONSTRAINT history_entries_key PRIMARY KEY (account_id, lineage_id, number),
        CONSTRAINT history_entries_component_type
          CHECK (component_type IN ('MultiCloudImage', 'ServerTemplate', 'RightScript')),
        CONSTRAINT history_entries_event
          CHECK (event IN ('CREATED', 'COMMITTED', 'CLONED', 'MERGED', 'RESTORED')),
        CONSTRAINT history_entries_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT,
        CONSTRAINT history_entries_user FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
      )`);
    const comments = {
      number: 'Counts the entries of the lineage, without gaps.',
      component_type: 'GraphQL type of the component.',
      component_id: 'The version that it made or changed: HEAD, or the new revision.',
      parent_ids: 'The versions that this one came from.',
      user_id: 'Null: a machine.',
    };
    for (const [column, comment] of Object.entries(comments))
      await runner.query(`COMMENT ON COLUMN history_entries.${column} IS '${comment}'`);
    await runner.query(`
      COMMENT ON TABLE history_entries IS
      'What happened to each lineage, numbered from 1; never changed nor deleted.'`);
    await runner.query(`
      CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'history_entries: what happened never changes'
          USING ERRCODE = 'integrity_constraint_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER history_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history_entries
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()`);
    // Every lineage begins with its creation, also those made before there was a history.
    for (const [table, type] of [
      ['multi_cloud_images', 'MultiCloudImage'],
      ['server_templates', 'ServerTemplate'],
    ])
      await runner.query(`
        INSERT INTO history_entries (account_id, lineage_id, number, component_type, event, component_id, at, user_id)
        SELECT head.account_id, head.lineage_id, 1, '${type}', 'CREATED', head.id, head.created_at, (
          SELECT entry.user_id FROM audit_entries AS entry
          WHERE entry.account_id = head.account_id AND entry.object_id = head.id AND entry.action LIKE '%.create'
          ORDER BY entry.at LIMIT 1)
        FROM ${table} AS head WHERE head.revision = 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE history_entries');
    await runner.query('DROP FUNCTION refuse_history_change');
    await runner.query('DROP TABLE server_template_scripts');
    await runner.query('DROP FUNCTION server_template_scripts_keep_parent');
    await runner.query('DROP TABLE right_scripts');
    await this.dropSnapshots(runner);
    await this.identity(runner, IDENTITY);
    for (const table of VERSIONED) {
      await this.sealing(runner, table, 'NEW.revision > 0');
      await this.headIndexes(runner, table, 'revision = 0 AND deleted_at IS NULL');
      await runner.query(`DROP INDEX ${table}_revision`);
      await runner.query(`
        ALTER TABLE ${table}
          DROP CONSTRAINT ${table}_hashed,
          DROP CONSTRAINT ${table}_snapshot,
          DROP CONSTRAINT ${table}_head_unsealed,
          DROP COLUMN parent_ids,
          DROP COLUMN content_hash,
          DROP COLUMN snapshot`);
      await runner.query(`
        ALTER TABLE ${table}
          ADD CONSTRAINT ${table}_revision UNIQUE (account_id, lineage_id, revision),
          ADD CONSTRAINT ${table}_head_unsealed CHECK (revision > 0 OR NOT sealed)`);
    }
  }
}
